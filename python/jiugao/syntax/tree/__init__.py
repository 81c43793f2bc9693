"""The syntax tree: what the author wrote, with places, before any name means anything.

One node a construct, the same for both spellings. Amounts are exact: money in yuan,
rates as fractions of one, both `Fraction`.
"""

from jiugao.syntax.tree.benefits import *
from jiugao.syntax.tree.document import *
from jiugao.syntax.tree.examples import *
from jiugao.syntax.tree.expressions import *
from jiugao.syntax.tree.funds import *
from jiugao.syntax.tree.items import *
