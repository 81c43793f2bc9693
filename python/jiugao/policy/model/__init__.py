"""The checked policy: names resolved, kinds known, tables complete, the chain in order.

Every later room reads this and nothing earlier: lowering makes a program of it, the
second evaluator in the tests runs it in fractions, explanations and clause tables cite
it. Amounts are exact `Fraction`s: money in fen, rates as fractions of one.

Figures (deductible, rates, limits) are decision tables whose subjects are things of a
claim's own day; the leaves hold only constants and dated parameters, so that a program
can enumerate them.
"""

from jiugao.policy.model.benefits import *
from jiugao.policy.model.document import *
from jiugao.policy.model.examples import *
from jiugao.policy.model.expressions import *
from jiugao.policy.model.figures import *
from jiugao.policy.model.standing import *
