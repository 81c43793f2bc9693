"""Findings come in; JSON for editors and scripts goes out, its shape versioned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiugao.diagnostics.shape import Diagnostic
    from jiugao.source import Span

SCHEMA = "jiugao.diagnostics/1"
LANGUAGES = ("zh", "en")


def render_json(found: Iterable[Diagnostic]) -> str:
    """All findings as one JSON object, in both languages."""
    data = {"schema": SCHEMA, "diagnostics": [as_data(d) for d in found]}
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding: code, severity, place, cause, way out, related places.

    Lines and columns count from 1 (columns in characters), `offset` from 0.
    """
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "place": _place(diagnostic.span) if diagnostic.span else None,
        "cause": {language: diagnostic.cause(language) for language in LANGUAGES},
        "way_out": {language: diagnostic.way_out(language) for language in LANGUAGES},
        "related": [
            {
                "place": _place(related.span),
                "label": {
                    language: diagnostic.told(related, language)
                    for language in LANGUAGES
                },
            }
            for related in diagnostic.related
        ],
    }


def _place(span: Span) -> dict[str, Any]:
    line, column = span.line_column
    end_line, end_column = span.source.line_column(span.end)
    return {
        "file": span.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "offset": span.start,
        "length": span.end - span.start,
    }
