"""The lists that random policies name, and codes that claims may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.compile import Compiled, compile_sources
from jiugao.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

# Days that also end parameters and years; a code that leaves and comes back; one day.
CONDITIONS = Source(
    "conditions.csv",
    "code,label,from,to,source\n"
    "M01,甲病,,,\n"
    "M02,乙病,2022-01-01,2022-06-29,\n"
    "M02,乙病,2022-12-01,,\n"
    "M03,丙病,2022-07-01,2022-07-01,\n"
    "M04,丁病,2023-01-01,2023-05-16,\n",
)
DRUGS = Source(
    "drugs.csv",
    "from,code,to\n2022-03-10,M01,2022-11-30\n,X9,2022-12-31\n2023-01-02,X9,\n",
)
CODES = ("", "M01", "M02", "M03", "M04", "X9", "m01", "M0", "其他病")


def compile_text(text: str, settings: Mapping[str, str] | None = None) -> Compiled:
    """A random policy with the lists beside it."""
    return compile_sources(
        [Source("—", text), CONDITIONS, DRUGS], settings=settings or {}
    )
