"""The text of RESULTS.md comes in; it goes out with sections that runs of their own wrote."""

from __future__ import annotations

MANY = "## Many rows\n"
SPARK = "## Spark\n"
STANDING = (MANY, SPARK)
"""What `make bench` does not measure: these stand until the next run that does."""
LAST = "## Held against the goals"
NEXT = "\n## "


def with_section(text: str, section: str) -> str:
    """The text with a section, instead of the one of this name or before the goals."""
    head = section[: section.index("\n") + 1]
    before, found, after = text.partition(head)
    if found:
        rest = after.partition(NEXT)
        return f"{before}{section}\n{rest[1].lstrip()}{rest[2]}"
    goals = text.find(LAST)
    return f"{text[:goals]}{section}\n{text[goals:]}"


def carried_over(text: str, old: str) -> str:
    """The text with the standing sections of the one before it."""
    for head in STANDING:
        _, found, after = old.partition(head)
        if found:
            text = with_section(text, f"{head}{after.partition(NEXT)[0].rstrip()}\n")
    return text
