"""An account comes in; a page of its own goes out, with every text made inert."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jiugao.explain import years
from jiugao.explain.sentence import sentence
from jiugao.explain.steps import head, steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.explain.model import Account
    from jiugao.explain.steps import Step
    from jiugao.explain.years import YearAccount

STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}h1{font-size:1.3rem}h2{font-size:1.05rem;margin:1.6rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%}td{padding:.2rem .6rem;border-bottom:1px solid #ddd;"
    "vertical-align:top}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.w{color:#555}p.s{border:1px solid #bbb;padding:.8rem 1rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}td{border-color:#333}"
    "td.w{color:#aaa}}"
)


def as_html(told: Account, language: str = "zh") -> str:
    """A page without scripts or outside references."""
    title = "为什么是这个数" if language == "zh" else "Why this amount"
    parts = [table(head(told, language))]
    for heading, rows in steps(told, language):
        parts.append(f"<h2>{escape(heading)}</h2>{table(rows)}")
    parts.append(paragraph(sentence(told, language)))
    return page(title, told.settlement, parts, language)


def years_html(told: Sequence[YearAccount], language: str = "zh") -> str:
    """A page of what a person's years came to."""
    title = "全年" if language == "zh" else "The years"
    parts = []
    for year in told:
        parts.append(f"<h2>{escape(years.heading(year, language))}</h2>")
        parts.append(table(list(years.year_steps(year, language))))
        parts.append(paragraph(years.year_sentence(year, language)))
    return page(title, told[0].person, parts, language)


def page(title: str, name: str, parts: Sequence[str], language: str) -> str:
    """The frame of a page."""
    return (
        f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}">'
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} {escape(name)}</title><style>{STYLE}</style>"
        f"<body><h1>{escape(title)}</h1>{''.join(parts)}</body></html>\n"
    )


def paragraph(text: str) -> str:
    """A sentence."""
    return f'<p class="s">{escape(text)}</p>'


def table(rows: Sequence[Step]) -> str:
    """Rows of what, amount, why."""
    cells = "".join(
        f'<tr><td>{escape(r.what)}</td><td class="n">{escape(r.amount)}</td>'
        f'<td class="w">{escape(r.why)}</td></tr>'
        for r in rows
    )
    return f"<table>{cells}</table>"
