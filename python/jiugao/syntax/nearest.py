"""A misspelt word comes in; the keyword that was most likely meant goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.syntax.keywords import BY_TOKEN, KEYWORDS, TOUCHING, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


LONG = 6  # letters of a word in which two may be wrong


def nearest_keyword(word: str, accepted: Iterable[str]) -> str | None:
    """The accepted spelling nearest to the word (年度起付钱: 年度起付线), if any is near."""
    spellings: dict[str, None] = {}
    for kind in accepted:
        keyword = BY_TOKEN.get(kind)
        if keyword is None:
            continue
        spellings.update(dict.fromkeys((*keyword.zh, *keyword.en)))
        for first in keyword.zh:
            nouns = TOUCHING.get(first, ())
            spellings.update(dict.fromkeys(first + noun for noun in nouns))
    best: tuple[int, int, str] | None = None
    for spelled in spellings:
        far = distance(word, spelled)
        if far > allowed(spelled) or abs(len(word) - len(spelled)) > allowed(spelled):
            continue
        rank = (far, -common_prefix(word, spelled), spelled)
        best = min(best, rank) if best else rank
    return best[2] if best else None


OPERATORS = tuple(
    sorted((w for k in KEYWORDS if k.role is Role.OPERATOR for w in k.zh), key=len)
)[::-1]


def operator_inside(name: str, known: Collection[str]) -> str | None:
    """A name with spaces around an operator that touches a known name, if one does.

    定点医药机构且住院 becomes 定点医药机构 且 住院; operators that split need no space.
    """
    for word in OPERATORS:
        if word == "非" and name.startswith(word) and name[1:] in known:
            return f"{word} {name[1:]}"
        left, found, rest = name.partition(word)
        if found and left in known:
            return f"{left} {word} {rest}".rstrip()
    return None


def ending_operator(name: str) -> str | None:
    """医疗类别属于 as 医疗类别 属于: a name that ends with an operator of two letters."""
    for word in OPERATORS:
        if len(word) > 1 and name.endswith(word) and name != word:
            return f"{name.removesuffix(word)} {word}"
    return None


def allowed(word: str) -> int:
    """How many letters of a word may be wrong: a character of Chinese says more."""
    if len(word) >= LONG:
        return 2
    return 1 if len(word) > 1 else 0


def distance(a: str, b: str) -> int:
    """Letters to change, add, leave out or swap to make one word of the other."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def common_prefix(a: str, b: str) -> int:
    """How many letters two words begin with in common."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                min(len(a), len(b)))  # fmt: skip
