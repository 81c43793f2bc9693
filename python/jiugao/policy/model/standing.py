"""Who is entitled, and how claims are grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from jiugao.policy.model.expressions import Cited
    from jiugao.source import Span
    from jiugao.syntax.tree import Period


@dataclass(frozen=True)
class OnApplication:
    """依申请 追溯 n个月 每年一次: accumulators of its own for each application.

    With `unclassed_only` (不含他类) a claim before the application's day counts only if the
    person was in no class on the claim's own day.
    """

    lookback_months: int
    once_a_year: bool
    unclassed_only: bool


@dataclass(frozen=True)
class Class:
    """One class of the standing table; the first that a person is in wins.

    A person is in it on a day with any of `identities` and none of `excepted`. For a
    class on application, `identities` name what the application asks for. With
    `lifetime` (终身) `identities` are labels for life: held on every day, whatever days the
    people table says; who has labels of two such classes cannot be settled.
    """

    name: str
    identities: tuple[str, ...]
    excepted: tuple[str, ...]
    on_application: OnApplication | None
    cited: Cited | None
    span: Span
    lifetime: bool = False


@dataclass(frozen=True)
class Standing:
    """The standing table, highest class first (就高不重复).

    `best_of` (择优): instead every class that a person is in is an alternative, claim by
    claim or over the year.
    """

    name: str
    classes: tuple[Class, ...]
    cited: Cited | None
    span: Span
    best_of: Period | None = None
