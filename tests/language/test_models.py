"""What the checker makes cannot be changed after it is made."""

from __future__ import annotations

from dataclasses import is_dataclass
from importlib import import_module
from inspect import getmembers
from pkgutil import walk_packages

from jiugao import policy

# What a pass collects while it reads.
COLLECTED = {"Figures", "Reader", "Told"}


def test_dataclasses_of_the_checker_are_frozen() -> None:
    names = [m.name for m in walk_packages(policy.__path__, "jiugao.policy.")]
    made = {
        one
        for name in names
        for _, one in getmembers(import_module(name), is_dataclass)
        if one.__module__ == name
    }
    assert len(made) > len(COLLECTED)
    loose = {one.__name__ for one in made if one.__setattr__ is object.__setattr__}
    assert loose == COLLECTED
