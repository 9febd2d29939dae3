"""Fields in texts: ``$orr``, ``${place}``. The caller holds the closed list of names; ``$$`` is a dollar.

string.Template does the work: a text is content, so it gets neither expressions nor formatting.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from string import Template

from bot.wording.errors import MissingValue

LONGEST_VALUE = 80  # characters; a place name or an organization's name is shorter, and every one costs

# Control and format characters (line feeds, direction overrides) and halves of surrogate pairs.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})


def placeholders(text: str) -> frozenset[str]:
    """The names of the fields in a text, without the dollar."""
    if "$" not in text:
        return frozenset()
    return frozenset(Template(text).get_identifiers())


def check_placeholders(text: str, allowed: frozenset[str]) -> tuple[str, ...]:
    """What is wrong with the fields of a text, as it stands: unknown names, dollars that are no field."""
    unknown = (f"${name}" for name in Template(text).get_identifiers() if name not in allowed)
    return (*unknown, *_stray_dollars(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in. A dollar inside a value stays a dollar.

    Raises MissingValue for a field without a value, with a blank one, or for a dollar that is no field: a
    hole where a number should be is worse than no sentence.
    """
    if "$" not in text:
        return text
    ready = {name: clean_value(values.get(name, "")) for name in Template(text).get_identifiers()}
    missing = [name for name, value in ready.items() if not value]
    if missing or (missing := list(_stray_dollars(text))):
        raise MissingValue(text, missing)
    return Template(text).substitute(ready)


def clean_value(value: str) -> str:
    """One line without control characters, at most LONGEST_VALUE long. It may be what a stranger typed."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())[:LONGEST_VALUE].rstrip()
    kept = (char for char in unicodedata.normalize("NFC", value) if char.isspace() or _is_printable(char))
    return " ".join("".join(kept).split())[:LONGEST_VALUE].rstrip()


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in _UNPRINTABLE


def _stray_dollars(text: str) -> Iterator[str]:
    for match in Template.pattern.finditer(text):
        if match["invalid"] is not None:
            yield text[match.start() : match.start() + 10].split("\n")[0]
