"""Rules of the grammar come in with their members; nodes of the tree go out."""

from jiugao.syntax.build.make import Builder

__all__ = ["Builder"]
