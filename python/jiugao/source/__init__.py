"""A policy's text and places in it: what every later room points back to."""

from jiugao.source.text import Source, Span

__all__ = ["Source", "Span"]
