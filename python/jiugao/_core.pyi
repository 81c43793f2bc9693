"""The compiled core: program bytes, Arrow streams and errors cross here, nothing else.

Only `jiugao.engine` imports it. A stream is any object with `__arrow_c_stream__` (a
pyarrow table or reader, a duckdb result, a polars frame, …); what comes back has it too.
Money is fen (int64) or yuan (decimal(·, ≤2), or text); floats are refused.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import final

from jiugao.engine.streams import ArrowStream

__all__ = [
    "Account",
    "Counter",
    "Distinct",
    "Program",
    "Refused",
    "Settlement",
    "Stream",
    "__version__",
    "intake",
    "settle",
    "subsidies",
    "trace",
]

__version__: str

class Refused(Exception):
    """What was wrong: `args` are fault ("program" | "data" | "run"), code, arguments."""

@final
class Program:
    """A decoded and verified program file."""

    def __new__(cls, data: bytes) -> Program:
        """Decode and verify; Refused (P8xx) for anything else than a good file."""

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hex: the program's name in every result."""

    def describe(self) -> str:
        """JSON: inputs, benefits, classes, identities, limits, accumulators and more."""

@final
class Counter:
    """A program at a counter: accounts are opened here, and share its machine."""

    def __new__(
        cls, program: Program, beside: AbstractSet[str] | None = None
    ) -> Counter:
        """A counter that settles by `program`.

        beside: columns that may come along unread (None: any); others are Refused (D811).
        """

    def open(
        self,
        identities: Sequence[tuple[str, str | None, str | None]],
        applications: Sequence[tuple[str, str]],
        opening: Sequence[tuple[int, str, str]],
    ) -> Account:
        """Open a person's account.

        identities: name or code, first day, last day; applications: day, identity;
        opening: year, accumulator, yuan.
        Refused (D935) for what cannot be.
        """

@final
class Account:
    """A person's claims so far."""

    def settle(
        self,
        time: str,
        settlement: str,
        values: dict[str, int | bool | str],
        undoes: str | None,
        /,
    ) -> tuple[str | None, bool, dict[str, int], int, int]:
        """Settle a claim; Refused leaves the account as it was.

        A flag may be a bool; for the rest see `Refused` D812.

        Gives the standing, whether the claim undoes another, fen of each benefit by its
        code, psn_burden, excess.
        """

@final
class Distinct:
    """Names seen so far: whether all of them differ, in a few megabytes."""

    def __new__(cls, folder: str) -> Distinct:
        """No names yet; what does not fit in memory goes into `folder`."""

    def add(self, names: ArrowStream, /) -> None:
        """Take in the names of the first column; nulls are none. Refused (D917): disk."""

    def all_differ(self) -> bool:
        """Whether all differ for certain; asked once.

        False also where only 64 bits of two names agree.
        """

@final
class Stream:
    """Record batches made on demand; can be read once."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream away; a second call is Refused (D939)."""

    def failure(self) -> tuple[str, str, dict[str, str]] | None:
        """What stopped the stream, in the shape of `Refused.args`.

        An Arrow stream carries only the text of an error: its reader raises an error of
        its own kind, and the cause is here.
        """

@final
class Settlement:
    """The settled claims, as a stream of batches of whole persons in the order given.

    Persons may come in any order, each together. While they rise by bytes, or by length
    and then bytes (p9, p10), memory stays flat; else each person is remembered. One who
    comes again is refused (D932), and so is one of whom that cannot be told any more
    (D930): inside a long stretch in order that ended before.

    Columns: psn_no and setl_id as they came, those named in `passthrough`;
    benefit_year int16; role dictionary (settled, reversed, reversal, rejected);
    standing dictionary (null: none); for each benefit its code, decimal64(18, 2);
    psn_burden and excess, decimal64(18, 2); reject dictionary (a D9xx code, null where
    the row is not rejected); reject_column dictionary. With details also `CODE.figure`
    uint16 (row of figures, 0: does not apply) and `CODE.cuts` uint8 (bits: 1 below the
    deductible or gate, 2 limit, 4 already covered).
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream away; a second call is Refused (D939)."""

    def failure(self) -> tuple[str, str, dict[str, str]] | None:
        """What stopped the stream, as `Stream.failure`."""

    def years(self) -> Stream:
        """Accounts (person and year, person and application) done since the last call.

        All of them once the stream is drained, or a part at a time where memory matters.
        Columns: psn_no, benefit_year, application (date32, null: the year's account),
        for each benefit `CODE`, `CODE.year_end`, `CODE.lookback`, `CODE.limit_used`,
        `CODE.limit_left` (null: no limit) decimal64(18, 2); for each shared limit
        `NAME.used`, `NAME.left`; for each warning `CODE.sum` decimal64(18, 2) (null: a
        figure that it needs is not known) and `CODE.warned` bool.
        """

    def accumulated(self) -> Stream:
        """With `totals_until`: what the accounts done since the last call accumulated.

        Columns: psn_no, benefit_year, accumulator, amount (yuan as exact text).
        """

    def opened_without_claims(self) -> list[str]:
        """Persons with an opening balance and no claims; once the stream is drained."""

    def unnamed_identities(self) -> dict[str, int]:
        """Rows of the people table by identity, of those that the policy does not name."""

    def totals(self) -> dict[str, int]:
        """Counts and sums so far.

        rows, persons, each role, and fen of each benefit, `CODE.year_end`, psn_burden,
        excess; without_standing (rows that count, of persons in no class);
        merged_intervals of the people table and ignored_applications (rows without a day,
        or without an identity that the policy uses).
        """

    def sums(self) -> dict[str, tuple[int, int]]:
        """Of each column of `summed` so far, null counting as nothing.

        Over all rows that count, and over those of them that are reversed or reversals.
        """

def settle(
    program: Program,
    claims: ArrowStream,
    *,
    people: ArrowStream | None = None,
    applications: ArrowStream | None = None,
    opening: ArrowStream | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    close_year: bool = False,
    years: bool = True,
    details: bool = False,
    wide: bool = False,
    threads: int = 1,
    passthrough: Sequence[str] | None = None,
    result_columns: Sequence[str] | None = None,
    totals_until: int | None = None,
    people_in_order: bool = False,
    months: bool = False,
    summed: Sequence[str] | None = None,
) -> Settlement:
    """Settle claims. Nothing is read before the result is.

    claims: psn_no (integer or text), the program's claim and institution inputs under
    their column names or those given by `columns` (input column -> stream column), or
    one value for all in `constants` (as text); optional setl_id, init_setl_id, and
    psn_idet_type (identities by row, several with 、) which counts if no people are given.
    Rows in order of time, then setl_id, within a person; persons together.
    people: psn_no, psn_idet_type, begndate, enddate (null or empty: open).
    applications: psn_no, apply_date, psn_idet_type.
    opening: psn_no, benefit_year, accumulator (a name of `Program.describe`), amount (yuan
    as text); optional until (the last day within the totals; claims up to it are rejected)
    and broken (the person's totals cannot be used, nor their claims settled).
    totals_until: a day (from 1970-01-01); see `Settlement.accumulated`.
    wide: amounts as decimal128(18, 2), for readers that do not know decimal64.
    result_columns: the only columns to make (Refused D935 for one that there is not).
    people_in_order: claims and people both rise by psn_no, by bytes. People are then read
    as the claims come (not where psn_no are integers, or opening balances are given), and
    Refused D919 says so where they do not rise; merged_intervals and unnamed_identities
    are known once everything is read.
    months: a column `month` (date32): the first day of the month in which a row counts; a
    reversal counts where what it undoes does.
    summed: columns of claims (int64 or decimal64, else Refused D908) for `Settlement.sums`.
    """

def trace(
    program: Program,
    claims: ArrowStream,
    row: int,
    *,
    people: ArrowStream | None = None,
    applications: ArrowStream | None = None,
    opening: ArrowStream | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> str:
    """JSON of every step of one row (0-based) of `claims`, a few whole persons."""

def subsidies(
    program: Program,
    enrolment: ArrowStream,
    *,
    people: ArrowStream | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    passthrough: Sequence[str] | None = None,
) -> Stream:
    """The premium subsidies of every enrolment row, in any order.

    The day is notice_date, or else begndate. Columns: psn_no, passthrough, for each
    subsidy its code, decimal64(18, 2) (null: a figure that it needs is not known),
    reject and reject_column as in a settlement.
    """

def intake(
    stream: ArrowStream,
    columns: Sequence[tuple[str, str, Sequence[str], bool, Sequence[str], str | None]],
    file: str,
) -> Stream:
    """Type text (or typed) columns exactly; one batch out for one in, no row left out.

    columns: (name, kind, other spellings, required, codes, default) with kind text | code |
    money | day | time | flag | count, codes empty for any, default as it would be written.
    Out: each column under its name (text and code utf8 with blanks around taken off,
    money int64 fen, day date32, time timestamp[us] by China's clock, flag bool, count
    int64; null where blank, missing or bad) and `_findings`, a
    list<struct<column, code, value>> that is null where the row is good. Codes: D951
    missing, D952 not an amount, D953 decimals, D954 date, D955 flag, D956 count, D957
    unknown code. Refused: D903 a required column is not there, D904 a float amount, D908 a
    type that cannot be taken (`file` fills the message).
    """
