"""A second evaluator: a checked policy and claims in, exact payments out.

Written from the meaning of the language (docs/language.md), in plain Python with exact
fractions, slow and simple. It reads `jiugao.policy.model` and nothing later; the engine
has to agree with it to the fen on every row.
"""

from tests.oracle.evaluate import evaluate
from tests.oracle.opening import Opening
from tests.oracle.shape import Application, Held, Result, Row, YearRow

__all__ = ["Application", "Held", "Opening", "Result", "Row", "YearRow", "evaluate"]
