"""A class comes in; a dataclass as the standard library's goes out, for a tenth of the time.

The rooms up to the program hold three hundred of them, and the standard library compiles
six methods for each as it is loaded: a quarter of what `jiugao check` takes. Here equality,
hash, text and refusal to change are functions over the fields; only `__init__` is
compiled, when the first instance is made.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass
else:

    def dataclass(
        kind: type | None = None, /, *, frozen: bool = False, kw_only: bool = False
    ) -> Any:  # noqa: ANN401  what it is to whoever reads types stands above
        """As `dataclasses.dataclass`, with the options that these rooms use."""
        if kind is None:
            return lambda kind: dataclass(kind, frozen=frozen, kw_only=kw_only)
        made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)
        kind = made(kind)
        methods = compared(kind) | {"__init__": initialised_later(kind, frozen=frozen)}
        if frozen:
            methods |= {"__setattr__": refused, "__delattr__": refused}
        else:
            methods["__hash__"] = None
        for name, method in methods.items():
            if name not in vars(kind):
                setattr(kind, name, method)
        return kind


__all__ = ["dataclass"]


def compared(kind: type[Any]) -> Mapping[str, Callable[..., Any]]:
    """Equality, hash and text, from the values of the fields in order."""
    names = [f.name for f in fields(kind)]
    shown = [f.name for f in fields(kind) if f.repr]
    values: Callable[[object], object]
    values = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: object, other: object) -> bool:  # noqa: N807  its name in a class
        if type(self) is not type(other):
            return NotImplemented
        return values(self) == values(other)

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({told})"

    return {"__eq__": __eq__, "__hash__": __hash__, "__repr__": __repr__}


def refused(self: object, name: str, *_: object) -> None:
    """Whoever sets or deletes an attribute of a frozen instance is wrong."""
    raise FrozenInstanceError(f"{type(self).__qualname__}.{name} cannot be changed")


def initialised_later(kind: type[Any], *, frozen: bool) -> Callable[..., None]:
    """An `__init__` that compiles the class's own, and gives way to it."""

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807
        own = initialiser(kind, frozen=frozen)
        kind.__init__ = own
        own(self, *given, **named)

    return __init__


def initialiser(kind: type[Any], *, frozen: bool) -> Callable[..., None]:
    """The `__init__` that the fields ask for, compiled."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_absent": object()}
    taken: dict[bool, list[str]] = {False: ["self"], True: []}  # by kw_only
    lines = ["pass"]
    for field in fields(kind):
        name = value = field.name
        if field.default is not MISSING:
            known[f"_{name}"], default = field.default, f"=_{name}"
        elif field.default_factory is not MISSING:
            known[f"_{name}"], default = field.default_factory, "=_absent"
            value = f"_{name}() if {name} is _absent else {name}"
        else:
            default = ""
        if field.init:
            taken[bool(field.kw_only)].append(f"{name}{default}")
            put = (
                f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}"
            )
            lines.append(put)
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    names = taken[False] + (["*", *taken[True]] if taken[True] else [])
    body = "\n ".join(lines)
    exec(f"def __init__({', '.join(names)}):\n {body}", known)  # noqa: S102  names of fields only
    made: Callable[..., None] = known["__init__"]
    return made
