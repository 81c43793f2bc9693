"""What each policy of `rules/` must hold, as domain.md lists it: data of the tests.

`clauses` are the clause ids of domain.md section 1, all of them. `switches` are readings
with the amount that domain.md states for one that is not the default. `worked` are the
examples of section 5.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """A reading: its default, another option, and an example that shows its amount."""

    name: str
    default: str
    other: str
    example: str
    benefit: str
    yuan: str


@dataclass(frozen=True)
class Package:
    """One folder of `rules/`."""

    folder: str
    clauses: tuple[str, ...]
    not_computed: tuple[str, ...]
    benefits: tuple[str, ...]  # code names of the contract, all that can be computed
    computed: tuple[tuple[str, str], ...]  # readings under which all of them are
    required: tuple[str, ...]  # open figures without which nothing can be settled
    worked: tuple[str, ...]
    switches: tuple[Switch, ...]


ZAOZHUANG = Package(
    folder="zaozhuang_2019",
    clauses=(
        "ZZ-0", "ZZ-2.1", "ZZ-2.2", "ZZ-3.1", "ZZ-3.2a", "ZZ-3.2b", "ZZ-3.2c",
        "ZZ-3.2d", "ZZ-3.3a", "ZZ-3.3b", "ZZ-3.3c", "ZZ-3.3d", "ZZ-3.4", "ZZ-3.5",
    ),
    not_computed=("ZZ-2.2", "ZZ-3.4", "ZZ-3.5"),
    benefits=(
        "critical_illness", "special_drug", "outpatient_assistance",
        "major_assistance", "reassistance", "premium_subsidy",
    ),
    computed=(("大病保险来源", "测算"), ("医疗救助来源", "测算"), ("参保补贴口径", "按标准")),
    required=("起始日",),
    worked=("E05", "E07"),
    switches=(
        Switch("再救助口径", "超出部分", "达线全额", "E05 刚好五千，达线全额的读法", "再救助", "3500"),
        Switch("再救助口径", "超出部分", "逐次", "E07 逐次的读法", "再救助", "0"),
    ),
)  # fmt: skip

LIAONING = Package(
    folder="liaoning_2018",
    clauses=(
        "LN-0",
        "LN-1.1",
        "LN-1.2",
        "LN-2.1",
        "LN-2.2",
        "LN-2.3",
        "LN-2.4",
        "LN-2.5",
        "LN-2.6",
        "LN-2.7",
        "LN-3.1",
        "LN-3.2",
        "LN-3.3",
        "LN-3.4",
        "LN-3.5",
        "LN-3.6",
    ),
    not_computed=("LN-0", "LN-2.7", "LN-3.2", "LN-3.3", "LN-3.4", "LN-3.6"),
    benefits=(
        "supplement_in_scope",
        "supplement_out_of_scope",
        "supplement_drugs",
        "institution_share",
    ),
    computed=(),
    required=("起始日", "保障病种", "特定药品", "专门药店"),
    worked=("E01", "E03"),
    switches=(
        Switch("病种口径", "按名录", "不查", "不查病种", "范围内补充", "3200"),
        Switch(
            "致贫口径", "不限", "因病致贫返贫", "只保因病致贫返贫的", "范围内补充", "0"
        ),
    ),
)

PACKAGES = (LIAONING, ZAOZHUANG)
