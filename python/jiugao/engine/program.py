"""The bytes of a program file come in; a verified program goes out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jiugao import _core
from jiugao.engine import errors


@dataclass(frozen=True)
class Program:
    """A verified program; what it is made of, by name."""

    core: _core.Program = field(repr=False)

    @staticmethod
    def load(data: bytes) -> Program:
        """Decode and verify a program file; `ProgramError` (P8xx) for anything else."""
        try:
            return Program(_core.Program(data))
        except _core.Refused as refused:
            raise errors.of(refused) from None

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hex."""
        return self.core.digest

    @cached_property
    def description(self) -> dict[str, Any]:
        """Inputs, benefits, classes, identities, limits, warnings, subsidies."""
        described: dict[str, Any] = json.loads(self.core.describe())
        return described

    @property
    def benefits(self) -> tuple[str, ...]:
        """Code names of the benefits, in the order of their columns."""
        return tuple(benefit["code"] for benefit in self.description["benefits"])

    @property
    def accumulators(self) -> list[dict[str, Any]]:
        """What a person's year accumulates: names, decimals, what needs which."""
        told: list[dict[str, Any]] = self.description["accumulators"]
        return told

    @property
    def subsidies(self) -> tuple[str, ...]:
        """Code names of the premium subsidies, in the order of their columns."""
        return tuple(subsidy["code"] for subsidy in self.description["subsidies"])

    @property
    def day_column(self) -> str:
        """The column that decides a claim's day, its order and its benefit year."""
        return str(self.description["day_input"])
