"""The name of a file of this package comes in; its text goes out.

The package holds a compiled library, so it always lies in a folder: a path is enough, and
`importlib.resources` would load a dozen modules that `jiugao check` needs for nothing else.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def packaged(name: str) -> str:
    """The text of a file of the package, such as `syntax/grammar.lark`."""
    return (PACKAGE / name).read_text("utf-8")
