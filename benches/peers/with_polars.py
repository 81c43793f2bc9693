"""Polars: running sums less the sum before the person began."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from peers.figures import ASSISTANCE, REASSISTANCE


def by_kind(figures: dict[int, tuple[int, int, int]], index: int) -> pl.Expr:
    """The class's figure."""
    values = [figures[k][index] for k in (1, 2, 3)]
    kind = pl.col("kind")
    return (
        pl.when(kind == 1)
        .then(values[0])
        .when(kind == 2)
        .then(values[1])
        .otherwise(values[2])
    ).cast(pl.Int64)


def due(running: pl.Expr, figures: dict[int, tuple[int, int, int]]) -> pl.Expr:
    """What the year so far is due, rounded half up to the fen."""
    above = (running - by_kind(figures, 0)).clip(lower_bound=0)
    return pl.min_horizontal(
        (above * by_kind(figures, 1) + 50) // 100, by_kind(figures, 2)
    )


def running(name: str) -> pl.Expr:
    """Running sum within the person, from the global running sum (sorted input)."""
    total = pl.col(name).cum_sum()
    before = (
        pl.when(pl.col("starts"))
        .then(total - pl.col(name))
        .otherwise(None)
        .forward_fill()
    )
    return total - before


def paid(name: str) -> pl.Expr:
    """Due now less due at the person's claim before."""
    earlier = pl.when(pl.col("starts")).then(0).otherwise(pl.col(name).shift(1))
    return pl.col(name) - earlier


def prepare(claims: pa.Table) -> pl.DataFrame:
    """The table as a frame."""
    return pl.from_arrow(
        claims.select(["person", "kind", "in_scope", "basic", "critical"])
    )


def settle(frame: pl.DataFrame):
    """Assistance, re-assistance, remainder in fen."""
    out = (
        frame.lazy()
        .with_columns(
            base=(pl.col("in_scope") - pl.col("basic") - pl.col("critical")).clip(
                lower_bound=0
            ),
            starts=(pl.col("person") != pl.col("person").shift(1)).fill_null(
                value=True
            ),
        )
        .with_columns(due1=due(running("base"), ASSISTANCE))
        .with_columns(a=paid("due1"))
        .with_columns(rest=pl.col("base") - pl.col("a"))
        .with_columns(due2=due(running("rest"), REASSISTANCE))
        .with_columns(r=paid("due2"))
        .select(
            "a",
            "r",
            p=pl.col("in_scope")
            - pl.col("basic")
            - pl.col("critical")
            - pl.col("a")
            - pl.col("r"),
        )
        .collect()
    )
    return [out[c].to_numpy() for c in ("a", "r", "p")]
