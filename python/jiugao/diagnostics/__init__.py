"""What is wrong, where, why and what to do: one shape, one table of codes."""

from jiugao.diagnostics.shape import Diagnostic, Diagnostics, Related, RulesError, Severity

__all__ = ["Diagnostic", "Diagnostics", "Related", "RulesError", "Severity"]
