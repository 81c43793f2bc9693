"""Finished reconciliations as people read them: a workbook, a page, a terminal summary."""
