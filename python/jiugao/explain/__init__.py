"""Why this amount: a claim's trace and its program come in, an account goes out."""

from jiugao.explain.account import account
from jiugao.explain.as_html import as_html, years_html
from jiugao.explain.as_json import as_json
from jiugao.explain.as_text import as_text
from jiugao.explain.clauses import ClauseLine, clauses
from jiugao.explain.model import Account
from jiugao.explain.sentence import sentence
from jiugao.explain.years import YearAccount, year_accounts, year_sentence, year_text

__all__ = [
    "Account",
    "ClauseLine",
    "YearAccount",
    "account",
    "as_html",
    "as_json",
    "as_text",
    "clauses",
    "sentence",
    "year_accounts",
    "year_sentence",
    "year_text",
    "years_html",
]
