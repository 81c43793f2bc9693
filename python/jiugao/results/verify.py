"""A result folder comes in; what does not hold of its manifest goes out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jiugao.claims.findings import DataError
from jiugao.claims.intake import sum_fen
from jiugao.diagnostics import Diagnostic
from jiugao.results.analysts import check_database
from jiugao.results.folder import MANIFEST, SIGNED
from jiugao.results.manifest import digest, fen_of, read_manifest, yuan_text


def verify(folder: Path) -> list[Diagnostic]:
    """Check digests, counts and balances; an empty list means that all of them hold.

    Raises DataError when the folder has no manifest.
    """
    if not (folder / MANIFEST).is_file():
        raise DataError("D912", folder=str(folder))
    try:
        manifest = read_manifest(folder)
        if manifest.get("verb") == "funds":
            return [
                *_digests(folder, manifest),
                *_funds(folder, manifest),
                *_database(folder, manifest),
            ]
        return [
            *_digests(folder, manifest),
            *_rows(folder, manifest),
            *_money(folder, manifest),
            *_opening(folder, manifest),
            *_database(folder, manifest),
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("D906", file=MANIFEST, detail=str(error)) from error


def _digests(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    for name, wanted in sorted(manifest["outputs"].items()):
        path = folder / name
        if not path.is_file() or digest(path) != wanted:
            yield Diagnostic("D913", None, {"file": name})


def _rows(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    rows = manifest["rows"]
    parts = ("settled", "reversed", "reversals", "duplicates", "rejected", "later")
    if rows["read"] != sum(rows.get(p, 0) for p in parts):
        text = f"{rows['read']} ≠ " + " + ".join(str(rows.get(p, 0)) for p in parts)
        yield Diagnostic("D914", None, {"detail": text})
    path = folder / "settlements.parquet"
    if path.is_file():
        there = pq.read_metadata(path).num_rows
        wanted = rows["settled"] + rows["reversed"] + rows["reversals"]
        if there != wanted:
            detail = f"settlements.parquet {there} ≠ {wanted}"
            yield Diagnostic("D914", None, {"detail": detail})


def _funds(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    """Enrolment rows accounted for; every share what is borne of it, and what was stated."""
    rows = manifest["enrolment"]
    if rows["read"] != rows["counted"] + rows["rejected"]:
        text = f"{rows['read']} ≠ {rows['counted']} + {rows['rejected']}"
        yield Diagnostic("D914", None, {"detail": text})
    whole: dict[tuple[str, str], int] = {}
    borne: dict[tuple[str, str], int] = {}
    path = folder / "statement.parquet"
    columns = ["fund", "item", "sort", "amount"]
    for batch in pq.ParquetFile(path).iter_batches(columns=columns):
        for row in batch.to_pylist():
            sums = {"share": whole, "part": borne}.get(row["sort"])
            if sums is not None:
                key = (row["fund"], row["item"])
                sums[key] = sums.get(key, 0) + int(row["amount"] * 100)
    for (fund, item), fen in whole.items():
        parts = borne.get((fund, item), 0)
        stated = fen_of(manifest["shares"][fund][item])
        if fen != parts or fen != stated:
            sums_text = f"{yuan_text(fen)} ≠ {yuan_text(parts)}, {yuan_text(stated)}"
            detail = f"{fund} {item} {sums_text}"
            yield Diagnostic("D915", None, {"detail": detail})


def _money(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    money = manifest["money"]
    other = sum(fen_of(v) for v in money["other_funds"].values())
    benefits = sum(fen_of(v) for v in money["benefits"].values())
    other -= sum(fen_of(v) for v in money["not_taken_back"].values())
    paid = other + fen_of(money["hospital"]) + benefits + fen_of(money["psn_burden"])
    paid -= fen_of(money["payee_excess"]) + fen_of(money["outlay_replaced"])
    if fen_of(money["charge"]) != paid:
        yield Diagnostic(
            "D915", None, {"detail": f"{money['charge']} ≠ {yuan_text(paid)}"}
        )
    path = folder / "settlements.parquet"
    if not path.is_file():
        return
    wanted = {**money["benefits"], "psn_burden": money["psn_burden"]}
    sums = dict.fromkeys(wanted, 0)
    for batch in pq.ParquetFile(path).iter_batches(columns=list(wanted)):
        for name in wanted:
            sums[name] += sum_fen(batch.column(batch.schema.get_field_index(name)))
    for name, text in wanted.items():
        if sums[name] != fen_of(text):
            detail = f"{name} {yuan_text(sums[name])} ≠ {text}"
            yield Diagnostic("D915", None, {"detail": detail})


def _opening(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    """Opening balances accounted for; what accounts have paid is what they began with and more.

    By benefit: under its accounts = at the opening + on rows + looked back + at year end.
    """
    begun = manifest.get("opening")
    if begun is None:
        return
    left = sum(n for of in begun.get("not_carried", {}).values() for n in of.values())
    if begun["read"] != begun["used"] + begun["rejected"] + left:
        text = f"{begun['read']} ≠ {begun['used']} + {begun['rejected']} + {left}"
        yield Diagnostic("D914", None, {"detail": f"opening {text}"})
    path, money = folder / "years.parquet", manifest["money"]
    if not path.is_file():
        return
    codes = list(money["benefits"])
    columns = [f"{code}.limit_used" for code in codes]
    sums = dict.fromkeys(codes, 0)
    for batch in pq.ParquetFile(path).iter_batches(columns=columns):
        for code, column in zip(codes, batch.columns, strict=True):
            sums[code] += sum_fen(column)
    for code in codes:
        parts = (begun["paid"], money["benefits"], money["lookback"], money["year_end"])
        wanted = sum(fen_of(part[code]) for part in parts)
        if sums[code] != wanted:
            detail = f"{code} {yuan_text(sums[code])} ≠ {yuan_text(wanted)}"
            yield Diagnostic("D915", None, {"detail": detail})


def _database(folder: Path, manifest: dict[str, Any]) -> Iterator[Diagnostic]:
    """results.duckdb, where the run wrote one: what it holds."""
    if "database" in manifest:
        yield from check_database(folder, manifest["database"])


def sign(folder: Path, name: str) -> None:
    """Freeze a folder that verifies: later runs into it are refused.

    Raises DataError when it does not verify or is signed already.
    """
    if (folder / SIGNED).exists():
        raise DataError("D911", folder=str(folder))
    found = verify(folder)
    if found:
        raise DataError(found[0].code, **found[0].arguments)
    signed = {
        "signed_by": name,
        "signed_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "manifest_sha256": digest(folder / MANIFEST),
    }
    text = json.dumps(signed, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SIGNED).write_text(text + "\n", "utf-8")
