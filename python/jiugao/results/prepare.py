"""Policy, files and options come in; claims in order and the tables beside them go out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.claims.contract import tables
from jiugao.claims.database import connect
from jiugao.claims.files import DataFile, hashed_beside
from jiugao.claims.local import Local, check_used, digest
from jiugao.claims.opening import Opening, joined_opening
from jiugao.claims.people import (
    INTERVALS,
    People,
    in_order,
    joined_people,
    read_applications,
    read_institutions,
    read_people,
)
from jiugao.claims.persons import forget_links, under_one_number
from jiugao.claims.reading import own_names
from jiugao.claims.rejects import Rejects
from jiugao.claims.source import Staged, kept_state, stage, staged_again
from jiugao.claims.staging import Reading
from jiugao.claims.stored import Stored
from jiugao.engine import Tables
from jiugao.results.begun import (
    apart_from_applications,
    apart_from_undone,
    opening_of,
)
from jiugao.results.kept import STAGED, Kept
from jiugao.results.manifest import described
from jiugao.results.memory import give_back_soon
from jiugao.results.options import Files, Options
from jiugao.results.policy import Policy
from jiugao.results.wanted import present, reading_of

TABLES = (
    "claims",
    "people",
    "institutions",
    "applications",
    "opening",
    "enrolment",
)
REJECTED, WARNED = "rejects.parquet", "warnings.parquet"


@dataclass
class Prepared:
    """Everything a settlement needs. `present`: contract columns the claim files have.

    `mapping`: digest of what the files' own words were taken to mean.
    """

    policy: Policy
    files: dict[str, tuple[DataFile, ...]]
    claims: Staged
    people: People | None
    applications: pa.Table | None
    opening: Opening | None
    rejects: Rejects
    present: frozenset[str]
    mapping: str | None
    connection: duckdb.DuckDBPyConnection
    own: Own
    kept: Kept

    def tables(self) -> Tables:
        """What the engine reads, once."""
        return Tables(
            self.claims.stream(),
            self.people.intervals.stream() if self.people else None,
            self.applications,
            opening=self.opening.passed if self.opening else None,
            people_in_order=True,
        )


@dataclass(frozen=True)
class Own:
    """People, applications and opening balances of persons under several numbers.

    With their own_no; empty where nobody has several.
    """

    people: Stored | None = None
    applications: pa.Table | None = None
    opening: pa.Table | None = None


def prepare(
    policy: Policy,
    named: Files,
    options: Options,
    work: Path,
    extra: Sequence[str] = (),
) -> Prepared:
    """Read every table. `extra`: further claims columns that the caller wants passed on.

    Raises DataError.
    """
    give_back_soon()
    files = {table: named.of(table) for table in TABLES if getattr(named, table)}
    check_mapping(policy, named.local, files)
    rejects = Rejects()
    kept = Kept(work, lambda: _key(policy, files, named, options, extra))
    hashing = hashed_beside(f for group in files.values() for f in group)
    connection = connect(work, options.memory, options.threads)
    # Scratch: what another run may need of it was written down when it was kept.
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    forget_links(connection)
    people = _people(policy, files, options, rejects, connection)
    applications = (
        read_applications(files["applications"], rejects, connection, options.known_on)
        if "applications" in files
        else None
    )
    opening = (
        opening_of(policy, files["opening"], rejects) if "opening" in files else None
    )
    reading = reading_of(
        policy,
        files["claims"],
        options,
        extra,
        people.barred if people else pa.array([], pa.string()),
        read_institutions(files["institutions"], rejects)[0]
        if "institutions" in files
        else None,
    )
    staged, rejects = _claims(
        files["claims"], reading, connection, rejects, options, kept, work
    )
    own = Own()
    if staged.joined.persons:
        own, people, applications = _joined(connection, people, applications, opening)
        if opening is not None and own.opening is not None:
            opening = joined_opening(opening, own.opening)
    if opening is not None:
        opening = apart_from_undone(opening, staged, policy, rejects)
    if opening is not None and applications is not None:
        opening = apart_from_applications(opening, applications, policy, rejects)
    hashing.join()
    return Prepared(
        policy,
        files,
        staged,
        people,
        applications,
        opening,
        rejects,
        present(files["claims"], reading.columns),
        digest(named.local),
        connection,
        own,
        kept,
    )


def _people(
    policy: Policy,
    files: Mapping[str, Sequence[DataFile]],
    options: Options,
    rejects: Rejects,
    connection: duckdb.DuckDBPyConnection,
) -> People | None:
    if "people" not in files:
        return None
    return read_people(
        files["people"],
        policy.identities,
        rejects,
        connection,
        listed=bool(policy.body.identity_codes),
        known_on=options.known_on,
        with_numbers="opening" in files,
    )


def _claims(
    files: Sequence[DataFile],
    reading: Reading,
    connection: duckdb.DuckDBPyConnection,
    rejects: Rejects,
    options: Options,
    kept: Kept,
    work: Path,
) -> tuple[Staged, Rejects]:
    """Claims in order, from the files or as an interrupted run left them; and all rejects."""
    if (state := kept.find(STAGED)) and (left := kept.find(REJECTED)):
        rejects = Rejects()
        rejects.take(pq.read_table(left))
        if marked := kept.find(WARNED):
            rejects.warnings.take(pq.read_table(marked))
        told = json.loads(state.read_text("utf-8"))
        progress = options.progress
        again = staged_again(told, files, reading, connection, rejects, progress)
        return again, rejects
    staged = stage(
        files,
        reading,
        connection,
        rejects,
        options.progress,
        work=work,
        beside=(INTERVALS,),
    )
    if not staged.straight:
        # What is kept must be in the database's own file: a log beside it is replayed by
        # the next run, and not every table came back from one cut off.
        connection.execute("CHECKPOINT")
        text = json.dumps(kept_state(staged))
        warned = rejects.warnings.table()
        kept.keep(REJECTED, lambda path: pq.write_table(rejects.table(), path))
        kept.keep(WARNED, lambda path: pq.write_table(warned, path))
        kept.keep(STAGED, lambda path: path.write_text(text, "utf-8"))
    return staged, rejects


def _key(
    policy: Policy,
    files: Mapping[str, Sequence[DataFile]],
    named: Files,
    options: Options,
    extra: Sequence[str],
) -> dict[str, Any]:
    """All that decides how the claims lie in the database, and what is due on them."""
    return {
        "program": policy.program.digest,
        "inputs": described(files),
        "mapping": digest(named.local),
        "columns": list(extra),
        "reversals": str(options.reversals),
        "control": options.control,
        "known_on": str(options.known_on),
        "persons": str(options.persons),
        "versions": [version(p) for p in ("jiugao", "duckdb", "pyarrow")],
    }


def _joined(
    connection: duckdb.DuckDBPyConnection,
    people: People | None,
    applications: pa.Table | None,
    opening: Opening | None,
) -> tuple[Own, People | None, pa.Table | None]:
    """People and applications under the numbers that persons count under."""
    own_people = None
    if people is not None:
        people, own_people = joined_people(people)
    own = Own(
        own_people,
        None if applications is None else under_one_number(connection, applications),
        None if opening is None else under_one_number(connection, opening.table),
    )
    if own.applications is not None:
        applications = in_order(own.applications)
    return own, people, applications


def check_mapping(
    policy: Policy,
    said: Mapping[str, Local],
    files: Mapping[str, Sequence[DataFile]],
) -> None:
    """Every name of a mapping, by table, is one that exists (DataError D946, D947)."""
    for table, local in said.items():
        contract = tables()[table].columns
        known = (c.names for c in (*contract, *policy.columns(table)))
        there = (n for f in files.get(table, ()) for n in own_names(f))
        names = {n for names in known for n in names} | policy.declared(table)
        check_used(local, names, there, table)
