"""What is wrong, where, why and what to do: one shape, one table of codes."""

from jiugao.diagnostics.json import render_json
from jiugao.diagnostics.shape import (
    Argument,
    Diagnostic,
    Diagnostics,
    Related,
    RulesError,
    Severity,
)
from jiugao.diagnostics.text import render_text

__all__ = [
    "Argument",
    "Diagnostic",
    "Diagnostics",
    "Related",
    "RulesError",
    "Severity",
    "render_json",
    "render_text",
]
