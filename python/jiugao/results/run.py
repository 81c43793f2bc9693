"""A policy and claim files come in; a result folder, whole and balanced, goes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jiugao.claims.people import Unnamed
from jiugao.claims.persons import Joined
from jiugao.claims.rejects import write_rejects
from jiugao.results.analysts import write_database
from jiugao.results.folder import result_folder
from jiugao.results.manifest import described, write_manifest
from jiugao.results.options import Files, Options
from jiugao.results.policy import Policy, load_policy
from jiugao.results.prepare import Prepared, prepare
from jiugao.results.settling import settle_into
from jiugao.results.tally import Tally


@dataclass(frozen=True)
class Outcome:
    """What a run did."""

    tally: Tally
    folder: Path
    policy: Policy
    rejects: dict[str, dict[str, int]]  # table -> code -> findings
    warnings: dict[str, dict[str, int]]  # the same of rows that count
    merged: int
    unnamed: Unnamed
    sorted_already: bool
    joined: Joined
    taken_up: tuple[str, ...]  # stages that an interrupted run had finished


def run(policy_path: Path, files: Files, out: Path, options: Options) -> Outcome:
    """Settle claims from nothing into the folder `out`.

    Raises RulesError for wrong rules and DataError for unusable data; nothing new stands
    in `out` then.
    """
    started = dt.datetime.now(dt.UTC)
    policy = load_policy(policy_path, options.settings, options.known_on)
    with result_folder(out, options.temp, resume=options.resume) as (new, work):
        prepared = prepare(policy, files, options, work)
        tally = Tally()
        with prepared.connection:
            for _ in settle_into(new, prepared, options, tally):
                pass
        finish(new, prepared, options, tally, "run", {})
        write_log(new, started, tally)
    return outcome(out, prepared, tally)


def outcome(out: Path, prepared: Prepared, tally: Tally) -> Outcome:
    """The summary that commands print."""
    people = prepared.people
    return Outcome(
        tally,
        out,
        prepared.policy,
        prepared.rejects.by_table(),
        prepared.rejects.warnings.by_table(),
        people.merged if people else 0,
        people.unnamed if people else Unnamed(0, {}),
        prepared.claims.sorted_already,
        prepared.claims.joined,
        tuple(prepared.kept.taken_up),
    )


def finish(
    new: Path,
    prepared: Prepared,
    options: Options,
    tally: Tally,
    verb: str,
    more: dict[str, Any],
) -> None:
    """Write rejects.csv, the database where it is wanted and, last, the manifest."""
    names = {
        (t, f.number): f.name for t, group in prepared.files.items() for f in group
    }
    write_rejects(
        prepared.rejects.table(), names, new / "rejects.csv", options.language
    )
    warned = prepared.rejects.warnings
    if marked := warned.by_table():
        write_rejects(warned.table(), names, new / "warnings.csv", options.language)
    policy = prepared.policy
    content = {
        "verb": verb,
        "jiugao": version("jiugao"),
        "program": {
            "sha256": policy.program.digest,
            "compiler": policy.body.compiler,
            "policy": policy.body.policy.code,
            "name": policy.body.policy.name,
            "settings": dict(policy.body.settings),
            "rules": policy.rules(),
            "lists": policy.lists(),
        },
        "inputs": described(prepared.files),
        "options": {
            "reversals": str(options.reversals),
            "close_year": options.close_year,
            "persons": str(options.persons),
            "control": options.control,
            "known_on": options.known_on.isoformat() if options.known_on else None,
            "language": options.language,
            "mapping": prepared.mapping,
        },
        "rejects": prepared.rejects.by_table(),
        "warnings": marked,
        "people": _people(prepared),
        "persons": asdict(prepared.claims.joined),
        "order_dependent": list(policy.body.order_dependent),
        **tally.described(),
        **more,
    }
    if options.database:
        content["database"] = write_database(
            new, content, options.memory, options.threads
        )
    write_manifest(new, content)


def _people(prepared: Prepared) -> dict[str, Any]:
    """What became of the rows of the people table, as it stands in a manifest."""
    people = prepared.people
    if people is None:
        return {}
    return {
        "read": people.read,
        "later": people.later,
        "merged": people.merged,
        "not_named": {"rows": people.unnamed.rows, "kinds": people.unnamed.kinds},
    }


def write_log(new: Path, started: dt.datetime, tally: Tally) -> None:
    """run.log: the times, which are nowhere else."""
    ended = dt.datetime.now(dt.UTC)
    seconds = (ended - started).total_seconds()
    lines = [
        f"{started.isoformat(timespec='seconds')} start",
        f"{ended.isoformat(timespec='seconds')} end",
        f"{seconds:.1f} s, {tally.read} rows, {tally.read / max(seconds, 0.001):.0f} rows/s",
    ]
    (new / "run.log").write_text("\n".join(lines) + "\n", "utf-8")
