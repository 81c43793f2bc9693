"""Text becomes a tree: `parse` is the one way in, `format.format_document` the way back.

The way back is loaded by those who go it: checking rules never does.
"""

from __future__ import annotations

from jiugao.syntax.parse import parse

__all__ = ["parse"]
