"""Policies as text in, checked policies out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.compile import Options, check_sources
from jiugao.policy.files import Shelf, lists_among
from jiugao.source import Source
from tests.properties.lists import CONDITIONS, DRUGS

if TYPE_CHECKING:
    from jiugao.policy import model

# What a random policy is rightly refused for: a benefit that nobody can reach.
UNREACHABLE = {"E617"}
OPTIONS = Options(shelf=Shelf(None, lists_among([CONDITIONS, DRUGS])))


def checked(text: str) -> model.Policy | None:
    """The checked policy; None where nothing can reach one of its benefits."""
    policy, found = check_sources([Source("policy.rules", text)], OPTIONS)
    if policy is None:
        codes = {finding.code for finding in found.errors}
        assert codes <= UNREACHABLE, [f.cause("en") for f in found.errors]
    return policy
