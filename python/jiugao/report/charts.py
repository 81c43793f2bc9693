"""Names and amounts come in; an inline SVG bar chart goes out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

ROW = 26
LEFT = 190
WIDTH = 760
SPAN = WIDTH - LEFT - 130


def bars(rows: Sequence[tuple[str, int, int]], words: tuple[str, str]) -> str:
    """Horizontal bars of two amounts (fen) for each name: to be paid, to be taken back."""
    most = max((max(abs(a), abs(b)) for _, a, b in rows), default=0) or 1
    height = ROW * len(rows) + 34
    label = escape("、".join(words))
    size = f'viewBox="0 0 {WIDTH} {height}"'
    parts = [
        f'<svg {size} role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg">'
    ]
    for place, (colour, text) in enumerate(zip(("owed", "owing"), words, strict=True)):
        x = LEFT + place * 160
        parts.append(f'<rect class="{colour}" x="{x}" y="4" width="12" height="12"/>')
        parts.append(f'<text x="{x + 18}" y="15">{escape(text)}</text>')
    for number, (name, owed, owing) in enumerate(rows):
        y = 28 + number * ROW
        parts.append(
            f'<text class="name" x="{LEFT - 8}" y="{y + 14}">{escape(name)}</text>'
        )
        for shift, colour, amount in ((0, "owed", owed), (10, "owing", owing)):
            length = abs(amount) * SPAN // most
            parts.append(
                f'<rect class="{colour}" x="{LEFT}" y="{y + shift}" width="{max(length, 1 if amount else 0)}" height="9"/>'
            )
        text = f"{yuan(owed)} / {yuan(owing)}"
        longest = max(abs(owed), abs(owing)) * SPAN // most
        parts.append(
            f'<text class="sum" x="{LEFT + longest + 6}" y="{y + 14}">{text}</text>'
        )
    parts.append("</svg>")
    return "".join(parts)


def yuan(fen: int) -> str:
    """Fen as yuan with thousands separators."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
