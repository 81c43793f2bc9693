"""The examples (算例) of a policy, run through the engine and compared to the fen."""

from jiugao.testing.explained import explain_example
from jiugao.testing.render import lines
from jiugao.testing.report import CaseResult, Coverage, Difference, Part, Report, Target
from jiugao.testing.run import run_examples

__all__ = [
    "CaseResult",
    "Coverage",
    "Difference",
    "Part",
    "Report",
    "Target",
    "explain_example",
    "lines",
    "run_examples",
]
