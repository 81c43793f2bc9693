"""A program file and Arrow streams in, settled claims out: the only user of the core."""

from jiugao.engine.counter import Account, Counter, Paid
from jiugao.engine.distinct import Distinct
from jiugao.engine.errors import CoreError, EngineError, ProgramError, StreamError
from jiugao.engine.intake import RawColumn, intake
from jiugao.engine.program import Program
from jiugao.engine.settlement import (
    Options,
    Settlement,
    Tables,
    settle,
    subsidies,
    trace,
)
from jiugao.engine.streams import Batches

__all__ = [
    "Account",
    "Batches",
    "CoreError",
    "Counter",
    "Distinct",
    "EngineError",
    "Options",
    "Paid",
    "Program",
    "ProgramError",
    "RawColumn",
    "Settlement",
    "StreamError",
    "Tables",
    "intake",
    "settle",
    "subsidies",
    "trace",
]
