"""A policy, its results and the enrolled come in; the folder of a fund year goes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.claims.local import digest as words_digest
from jiugao.claims.people import read_people
from jiugao.claims.persons import forget_links
from jiugao.claims.rejects import Rejects, write_rejects
from jiugao.funds.amounts import Figures, UnknownFigureError
from jiugao.funds.earlier import Earlier, read_earlier
from jiugao.funds.enrolled import Enrolled, Heads, read_enrolled
from jiugao.funds.folders import Results
from jiugao.funds.indicators import ENROLMENT, Reading, State, readings
from jiugao.funds.persons import PERSONS, Persons, joined_enrolled
from jiugao.funds.statement import Statement, last_day, reckon
from jiugao.funds.subsidised import SCHEMA, Shown, due_and_paid, shown, totals
from jiugao.funds.unknown import missing
from jiugao.funds.writing import (
    INDICATORS,
    STATEMENT,
    TOTALS,
    WARNINGS,
    reading_row,
    statement_rows,
    table_of,
    total_rows,
    write_table,
)  # fmt: skip
from jiugao.program.dates import date
from jiugao.results.analysts import write_database
from jiugao.results.folder import MANIFEST, result_folder
from jiugao.results.manifest import (
    described,
    read_manifest,
    write_manifest,
    yuan_text,
)
from jiugao.results.options import Options
from jiugao.results.policy import Policy, load_policy
from jiugao.results.prepare import check_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jiugao.claims.files import DataFile
    from jiugao.claims.local import Local
    from jiugao.program.body import Fund, Node
    from jiugao.results.options import Files


@dataclass(frozen=True)
class Given:
    """What `jiugao funds` is told beside the policy."""

    results: tuple[Path, ...]
    files: Files
    last_year: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    temp: Path | None = None
    language: str = "zh"
    database: bool = False  # results.duckdb too


@dataclass
class FundYear:
    """Everything that a run worked out."""

    policy: Policy
    statements: list[Statement] = field(default_factory=list)
    paid: list[dict[str, int]] = field(default_factory=list)  # beside each statement
    readings: list[Reading] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    subsidies: pa.Table = field(default_factory=SCHEMA.empty_table)
    persons: Persons = field(default_factory=Persons)
    read: int = 0
    counted: int = 0
    rejects: dict[str, dict[str, int]] = field(default_factory=dict)
    folder: Path | None = None
    opened: dict[str, int] = field(default_factory=dict)  # fen before the results begin

    @property
    def balances(self) -> bool:
        """Whether every amount is what its parts sum to."""
        return all(statement.balances for statement in self.statements)

    def states(self) -> dict[str, dict[str, int]]:
        """How many groups of each indicator met their target."""
        found: dict[str, dict[str, int]] = {}
        for reading in self.readings:
            one = found.setdefault(
                reading.indicator.code, dict.fromkeys(map(str, State), 0)
            )
            one[reading.state.value] += 1
        return found


def funds(policy_path: Path, given: Given, out: Path) -> FundYear:
    """Work out funds, indicators and premium subsidies into the folder `out`.

    Raises RulesError for wrong rules and figures still open, DataError for data that
    cannot be used; nothing new stands in `out` then.
    """
    day = known_on(given.results)
    policy = load_policy(policy_path, given.settings, day)
    with result_folder(out, given.temp) as (new, _):
        files = {
            table: given.files.of(table)
            for table in ("claims", "enrolment", "people", "institutions")
            if getattr(given.files, table)
        }
        local = {t: said for t, said in given.files.local.items() if t in files}
        check_mapping(policy, local, files)
        results = Results(
            given.results, policy, lambda said: load_policy(policy_path, said, day)
        )
        results.check_claims({f.name: f.digest for f in files.get("claims", ())})
        rejects = Rejects()
        year = FundYear(policy, opened=results.opened)
        enrolled = read_all(policy, files, rejects)
        if enrolled is not None:
            enrolled, year.persons = joined_enrolled(enrolled, results)
        try:
            work_out(year, results, enrolled, read_earlier(given.last_year), rejects)
        except UnknownFigureError as error:
            raise missing(error) from error
        year.rejects = rejects.by_table()
        write(new, year, given, files, rejects)
    year.folder = out
    return year


def known_on(folders: Sequence[Path]) -> dt.date | None:
    """The day as of which the results were worked out, if there was one."""
    told = [
        read_manifest(folder).get("options", {}).get("known_on")
        for folder in folders
        if (folder / MANIFEST).is_file()
    ]
    return dt.date.fromisoformat(told[0]) if told and told[0] else None


def read_all(
    policy: Policy, files: Mapping[str, tuple[DataFile, ...]], rejects: Rejects
) -> Enrolled | None:
    """The enrolled with their identities."""
    if "enrolment" not in files:
        return None
    people = None
    if "people" in files:
        connection = duckdb.connect()
        forget_links(connection)
        people = read_people(files["people"], policy.identities, rejects, connection)
    return read_enrolled(files["enrolment"], policy, people, rejects)


def work_out(
    year: FundYear,
    results: Results,
    enrolled: Enrolled | None,
    earlier: Earlier,
    rejects: Rejects,
) -> None:
    """Subsidies first (they say which rows count), then funds, then indicators."""
    policy = year.policy
    rows: Shown | None = None
    if enrolled is not None:
        rows = shown(policy, enrolled, rejects)
        year.subsidies = due_and_paid(rows)
        year.read = enrolled.read
        year.counted = int(rows.rows.num_rows)
        enrolled = Enrolled(rows.rows, enrolled.read, enrolled.people)
    for fund in policy.body.funds:
        for statement, paid in fund_years(policy, fund, results, enrolled, earlier):
            year.statements.append(statement)
            year.paid.append(paid)
    years = results.years
    for indicator in policy.body.indicators:
        if indicator.table == ENROLMENT:
            found = totals(indicator, rows, years) if rows is not None else {}
        else:
            found = results.totals(indicator)
        before = earlier.totals.get(indicator.code, {})
        year.readings.extend(readings(policy.body, indicator, found, before))
        year.totals.extend(total_rows(indicator.code, found))
    year.warnings = results.warnings()


def fund_years(
    policy: Policy,
    fund: Fund,
    results: Results,
    enrolled: Enrolled | None,
    earlier: Earlier,
) -> list[tuple[Statement, dict[str, int]]]:
    """A fund's statements, year by year and area by area."""
    program = policy.body
    names = {b.code: b.name for b in program.benefits}
    named = benefits_of(fund)
    paid = results.paid(fund.pooled)
    heads_of = Heads(policy, enrolled) if enrolled is not None else None
    made: list[tuple[Statement, dict[str, int]]] = []
    first = program.years.of(date(program.force.claims_from))
    for year in results.years:
        heads = {
            row.name: heads_of.count(row, fund.pooled, year) if heads_of else {}
            for row in fund.rows
            if row.sort == "heads"
        }
        areas = {area for y, area in paid if y == year}
        areas |= {area for counts in heads.values() for area in counts}
        if fund.pooled == "all":
            areas.add("")
        for area in sorted(areas):
            by_name = {
                names[code]: fen for code, fen in paid.get((year, area), {}).items()
            }
            figures = Figures(program, last_day(program, year))
            for name, counts in heads.items():
                figures.now["row", name] = counts.get(area, Fraction(0))
            for name, fen in by_name.items():
                figures.now["benefit", name] = Fraction(fen)
            figures.before = earlier.before(fund.code, area, year)
            if figures.before is None and year == first:
                figures.before = {}
            statement = reckon(fund, year, area, figures, {})
            shown = {name: fen for name, fen in by_name.items() if name in named}
            made.append((statement, shown))
            benefits = {("benefit", n): figures.now["benefit", n] for n in by_name}
            stated = {**statement.figures, **benefits}
            earlier.statements[fund.code, area, year] = stated
    return made


def benefits_of(fund: Fund) -> frozenset[str]:
    """The benefits that a fund's rows name; what others paid is not the fund's affair."""
    nodes: list[Node | None] = []
    for row in fund.rows:
        nodes += [row.amount, row.of]
        for band in row.bands:
            nodes += [band.lower, band.upper, *(part.share for part in band.parts)]
    named: set[str] = set()
    while nodes:
        node = nodes.pop()
        if node is not None:
            nodes += node.args
            if node.op in ("benefit", "benefit_before"):
                named.add(node.value)
    return frozenset(named)


def write(
    new: Path,
    year: FundYear,
    given: Given,
    files: Mapping[str, tuple[DataFile, ...]],
    rejects: Rejects,
) -> None:
    """All tables, the workbook and the page, and last the manifest."""
    from jiugao.report.funds_page import write_page  # noqa: PLC0415  slow to load
    from jiugao.report.funds_workbook import write_workbook  # noqa: PLC0415

    statement = table_of(
        (
            row
            for one, paid in zip(year.statements, year.paid, strict=True)
            for row in statement_rows(one, paid)
        ),
        STATEMENT,
    )
    indicators = table_of(map(reading_row, year.readings), INDICATORS)
    warned = table_of(year.warnings, WARNINGS)
    write_table(statement, new, "statement")
    write_table(indicators, new, "indicators")
    write_table(warned, new, "warnings")
    write_table(year.subsidies, new, "subsidies")
    totals_table = table_of(year.totals, TOTALS)
    write_table(totals_table, new, "totals")
    (new / "totals.csv").unlink()
    if year.persons.joined.persons:
        pq.write_table(year.persons.numbers, new / PERSONS)
    names = {(t, f.number): f.name for t, group in files.items() for f in group}
    write_rejects(rejects.table(), names, new / "rejects.csv", given.language)
    head = (year.policy.body.policy.name, year.policy.program.digest)
    parts = (statement, indicators, warned, year.subsidies)
    write_workbook(head, parts, new / "summary.xlsx", given.language)
    write_page(head, parts, new / "summary.html", given.language)
    content = manifest(year, given, files)
    if given.database:
        how = Options()
        content["database"] = write_database(new, content, how.memory, how.threads)
    write_manifest(new, content)


def mapped(said: Mapping[str, Local]) -> dict[str, str]:
    """The digest of a mapping, if files were read through one."""
    told = words_digest(said)
    return {} if told is None else {"mapping": told}


def manifest(
    year: FundYear, given: Given, files: Mapping[str, tuple[DataFile, ...]]
) -> dict[str, Any]:
    """Everything that decided the run, and the sums that hold."""
    from jiugao.results.manifest import digest  # noqa: PLC0415

    body = year.policy.body
    shares: dict[str, dict[str, str]] = {}
    sums: dict[tuple[str, str], int] = {}
    for statement in year.statements:
        for line in statement.lines:
            if line.row.sort == "share":
                key = (statement.fund.code, line.row.name)
                sums[key] = sums.get(key, 0) + int(line.value)
    for (fund, item), fen in sums.items():
        shares.setdefault(fund, {})[item] = yuan_text(fen)
    return {
        "verb": "funds",
        "jiugao": version("jiugao"),
        "program": {
            "sha256": year.policy.program.digest,
            "compiler": body.compiler,
            "policy": body.policy.code,
            "name": body.policy.name,
            "settings": dict(body.settings),
        },
        "inputs": described(files),
        "results": [digest(folder / "manifest.json") for folder in given.results],
        "last_year": digest(given.last_year / "manifest.json")
        if given.last_year
        else None,
        "options": {"language": given.language, **mapped(given.files.local)},
        "rejects": year.rejects,
        **(
            {"opening_paid": {c: yuan_text(fen) for c, fen in year.opened.items()}}
            if year.opened
            else {}
        ),
        "persons": asdict(year.persons.joined),
        "enrolment": {
            "read": year.read,
            "counted": year.counted,
            "rejected": year.read - year.counted,
        },
        "shares": shares,
        "indicators": year.states(),
        "warnings": len(year.warnings),
    }
