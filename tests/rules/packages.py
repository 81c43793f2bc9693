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
    not_computed=("ZZ-3.4", "ZZ-3.5"),
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
    not_computed=("LN-0", "LN-2.7", "LN-3.6"),
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
            "机构承担口径",
            "全部",
            "基金不付的",
            "范围内不合理的基金已付，机构只承担范围外",
            "范围内补充",
            "2960",
        ),
        Switch(
            "当地限制口径",
            "没有",
            "起付线和限额",
            "当地另设起付线和限额的读法",
            "范围内补充",
            "2400",
        ),
        Switch(
            "年度口径",
            "公历年度",
            "保险年度",
            "保险年度自 7 月 1 日：6 月底和 7 月初分属两年，起付线、限额重新算",
            "范围内补充",
            "4000",
        ),
        Switch(
            "致贫口径", "不限", "因病致贫返贫", "只保因病致贫返贫的", "范围内补充", "0"
        ),
    ),
)

MENGJIN = Package(
    folder="mengjin_2018",
    clauses=(
        "MJ-2.1",
        "MJ-2.2",
        "MJ-2.3",
        "MJ-3.1",
        "MJ-3.2",
        "MJ-3.3",
        "MJ-4.1",
        "MJ-4.2",
        "MJ-4.3",
        "MJ-4.4",
        "MJ-4.5",
        "MJ-4.6",
        "MJ-4.7",
        "MJ-4.8",
        "MJ-4.9",
        "MJ-4.10",
        "MJ-4.11",
        "MJ-5.1",
        "MJ-6.1",
        "MJ-7.1",
    ),
    not_computed=("MJ-2.1", "MJ-6.1"),
    benefits=("reinsurance_inpatient", "reinsurance_outpatient"),
    computed=(),
    required=("一站式上线日",),
    worked=("E09", "E11", "E14", "E15"),
    switches=(
        Switch(
            "起付线口径",
            "不进基数",
            "不另扣",
            "E09 起付线不另扣的读法",
            "住院再保险",
            "510",
        ),
        Switch(
            "限额口径",
            "分开",
            "合一",
            "一般、重大合一个限额的读法",
            "住院再保险",
            "20000",
        ),
        Switch(
            "基数口径",
            "范围内",
            "含超限价",
            "超限价和先行自付也算的读法",
            "住院再保险",
            "1125",
        ),
        Switch(
            "归垫口径",
            "全数归垫",
            "至多垫付",
            "县政府兜底少于待遇，只付到垫付数的读法",
            "个人",
            "960",
        ),
        Switch("县外就医口径", "付", "不付", "县外就医不付的读法", "住院再保险", "0"),
    ),
)

XIANNING = Package(
    folder="xianning_2017",
    clauses=(
        "XN-Y0", "XN-Y1", "XN-Y2", "XN-Y3", "XN-Y4", "XN-Y5", "XN-1.1", "XN-1.2", "XN-2.1",
        "XN-3.1", "XN-3.2", "XN-3.3", "XN-4.1", "XN-4.2", "XN-4.3", "XN-4.4", "XN-4.5",
        "XN-4.6", "XN-5.1", "XN-5.2", "XN-6.0", "XN-6.1", "XN-6.2", "XN-6.3", "XN-6.4",
        "XN-7.1", "XN-7.2", "XN-8.1",
    ),
    not_computed=("XN-Y0", "XN-5.2", "XN-6.0", "XN-6.1", "XN-7.2"),
    benefits=("supplement", "institution_share", "assistance", "premium_subsidy"),
    computed=(("民政救助口径", "给出比例"), ("参保补贴口径", "给出比例")),
    required=(),
    worked=("E16", "E20"),
    switches=(
        Switch("起付线口径", "先目录内", "分摊", "E16 按两部分分摊的读法", "补充保险", "11776.47"),
        Switch("起付线口径", "先目录内", "先目录外", "E16 先抵目录外的读法", "补充保险", "12200"),
        Switch("起付线口径", "先目录内", "依先后", "起付线依结算先后抵", "补充保险", "900"),
        Switch("目录外比例口径", "逐次", "全年", "一成按年的读法", "补充保险", "4200"),
        Switch("亏损口径", "含综合费率", "不含综合费率", "政策性亏损，不含综合费率的读法", "政策性亏损 承保机构", "10000"),
        Switch("起算口径", "自年初", "自发布日", "发布之日起累计的读法", "补充保险", "900"),
    ),
)  # fmt: skip

# Of domain.md 3.1; the clause ids are ours. Nothing is open, everything is recollected.
HENAN = Package(
    folder="henan_2017",
    clauses=(
        "HN-1.1", "HN-1.2", "HN-1.3", "HN-1.4", "HN-1.5", "HN-2.1", "HN-2.2",
        "HN-3.1", "HN-3.2", "HN-3.3", "HN-3.4", "HN-3.5",
    ),
    not_computed=("HN-1.5",),
    benefits=("basic", "critical_illness", "supplement"),
    computed=(),
    required=(),
    worked=(),
    switches=(),
)  # fmt: skip

PACKAGES = (LIAONING, ZAOZHUANG, MENGJIN, XIANNING, HENAN)
