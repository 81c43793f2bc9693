"""The text of a source comes in; tokens, comments and what the characters do wrong go out.

A keyword is a keyword only where no letter follows (a digit may); words that split
(以上, 超过, 扣除 …) end any name; an amount ends at its unit. What is wrong in a
character is reported here and read as what was meant, so that the parser can go on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jiugao.source import Source, Span
from jiugao.syntax import amounts
from jiugao.syntax.keywords import BY_TOKEN, SPLITTING, TOKEN_OF, TOUCHING
from jiugao.syntax.numerals import COUNTED, NUMERAL, in_digits, tenths
from jiugao.syntax.tree import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.diagnostics import Diagnostics


class Token(NamedTuple):
    """A piece of text with its kind; `text` is half-width, quotes taken off."""

    type: str
    text: str
    start: int
    end: int
    first: bool = False  # first on its line
    begins: bool = False  # first, and no further in than the statements of its block
    depth: int = 0  # open braces around it; a brace counts as outside of itself


# One character for one, so that places stay: full-width punctuation is the same as its
# half-width twin; full-width digits, letters and unseen characters are reported.
PUNCTUATION = dict(
    zip("（）：，；｛｝％＝＋－＊／＃−＜＞＆｜！", "():,;{}%=+-*/#-<>&|!", strict=True)
)
WIDE = {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B),
                                          *range(0xFF41, 0xFF5B), 0xFF0E)}  # fmt: skip
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
TWIN = str.maketrans({**PUNCTUATION, **WIDE, **dict.fromkeys(UNSEEN, " ")})
ODD = re.compile(f"[{''.join(WIDE)}]+|[{UNSEEN}]+")

CLAUSE = r"[A-Z]{1,6}-[A-Z]?\d+(?:\.\d+)*[a-z]?"  # and no letter or digit after it
WORD = f"(?![0-9])[{amounts.LETTER}0-9]+"
MARKS = {
    "{": "LBRACE", "}": "RBRACE", "(": "LPAR", ")": "RPAR", ":": "COLON",
    ";": "SEMICOLON", ",": "COMMA", "、": "ENUM", "=": "EQUALS", "+": "PLUS",
    "-": "MINUS", "*": "TIMES", "×": "TIMES", "/": "DIVIDE", "÷": "DIVIDE",
}  # fmt: skip
SYMBOLS = {
    ">=": "AT_LEAST", "≥": "AT_LEAST", "<=": "NOT_OVER", "≤": "NOT_OVER", ">": "OVER",
    "<": "BELOW", "==": "IS", "!=": "IS", "≠": "IS", "&&": "AND", "&": "AND",
    "||": "OR", "|": "OR", "!": "NOT",
}  # fmt: skip
PIECE = re.compile(
    rf"""(?P<space>\s+)
    |(?P<comment>\#[^\n]*)
    |(?P<text>"[^"\n]*"|“[^”\n]*”|《[^》\n]*》)
    |(?P<quoted>「[^」\n]*」)
    |(?P<open>["“《「][^\n]*)
    |(?P<date>{amounts.DATE})
    |(?P<month>\d{{4}}(?:-\d{{1,2}}(?![\d-])|{amounts.GAP}年{amounts.GAP}\d{{1,2}}{amounts.GAP}月)(?!\d))
    |(?P<amount>{amounts.AMOUNT})
    |(?:(?P<duration>{amounts.DURATION})|(?P<clause>{CLAUSE}))(?!\w|·)
    |(?P<number>{amounts.NUMBER})
    |(?P<word>{WORD})
    |(?P<symbol>>=|<=|==|!=|&&|\|\||[≥≤≠<>&|!])
    |(?P<mark>[{{}}():;,、=+\-*/×÷])
    |(?P<other>.)""",
    re.VERBOSE,
)
RUN = re.compile(WORD)
UNBROKEN = re.compile(r"[^\s,、;:(){}\"“]+")
GLUED_AMOUNT = re.compile(rf"{amounts.NUMBER}(?:%|‰|{'|'.join(amounts.HAN_UNITS)})?")
FILLERS = ("的部分", "部分")
# An amount's unit that is not one: 20万 is twenty what?
UNITLESS = re.compile(r"(?:[十百千万亿]+|块钱?|圆|[wWkK]|RMB|CNY)(?![元])")
ENDS_AMOUNT = frozenset({"AMOUNT", "DATE", "DURATION", "NUMBER", "ABOVE", "WITHIN"})
ALONE = (
    "至",
    "且",
    "或",
    "当",
)  # single characters that may touch what follows an amount


def tokenize(source: Source, found: Diagnostics) -> tuple[list[Token], list[Comment]]:
    """All tokens in order, and the comments apart."""
    text = source.text.translate(TWIN)
    reader = _Reader(source, text, found)
    reader.run()
    if ODD.search(source.text):
        reader.report_odd_characters()
    return reader.tokens, reader.comments


class _Reader:
    """One pass over the text; the state is where it is and what came before."""

    def __init__(self, source: Source, text: str, found: Diagnostics) -> None:
        self.source = source
        self.text = text
        self.found = found
        self.tokens: list[Token] = []
        self.comments: list[Comment] = []
        self.first = True
        self.depth = 0
        self.clauses = False  # after 条款: ids, not subtractions
        self.words: list[tuple[int, int]] = []  # strings, quoted names and comments

    def run(self) -> None:
        position, text, match = 0, self.text, PIECE.match
        kinds = [kind for kind in PIECE.groupindex if kind != "space"]
        take = {kind: getattr(self, f"_{kind}") for kind in kinds}
        while position < len(text):
            piece = match(text, position)
            assert piece is not None, "the last alternative takes any character"
            kind = piece.lastgroup or "other"
            if kind == "space":
                self.first = self.first or "\n" in piece[0]
                position = piece.end()
                continue
            position = take[kind](piece.start(), piece.end())

    def add(self, kind: str, start: int, end: int, text: str | None = None) -> int:
        """Append a token; the next position is its end."""
        if kind == "RBRACE":
            self.depth -= 1
        inner = self.text[start:end] if text is None else text
        token = Token(kind, inner, start, end, first=self.first, depth=self.depth)
        self.tokens.append(token)
        if kind == "LBRACE":
            self.depth += 1
        self.first = False
        if kind not in {"CLAUSE", "COMMA", "ENUM"}:
            self.clauses = kind in {"CLAUSES", "NOT_COMPUTED"}
        return end

    def report(self, code: str, start: int, end: int, **arguments: str) -> None:
        self.found.add(code, Span(self.source, start, end), **arguments)

    def touching(self, start: int) -> bool:
        """Whether an amount, a date, 以上 … ends right here."""
        last = self.tokens[-1] if self.tokens else None
        return last is not None and last.end == start and last.type in ENDS_AMOUNT

    def _comment(self, start: int, end: int) -> int:
        raw = self.source.text[start:end]
        self.comments.append(Comment(Span(self.source, start, end), raw))
        self.words.append((start, end))
        return end

    def _text(self, start: int, end: int) -> int:
        self.words.append((start, end))
        raw = self.source.text[start:end]
        return self.add("TEXT", start, end, raw if raw[0] == "《" else raw[1:-1])

    def _quoted(self, start: int, end: int) -> int:
        self.words.append((start, end))
        name = self.source.text[start + 1 : end - 1].strip()
        if not name:
            self.report("E130", start, end)
        return self.add("QUOTED", start, end, name)

    def _open(self, start: int, end: int) -> int:
        self.words.append((start, end))
        mark = self.text[start]
        close = {'"': '"', "“": "”", "《": "》", "「": "」"}[mark]
        self.report("E109", start, end, open=mark, close=close)
        return self.add("QUOTED" if mark == "「" else "TEXT", start, end)

    def _clause(self, start: int, end: int) -> int:
        if self.clauses:
            return self.add("CLAUSE", start, end)
        letters = self.text.index("-", start)
        return self._word(start, letters)

    def _date(self, start: int, end: int) -> int:
        if amounts.date(self.text[start:end]) is None:
            self.report("E114", start, end, text=self.text[start:end])
        return self.add("DATE", start, end)

    def _month(self, start: int, end: int) -> int:
        self.report("E131", start, end, text=self.text[start:end])
        return self.add("DATE", start, end, f"{self.text[start:end]}-1")

    def _amount(self, start: int, end: int) -> int:
        raw = self.source.text[start:end]
        if "，" in raw:
            self.report("E119", start, end, text=raw.replace("，", ","))
        return self.add("AMOUNT", start, end)

    def _duration(self, start: int, end: int) -> int:
        return self.add("DURATION", start, end)

    def _number(self, start: int, end: int) -> int:
        text = self.text
        run = self._run(end)
        if not run:
            return self.add("NUMBER", start, end)
        unit = UNITLESS.match(run)
        if unit is not None:
            stop = end + unit.end()
            self.report("E113", start, stop, text=text[start:stop])
            return self.add("AMOUNT", start, stop, f"{text[start:end]}元")
        if _keyword(run, touching=True) is not None:
            return self.add("NUMBER", start, end)
        name = _name(run)
        stop = end + len(name)
        if COUNTED.match(name):
            meant = f"{tenths(amounts.exact(text[start:end]), name)}%"
            return self._numeral(start, stop, meant)
        self.report("E110", start, stop, name=text[start:stop])
        return self.add("NAME", start, stop)

    def _numeral(self, start: int, end: int, meant: str | None) -> int:
        words = {"text": self.text[start:end], "meant": meant or "@digits"}
        self.report("E122", start, end, **words)
        return self.add("AMOUNT", start, end, "0元")

    def _run(self, start: int) -> str:
        match = RUN.match(self.text, start)
        return match[0] if match else ""

    def _word(self, start: int, end: int) -> int:
        run = self.text[start:end]
        touching = self.touching(start)
        if touching:
            for filler in FILLERS:
                if run.startswith(filler):
                    return start + len(filler)
        keyword = _keyword(run, touching=touching)
        if keyword is not None:
            return self.add(TOKEN_OF[keyword], start, start + len(keyword))
        if self.clauses and run[0].isascii():
            unbroken = UNBROKEN.match(self.text, start)
            assert unbroken is not None
            end = unbroken.end()
            return self.add("NAME", start, end)
        name = _name(run)
        if name[0] in ALONE and NUMERAL.match(name[1:]):  # 至十万元
            self.add(TOKEN_OF[name[0]], start, start + 1)
            start, name = start + 1, name[1:]
        if NUMERAL.match(name):
            return self._numeral(start, start + len(name), in_digits(name))
        return self.add("NAME", start, start + len(name))

    def _symbol(self, start: int, end: int) -> int:
        symbol = self.text[start:end]
        kind = SYMBOLS[symbol]
        zh, en = BY_TOKEN[kind].zh[0], BY_TOKEN[kind].en[0]
        if symbol in {"!=", "≠"}:
            zh, en = "非 … 是 …", "not … is …"
        self.report("E120", start, end, symbol=symbol, word_zh=zh, word_en=en)
        return self.add(kind, start, end)

    def _mark(self, start: int, end: int) -> int:
        return self.add(MARKS[self.text[start]], start, end)

    def _other(self, start: int, end: int) -> int:
        char = self.source.text[start:end]
        if char in "。．.":
            self.report("E128", start, end, char=char)
            return end
        last = self.tokens[-1] if self.tokens else None
        if self.text[start] in "%‰" and last and last.end == start:
            text = self.text[last.start : end]
            self.report("E138", last.start, end, text=text, spaced=spaced(text))
            return end
        if char in "~～—–…":
            self.report("E129", start, end, char=char)
            return self.add("TO", start, end)
        self.report("E106", start, end, char=char, number=f"U+{ord(char):04X}")
        return end

    def report_odd_characters(self) -> None:
        """Full-width digits and unseen characters, outside of texts and comments."""
        for odd in ODD.finditer(self.source.text):
            start, end = odd.span()
            if any(a <= start and end <= b for a, b in self.words):
                continue
            if odd[0][0] in WIDE:
                text = odd[0].translate(TWIN)
                self.report("E107", start, end, found=odd[0], text=text)
            elif odd[0] != "\ufeff" or start != 0:
                number = f"U+{ord(odd[0][0]):04X}"
                self.report("E108", start, end, number=number)


def _first_letters() -> dict[str, tuple[str, ...]]:
    by_letter: dict[str, list[str]] = {}
    for word in sorted(TOKEN_OF, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in by_letter.items()}


_BY_LETTER = _first_letters()
_SPLIT = re.compile("|".join(SPLITTING))


def _ends(rest: str) -> bool:
    """Whether a word of Chinese is complete before this rest."""
    return not rest or rest[0].isdigit() or rest.startswith(SPLITTING)


def _keyword(run: str, *, touching: bool) -> str | None:
    """The keyword at the start of a run of letters, if one stands there."""
    for word in _BY_LETTER.get(run[0], ()):
        if not run.startswith(word):
            continue
        rest = run[len(word) :]
        if not rest:
            return word
        if word.isascii():
            continue
        if word in SPLITTING or _ends(rest):
            return word
        if touching and (len(word) > 1 or word in ALONE):
            return word
        for noun in TOUCHING.get(word, ()):
            if rest.startswith(noun) and _ends(rest[len(noun) :]):
                return word
    return None


def _name(run: str) -> str:
    """The name at the start of a run: up to the first word that splits."""
    split = _SPLIT.search(run, 1)
    return run[: split.start()] if split else run


def plain_name(text: str) -> bool:
    """Whether a text is read as a name as it stands, without 「」."""
    if not RUN.fullmatch(text) or NUMERAL.match(text):
        return False
    return _keyword(text, touching=False) is None and _name(text) == text


def keyword_at_start(name: str) -> Iterator[str]:
    """Keywords with which a name begins, longest first: 按医疗机构级别 begins with 按.

    An English one that goes on in English letters is another word: based_on is no base.
    """
    for word in _BY_LETTER.get(name[0], ()):
        if name.startswith(word) and len(name) > len(word):
            after = name[len(word)]
            if not (word.isascii() and after.isascii() and not after.isdigit()):
                yield word


def spaced(run: str) -> str:
    """A run with a space between the keywords and numbers in it: 起付线 降低 50%."""
    out: list[str] = []
    position, name = 0, ""
    while position < len(run):
        amount = GLUED_AMOUNT.match(run, position)
        words = (w for w in _BY_LETTER.get(run[position], ()) if len(w) > 1)
        word = next((w for w in words if run.startswith(w, position)), None)
        piece = amount[0] if amount else word
        if piece is None:
            name += run[position]
            position += 1
            continue
        out.extend(filter(None, (name, piece)))
        name = ""
        position += len(piece)
    return " ".join([*out, name] if name else out)
