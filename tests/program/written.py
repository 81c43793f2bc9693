"""Policies as text in, checked policies out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.compile import Options, check_sources
from jiugao.source import Source

if TYPE_CHECKING:
    from jiugao.policy import model

# What a random policy is rightly refused for: a benefit that nobody can reach.
UNREACHABLE = {"E617"}


def checked(text: str) -> model.Policy | None:
    """The checked policy; None where nothing can reach one of its benefits."""
    policy, found = check_sources([Source("policy.rules", text)], Options())
    if policy is None:
        codes = {finding.code for finding in found.errors}
        assert codes <= UNREACHABLE, [f.cause("en") for f in found.errors]
    return policy
