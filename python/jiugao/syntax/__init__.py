"""Text becomes a tree: `parse` is the one way in, `format_document` the way back."""

from __future__ import annotations

from jiugao.syntax.format import format_document
from jiugao.syntax.parse import parse

__all__ = ["format_document", "parse"]
