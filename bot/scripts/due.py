"""What has to be looked at again, and when: facts before they run out, numbers that nobody has called for a while. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.directory.hotline import Hotline
from bot.scripts.fact import Fact

# A number is called again after that time. A fact says itself how long it is believed.
CALL_AGAIN_AFTER = timedelta(days=90)
NOBODY = "nobody has taken it"
_TRY = {"calls": "Call", "texts": "Text", "whatsapp": "WhatsApp"}
_WIDTH = 120


class Due(Struct, frozen=True):
    """One thing to verify ``by`` a day. ``never``: nobody has done it yet, so it is due today."""

    by: date
    kind: str
    name: str
    owner: str
    check: str
    source: str
    never: bool = False


def due(facts: Mapping[str, Fact], hotlines: Mapping[str, Hotline], today: date, days: int) -> list[Due]:
    """Facts that have run out or will within ``days``, and numbers last called over 90 days ago, or never; the earliest first."""
    until = today + timedelta(days=days)
    found = [_fact(fact) for fact in facts.values() if fact.valid_until <= until]
    found += [_line(line, today) for line in hotlines.values() if not _is_fresh(line, today)]
    return sorted(found, key=lambda each: (each.by, each.kind, each.name))


def _is_fresh(line: Hotline, today: date) -> bool:
    return line.verified_on is not None and today - line.verified_on <= CALL_AGAIN_AFTER


def _fact(fact: Fact) -> Due:
    do = "Read the source again" if fact.checked else "Nobody has read a source: find one"
    return Due(fact.valid_until, "fact", fact.name, fact.owner or NOBODY, f"{do}: {fact.says}", fact.source)


def _line(line: Hotline, today: date) -> Due:
    by = line.verified_on + CALL_AGAIN_AFTER if line.verified_on else today
    kind = "site" if line.kind == "site" else "number"
    check = f"{line.text} ({line.purpose_en}). {what_to_check(line)}"
    return Due(by, kind, line.id, line.owner or NOBODY, check, line.source, never=not line.verified_on)


def what_to_check(line: Hotline) -> str:
    """How to verify a line, what is doubted about it, and what nobody knows."""
    recalled = "Nobody has read it on a page." if line.evidence == "recalled" else ""
    doubt = f"{line.to_check}." if line.to_check else ""
    unknown = _unknown(line) if line.kind == "hotline" else []
    ask = f"Not known: {', '.join(unknown)}." if unknown else ""
    return " ".join(part for part in (_how_to_try(line), recalled, doubt, ask) if part)


def _how_to_try(line: Hotline) -> str:
    if line.kind == "emergency":
        return "Find it on the page of who runs it; never call it to try it."
    return "Open it." if line.kind == "site" else f"{' and '.join(_TRY[mode] for mode in line.modes) or 'Try'} it."


def _unknown(line: Hotline) -> list[str]:
    facts = {
        "hours": line.schedule is None,
        "languages": not line.languages,
        "calls from abroad": line.from_abroad is None,
    }
    return [name for name, missing in facts.items() if missing]


def table(found: Sequence[Due], today: date) -> str:
    """As a person reads it in the terminal: when, what, whose it is; below it what to check, and the source."""
    heads = [(_when(each, today), f"{each.kind} {each.name}", each.owner) for each in found]
    widths = [max((len(head[column]) for head in heads), default=0) for column in (0, 1)]
    indent = " " * (widths[0] + 2)
    lines = []
    for (when, what, owner), each in zip(heads, found, strict=True):
        lines.append(f"{when:{widths[0]}}  {what:{widths[1]}}  {owner}")
        lines += textwrap.wrap(each.check, _WIDTH, initial_indent=indent, subsequent_indent=indent)
        lines.append(f"{indent}{each.source}")
    return "\n".join(lines)


def _when(each: Due, today: date) -> str:
    if each.never:
        return "never verified"
    return f"{each.by} (late)" if each.by < today else f"{each.by}"
