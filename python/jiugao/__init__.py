"""Jiugao: medical-assistance policies as rules, exact settlements from them.

    import jiugao
    settled = jiugao.evaluate("rules/liaocheng_2022", claims, people=people)
    settled.table()

Names are imported when they are first used, so that `import jiugao` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiugao.compile import Compiled, compile_policy
    from jiugao.diagnostics import Diagnostic, RulesError
    from jiugao.engine import (
        CoreError,
        EngineError,
        Program,
        ProgramError,
        Settlement,
        StreamError,
        trace,
    )
    from jiugao.evaluation import evaluate
    from jiugao.explanation import explained
    from jiugao.names import Counter

    __version__: str

ROOMS = {
    "Compiled": "jiugao.compile",
    "compile_policy": "jiugao.compile",
    "Diagnostic": "jiugao.diagnostics",
    "RulesError": "jiugao.diagnostics",
    "CoreError": "jiugao.engine",
    "Counter": "jiugao.names",
    "EngineError": "jiugao.engine",
    "Program": "jiugao.engine",
    "ProgramError": "jiugao.engine",
    "Settlement": "jiugao.engine",
    "StreamError": "jiugao.engine",
    "evaluate": "jiugao.evaluation",
    "explained": "jiugao.explanation",
    "trace": "jiugao.engine",
}

__all__ = [
    "Compiled",
    "CoreError",
    "Counter",
    "Diagnostic",
    "EngineError",
    "Program",
    "ProgramError",
    "RulesError",
    "Settlement",
    "StreamError",
    "compile_policy",
    "evaluate",
    "explained",
    "trace",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("jiugao")
    if name not in ROOMS:
        raise AttributeError(f"module 'jiugao' has no attribute {name!r}")
    return getattr(import_module(ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
