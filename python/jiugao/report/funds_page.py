"""The tables of a fund year come in; summary.html, which needs nothing else, goes out."""

from __future__ import annotations

from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from jiugao.report.funds_tables import shown_tables, text
from jiugao.report.page import STYLE, html_table
from jiugao.report.words import word

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.report.funds_tables import Parts

MOST = 500  # rows of each table on the page


def write_page(head: tuple[str, str], parts: Parts, path: Path, language: str) -> None:
    """Write the page; `head` is the policy's name and the program's digest."""
    path.write_text(page(head, parts, language), "utf-8")


def page(head: tuple[str, str], parts: Parts, language: str) -> str:
    """The page as text."""
    name, digest = head
    title = escape(f"{name} · {word('funds_title', language)}")
    made = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="note">{word("yuan", language)}</p>',
    ]
    for shown in shown_tables(parts, language):
        if not shown.count:
            continue
        headings = list(zip(shown.headings, shown.numbers, strict=True))
        rows = [
            [escape(text(cell)) for cell in row] for row in islice(shown.rows(), MOST)
        ]
        made.append(f"<h2>{word(shown.key, language)}</h2>")
        made.append(html_table(headings, rows))
        left = shown.count - len(rows)
        if left > 0:
            file = f"{shown.key}.parquet"
            told = word("more_in", language).format(count=f"{left:,}", file=file)
            made.append(f'<p class="note">{told}</p>')
    made.append(
        f'<p class="note">{word("program", language)} {digest}</p></body></html>\n'
    )
    return "".join(made)
