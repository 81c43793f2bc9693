"""The `jiugao` command: one verb a file; verbs only call the Python surface."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `jiugao` command."""
    from jiugao.cli.group import jiugao  # noqa: PLC0415  verbs load what they need
    from jiugao.results.memory import choose_pool, collect_seldom  # noqa: PLC0415

    choose_pool()
    collect_seldom()
    jiugao()
