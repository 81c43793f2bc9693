"""A checked policy comes in; a program file and its listing go out."""

from jiugao.program.body import Program
from jiugao.program.encode import ProgramFileError, decode, digest, encode
from jiugao.program.listing import listing
from jiugao.program.lowering import lower

__all__ = [
    "Program",
    "ProgramFileError",
    "decode",
    "digest",
    "encode",
    "listing",
    "lower",
]
