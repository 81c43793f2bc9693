"""A policy and claims, in whatever form they are, come in; settled claims go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jiugao.compile import PROGRAM_FILE, Compiled, compile_policy
from jiugao.engine import Options, Program, Settlement, Tables, settle
from jiugao.engine.names import check
from jiugao.engine.settlement import NOTHING
from jiugao.names import known_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.engine.streams import ArrowStream

Written: TypeAlias = "Path | str | Compiled | bytes"
"""A path (or the text) of rules, a compiled policy, or a program file."""
Policy: TypeAlias = "Written | Program"
"""The same, or a program that was loaded before."""


def program(policy: Policy, settings: Mapping[str, str] = NOTHING) -> Program:
    """The verified program of a policy. `settings` are for paths and texts alone."""
    if isinstance(policy, Program):
        return policy
    return Program.load(program_file(policy, settings))


def program_file(policy: Written, settings: Mapping[str, str] = NOTHING) -> bytes:
    """The bytes of a policy's program file."""
    match policy:
        case Compiled():
            return policy.program_bytes
        case bytes():
            return policy
        case _ if str(policy).endswith(PROGRAM_FILE) and not settings:
            return Path(policy).read_bytes()
        case _:
            return compile_policy(policy, settings=settings).program_bytes


def evaluate(  # noqa: PLR0913  each is a word of the call
    policy: Policy,
    claims: ArrowStream,
    *,
    people: ArrowStream | None = None,
    applications: ArrowStream | None = None,
    opening: ArrowStream | None = None,
    settings: Mapping[str, str] = NOTHING,
    columns: Mapping[str, str] = NOTHING,
    constants: Mapping[str, str] = NOTHING,
    close_year: bool = False,
    years: bool = True,
    details: bool = False,
    wide: bool = True,
    threads: int = 1,
    passthrough: Sequence[str] = (),
) -> Settlement:
    """Settle claims by a policy.

    `claims`, `people`, `applications` and `opening` are Arrow streams (pyarrow, duckdb,
    polars, …); claims stand person by person, each in order of time, then setl_id. Money
    is yuan as decimal or text, or fen as int64; opening balances are yuan as text. Copies
    of a settlement, rows without a number and negative bills without an original are not
    looked for, as they are by `results.run` (D959, D951, D958): docs/python.md. The
    result is an Arrow stream itself, made on demand: iterate it, call `.table()`, or hand
    it to any Arrow library. Amounts are decimal128(18, 2), which every library knows;
    `wide=False` gives decimal64, in half the memory.

    Raises RulesError for rules that do not compile, StreamError for columns that are
    missing, unknown or cannot be used, and while reading EngineError for amounts that do
    not fit.
    """
    tables = Tables(claims, people, applications, columns, constants, opening)
    options = Options(close_year, years, details, wide, threads, passthrough)
    loaded = program(policy, settings)
    check((*columns, *constants), known_columns(loaded))
    return settle(loaded, tables, options)
