"""Parsed files in, a checked policy out: names, kinds, tables, figures, the chain."""

from jiugao.policy.check import check

__all__ = ["check"]
