"""The profile of a table comes in; a table on the terminal goes out."""

from __future__ import annotations

from rich.table import Table

from jiugao.claims.contract import tables
from jiugao.claims.profile import MOST_CODES, Found, How, TableProfile
from jiugao.cli.tables import console
from jiugao.cli.words import say
from jiugao.diagnostics.shape import LISTED

NAMES_PEOPLE = ("psn_no", "certno")


def print_profile(profile: TableProfile, language: str) -> None:
    """Columns with what they are read as, then what somebody must still settle."""
    out = console()
    label = tables()[profile.table].label(language)
    title = say("profiled", language, table=label, rows=f"{profile.rows:,}")
    out.print(f"\n{title}  {LISTED[language].join(profile.encodings)}")
    shown = Table(
        *(
            say(f"profile.{c}", language)
            for c in ("column", "read_as", "filled", "holds")
        ),
        box=None,
        pad_edge=False,
    )
    shown.columns[2].justify = "right"
    for found in profile.columns:
        share = 100 * found.seen.filled // profile.rows if profile.rows else 0
        shown.add_row(
            found.seen.name,
            _read_as(found, language),
            f"{share}%",
            _holds(found, language),
        )
    out.print(shown)
    if profile.missing:
        names = LISTED[language].join(profile.missing)
        out.print(say("profile_missing", language, names=names))
    for found in profile.columns:
        if found.strange:
            out.print(
                say(
                    "profile_strange",
                    language,
                    name=found.seen.name,
                    values=LISTED[language].join(found.strange),
                )
            )
    if profile.table == "claims":
        _reversals(profile, language)


def _read_as(found: Found, language: str) -> str:
    if found.how is How.GUESSED:
        return say("profile_guess", language, name=found.meant)
    return found.meant or say("profile_unread", language)


def _holds(found: Found, language: str) -> str:
    """Frequent values of a column of few; nothing of what may name people."""
    if len(found.seen.values) > MOST_CODES or found.meant in NAMES_PEOPLE:
        return "…"
    return LISTED[language].join(found.seen.examples)


def _reversals(profile: TableProfile, language: str) -> None:
    undone = any(f.meant == "init_setl_id" and f.seen.filled for f in profile.columns)
    if undone:
        way = "negative" if profile.negative_rows else "flags"
        console().print(say("profile_reversals", language, way=way))
