"""A policy and claim files come in; a result folder, whole and balanced, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao.claims.contract import tables
from jiugao.claims.intake import sum_fen
from jiugao.claims.people import Unnamed
from jiugao.claims.persons import Joined, joined_numbers
from jiugao.claims.rejects import write_rejects
from jiugao.claims.scalars import number
from jiugao.engine import CoreError
from jiugao.results.analysts import write_database
from jiugao.results.begun import Begun, begun, leave_strangers
from jiugao.results.folder import result_folder
from jiugao.results.manifest import described, write_manifest, yuan_text
from jiugao.results.measures import Measures
from jiugao.results.options import Files, Options
from jiugao.results.parquet import ParquetSink
from jiugao.results.paying import Falling, paying_fields
from jiugao.results.policy import Policy, load_policy
from jiugao.results.prepare import Prepared, prepare
from jiugao.results.settling import Settling, without_rejected

ROLES = ("settled", "reversed", "reversal")
BESIDE = ("file", "row", "setl_time", "init_setl_id")
WORDS = ["role", "standing", "payee"]
TOTAL = "medfee_sumamt"
HOSPITAL = "hosp_part_amt"


@dataclass
class Tally:
    """Counts and money of a run, in fen.

    `other_funds`: what was paid by funds that the policy names in no 实付; `not_taken_back`:
    what of that these funds have paid still for settlements that are undone;
    `without_class`: rows that count, of persons whom the standing table has in no class.
    """

    roles: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    read: int = 0
    duplicates: int = 0
    rejected: int = 0
    later: int = 0
    without_class: int = 0
    charge: int = 0
    hospital: int = 0
    other_funds: dict[str, int] = field(default_factory=dict)
    not_taken_back: dict[str, int] = field(default_factory=dict)
    benefits: dict[str, int] = field(default_factory=dict)
    burden: int = 0
    year_end: dict[str, int] = field(default_factory=dict)
    lookback: dict[str, int] = field(default_factory=dict)
    payee_excess: int = 0
    outlay_replaced: int = 0
    falling: Falling = field(default_factory=Falling)
    begun: Begun | None = None

    @property
    def rows_balance(self) -> bool:
        """Read = settled + reversed + reversals + duplicates + rejected + later."""
        left_out = self.duplicates + self.rejected + self.later
        return self.read == sum(self.roles.values()) + left_out

    @property
    def money_balances(self) -> bool:
        """Charge = other funds for what stands + hospital + benefits + burden.

        What of benefits makes good an outlay, or goes beyond it, covers nothing more.
        """
        funds = sum(self.other_funds.values()) - sum(self.not_taken_back.values())
        paid = funds + self.hospital + sum(self.benefits.values())
        paid -= self.outlay_replaced + self.payee_excess
        return self.charge == paid + self.burden

    def described(self) -> dict[str, Any]:
        """The tally as it stands in a manifest."""
        return {
            "rows": {
                "read": self.read,
                "settled": self.roles["settled"],
                "reversed": self.roles["reversed"],
                "reversals": self.roles["reversal"],
                "duplicates": self.duplicates,
                "rejected": self.rejected,
                "later": self.later,
            },
            "money": {
                "charge": yuan_text(self.charge),
                "hospital": yuan_text(self.hospital),
                "other_funds": {
                    k: yuan_text(v) for k, v in sorted(self.other_funds.items())
                },
                "not_taken_back": {
                    k: yuan_text(v) for k, v in sorted(self.not_taken_back.items()) if v
                },
                "benefits": {k: yuan_text(v) for k, v in self.benefits.items()},
                "psn_burden": yuan_text(self.burden),
                "year_end": {k: yuan_text(v) for k, v in self.year_end.items()},
                "lookback": {k: yuan_text(v) for k, v in self.lookback.items()},
                "payee_excess": yuan_text(self.payee_excess),
                "outlay_replaced": yuan_text(self.outlay_replaced),
            },
            "without_class": self.without_class,
            "falling_due": self.falling.described(),
            **({"opening": self.begun.described()} if self.begun else {}),
        }


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


def result_schema(policy: Policy) -> pa.Schema:
    """The columns of settlements.parquet."""
    word = pa.dictionary(pa.int32(), pa.string())
    money = pa.decimal64(18, 2)
    return pa.schema(
        [
            ("setl_id", pa.string()),
            ("psn_no", pa.string()),
            ("benefit_year", pa.int16()),
            ("role", word),
            ("standing", word),
            *((code, money) for code in policy.paid_codes),
            ("psn_burden", money),
            ("excess", money),
            *paying_fields(policy),
        ]
    )


def settle_into(
    new: Path,
    prepared: Prepared,
    options: Options,
    tally: Tally,
    extra: tuple[str, ...] = (),
) -> Iterator[pa.RecordBatch]:
    """Settle everything and write settlements.parquet and years.parquet.

    Yields each settled batch (rejected rows taken out) with its `extra` columns.
    """
    policy = prepared.policy
    actual = {c for columns in policy.actual_columns().values() for c in columns}
    funds = [
        c.name for c in tables()["claims"].columns if c.fund and c.name not in actual
    ]
    laid_out = (policy.body.inputs[n].column for n in policy.body.fund_columns)
    funds = list(dict.fromkeys([*funds, *laid_out]))
    counted = [TOTAL, HOSPITAL, *funds]
    extra = (*extra, *Measures.needed(policy))
    passed = list(dict.fromkeys([*BESIDE, *counted, *extra]))
    settling = Settling(
        policy,
        prepared.claims.stream(),
        prepared.people.intervals.stream() if prepared.people else None,
        prepared.applications,
        opening=prepared.opening.passed if prepared.opening else None,
        close_year=options.close_year,
        threads=max(options.threads - 1, 1),  # others read and write meanwhile
        passthrough=passed,
    )
    schema = result_schema(policy)
    with (
        ParquetSink(new / "settlements.parquet", schema, WORDS) as rows,
        _Years(new / "years.parquet") as years,
        Measures(new, policy) as measures,
    ):
        for batch in _unbroken(settling, prepared):
            good = without_rejected(batch, prepared.rejects)
            _count(good, tally, policy, funds)
            rows.write(_as(good, schema))
            measures.write(good)
            years.write(settling.years())
            yield good
        strangers = leave_strangers(prepared, settling.opened_without_claims())
        years.write(settling.years(), strangers)
    tally.begun = begun(prepared)
    tally.year_end, tally.lookback = (
        years.sums(policy, "year_end"),
        years.sums(policy, "lookback"),
    )
    _write_joined(new, prepared)
    tally.read = prepared.claims.counts.read
    tally.duplicates = prepared.claims.counts.duplicates
    tally.later = prepared.claims.counts.later
    tally.rejected = prepared.rejects.claim_rows()


def _write_joined(new: Path, prepared: Prepared) -> None:
    """persons.parquet, where anybody has several numbers."""
    if prepared.claims.joined.persons:
        numbers = joined_numbers(prepared.connection)
        with ParquetSink(new / "persons.parquet", numbers.schema, []) as sink:
            for batch in numbers:
                sink.write(batch)


def _unbroken(settling: Settling, prepared: Prepared) -> Iterator[pa.RecordBatch]:
    """Settled batches; where reading the claims broke off, the error that broke it."""
    try:
        yield from settling.batches()
    except CoreError:
        if prepared.claims.failure is not None:
            raise prepared.claims.failure from None
        raise


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for wanted in schema:
        array = batch.column(batch.schema.get_field_index(wanted.name))
        arrays.append(array if array.type == wanted.type else array.cast(wanted.type))
    return pa.record_batch(arrays, schema=schema)


def _sum(batch: pa.RecordBatch, name: str, at: pa.Array | None = None) -> int:
    """The fen of a column, of all rows or of those at some places; 0 without the column."""
    index = batch.schema.get_field_index(name)
    if index < 0:
        return 0
    amounts = batch.column(index)
    return sum_fen(amounts if at is None else amounts.take(at))


def _count(
    batch: pa.RecordBatch, tally: Tally, policy: Policy, funds: list[str]
) -> None:
    roles = batch.column(batch.schema.get_field_index("role"))
    words = roles.dictionary.to_pylist()
    for one in pc.value_counts(roles.indices).to_pylist():
        tally.roles[words[one["values"]]] += one["counts"]
    if policy.body.standing:
        place = batch.schema.get_field_index("standing")
        tally.without_class += batch.column(place).null_count
    tally.charge += _sum(batch, TOTAL)
    if not any(HOSPITAL in columns for columns in policy.actual_columns().values()):
        tally.hospital += _sum(batch, HOSPITAL)  # else a benefit takes its place
    tally.burden += _sum(batch, "psn_burden")
    tally.payee_excess += _sum(batch, "payee_excess")
    tally.outlay_replaced += _sum(batch, "outlay_replaced")
    tally.falling.watch(batch, policy)
    undone = pc.not_equal(roles.indices, number(words.index("settled"), pa.int8()))
    at = pc.indices_nonzero(undone)
    for name in funds:
        tally.other_funds[name] = tally.other_funds.get(name, 0) + _sum(batch, name)
        left = _sum(batch, name, at) if len(at) else 0
        tally.not_taken_back[name] = tally.not_taken_back.get(name, 0) + left
    for code in policy.benefit_codes:
        tally.benefits[code] = tally.benefits.get(code, 0) + _sum(batch, code)


class _Years:
    """years.parquet, written as the accounts are finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink: ParquetSink | None = None
        self._sums: dict[str, int] = {}

    def write(self, accounts: pa.Table, strangers: pa.Array | None = None) -> None:
        """Take finished accounts, but those of `strangers`; the first call makes the file."""
        if strangers is not None and len(strangers):
            others = pc.is_in(accounts["psn_no"].cast(pa.string()), value_set=strangers)
            accounts = accounts.filter(pc.invert(others))
        if self._sink is None:
            self._sink = ParquetSink(self._path, accounts.schema, [])
        for batch in accounts.combine_chunks().to_batches():
            self._sink.write(batch)
            for name in batch.schema.names:
                if name.endswith((".year_end", ".lookback")):
                    self._sums[name] = self._sums.get(name, 0) + _sum(batch, name)

    def sums(self, policy: Policy, what: str) -> dict[str, int]:
        """Fen of each benefit's year-end or look-back amounts."""
        return {c: self._sums.get(f"{c}.{what}", 0) for c in policy.benefit_codes}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._sink is not None:
            self._sink.__exit__(*error)  # type: ignore[arg-type]


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


def parquet_rows(path: Path) -> int:
    """How many rows a Parquet file holds."""
    return int(pq.read_metadata(path).num_rows)
