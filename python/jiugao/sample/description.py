"""`sample.toml` beside a policy comes in; how a year of its place is invented goes out.

Everything in it is made up for the sample. Without one, a place of no name is invented.

    year = 2019                      # else 2023, or the nearest year in force
    areas = ["370402", "370403"]     # where people are insured
    elsewhere = "370100"             # where patients who leave the place go

    assisted = 8                     # of 100 people, those who hold an identity
    visits_of_assisted = 15          # in a year, on average
    labels_for_life = false          # true: one identity each, from before the year, open

    [identities]                     # how often each is met among the assisted
    "贫困人口" = 70

    [columns]                        # local columns, in order: DuckDB over a drawn row, fen
    medins_waiver = "CASE WHEN u('waiver', k) < 0.2 THEN fulamt_ownpay_amt // 2 ELSE 0 END"

    [enrolment]                      # who is on the list, over a person; columns of it
    who = "assisted"
    notice_date = "(SELECT min(x.begndate) FROM identities x WHERE x.psn_no = p.psn_no)"

    [lower.settings]                 # settings under which the policy works out lower layers
    "大病保险来源" = "测算"
    [lower.columns.critical_illness] # benefit -> kind of insurance (* any) -> its column
    "390" = "hifmi_pay"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiugao.claims.findings import DataError

FILE = "sample.toml"
KNOWN = (
    "year",
    "areas",
    "elsewhere",
    "assisted",
    "visits_of_assisted",
    "labels_for_life",
    "identities",
    "columns",
    "enrolment",
    "lower",
)


@dataclass(frozen=True)
class Lower:
    """Lower layers that the policy can work out under `settings`.

    `columns`: benefit -> kind of insurance -> the column in which it is found.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """How a year is invented. `assisted`: share of people who hold an identity, percent.

    `identities`: weights, drawn evenly where not named. `columns`: expressions over a
    drawn row, by local column, in order; an existing column is replaced. `enrolment`:
    the same of the enrolment table, over a person `p`; `who` says who is on it.
    """

    year: int | None = None  # else one in which the policy is in force
    areas: tuple[str, ...] = ("990101", "990102", "990103")
    elsewhere: str = "990201"
    assisted: int = 8
    visits_of_assisted: int = 15
    labels_for_life: bool = False
    identities: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    enrolment: Mapping[str, str] = field(default_factory=dict)
    lower: Lower | None = None


def describe(policy_path: Path) -> Description:
    """The description that lies beside the policy, or the plain one.

    Raises DataError D948 for a file that is none.
    """
    folder = policy_path if policy_path.is_dir() else policy_path.parent
    path = folder / FILE
    if not path.is_file():
        return Description()
    try:
        return _read(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("D948", file=FILE, detail=str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError("D948", file=FILE, detail=repr(error.args)) from error


def _read(raw: Mapping[str, Any]) -> Description:
    strange = [k for k in raw if k not in KNOWN]
    if strange:
        raise KeyError(*strange)
    plain = Description()
    for_life = raw.get("labels_for_life", plain.labels_for_life)
    if not isinstance(for_life, bool):
        raise TypeError("labels_for_life", for_life)
    lower = raw.get("lower")
    return Description(
        year=None if "year" not in raw else int(raw["year"]),
        areas=tuple(str(a) for a in raw.get("areas", plain.areas)),
        elsewhere=str(raw.get("elsewhere", plain.elsewhere)),
        assisted=int(raw.get("assisted", plain.assisted)),
        visits_of_assisted=int(raw.get("visits_of_assisted", plain.visits_of_assisted)),
        labels_for_life=for_life,
        identities={str(k): int(v) for k, v in raw.get("identities", {}).items()},
        columns={str(k): str(v) for k, v in raw.get("columns", {}).items()},
        enrolment={str(k): str(v) for k, v in raw.get("enrolment", {}).items()},
        lower=None
        if lower is None
        else Lower(
            {str(k): str(v) for k, v in lower["settings"].items()},
            {
                b: {str(k): str(v) for k, v in c.items()}
                for b, c in lower["columns"].items()
            },
        ),
    )
