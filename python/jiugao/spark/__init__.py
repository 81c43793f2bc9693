"""DataFrames of Spark come in; the same programs settle and reconcile them, to the fen.

Rows are cut by person in bundles of Arrow, each cut is a stream in order, and the engine
of a single machine works on it (mapInArrow): nothing is called for each person or row.
docs/spark.md says when one machine is not enough and how to lay out a province's year.
"""

from __future__ import annotations

from jiugao.spark.cutting import Year
from jiugao.spark.reconciling import Reconciled, reconcile
from jiugao.spark.settling import settle, years

__all__ = ["Reconciled", "Year", "reconcile", "settle", "years"]
