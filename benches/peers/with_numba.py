"""numba: the plain loop, compiled."""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa

from peers.figures import ASSISTANCE, REASSISTANCE

FIRST = np.array([(0, 0, 0)] + [ASSISTANCE[k] for k in (1, 2, 3)], np.int64)
SECOND = np.array([(0, 0, 0)] + [REASSISTANCE[k] for k in (1, 2, 3)], np.int64)


@numba.njit(cache=False, nogil=True)
def loop(person, kind, in_scope, basic, critical, first, second, out_a, out_r, out_p):
    current = np.int64(-1)
    s1 = p1 = s2 = p2 = np.int64(0)
    for i in range(len(person)):
        if person[i] != current:
            current = person[i]
            s1 = p1 = s2 = p2 = 0
        k = kind[i]
        base = max(in_scope[i] - basic[i] - critical[i], 0)
        s1 += base
        due = min((max(s1 - first[k, 0], 0) * first[k, 1] + 50) // 100, first[k, 2])
        a = due - p1
        p1 = due
        s2 += base - a
        due = min((max(s2 - second[k, 0], 0) * second[k, 1] + 50) // 100, second[k, 2])
        r = due - p2
        p2 = due
        out_a[i] = a
        out_r[i] = r
        out_p[i] = in_scope[i] - basic[i] - critical[i] - a - r


def prepare(claims: pa.Table):
    """Columns as numpy arrays and buffers to write into."""
    names = ("person", "kind", "in_scope", "basic", "critical")
    columns = [claims[n].combine_chunks().to_numpy() for n in names]
    return columns, [np.empty(len(claims), np.int64) for _ in range(3)]


def settle(prepared):
    """Assistance, re-assistance, remainder in fen."""
    columns, outputs = prepared
    loop(*columns, FIRST, SECOND, *outputs)
    return outputs
