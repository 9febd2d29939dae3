"""Dated truth: what an answer leans on, where it was read, and until when it is believed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from bot.frozen import replace
from bot.scripts.errors import FactError
from bot.scripts.figure import Figure, read_figures

# Guards against a wrong clock or a forgotten server: then nothing is taken away, an alarm shows (DESIGN 3, facts).
LARGEST_SHARE_LOST = 1 / 3
OLDEST_RELEASE = timedelta(days=400)
READ = "read_"
"""How a field begins that stands for the day on which the source of a fact was read: ``$read_asylum_fees``."""


class Fact(Struct, frozen=True):
    """One fact. ``checked`` is the day on which the source was read; None when nobody has read one (recalled).

    ``source_date`` is the date that the source itself shows, as it shows it; "n.d." for none. ``figures``: the numbers of ``says``
    that texts name by a field.
    """

    name: str
    says: str
    source: str
    evidence: str
    checked: date | None
    valid_until: date
    owner: str
    volatile: bool
    source_date: str = ""
    figures: tuple[Figure, ...] = ()


def read_facts(value: Any, file: str) -> dict[str, Fact]:
    """Facts from the mapping of facts.yml; ``FactError`` names the fact and the mend."""
    if not isinstance(value, Mapping):
        raise FactError(f"{file}: not a mapping of facts. See flows/README.md")
    facts = {str(name): _fact(str(name), body, file) for name, body in value.items()}
    _only_once(facts, file)
    return facts


def _only_once(facts: Mapping[str, Fact], file: str) -> None:
    """``FactError`` where two figures have the same field: a fact a with b_days, and a fact a_b with days."""
    seen: dict[str, str] = {}
    for figure in (figure for fact in facts.values() for figure in fact.figures):
        other = seen.setdefault(figure.field, figure.fact)
        if other != figure.fact:
            raise FactError(f"{file}, fact {figure.fact}: ${figure.field} stands for a figure of {other} too. Rename one")


def _fact(name: str, body: Any, file: str) -> Fact:
    try:
        fact = Fact(
            name=name,
            says=str(body["says"]),
            source=str(body["source"]),
            evidence=str(body["evidence"]),
            checked=body.get("checked"),
            valid_until=body["valid_until"],
            owner=str(body.get("owner") or ""),
            volatile=bool(body.get("volatile", False)),
            source_date=str(body.get("source_date") or ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise FactError(
            f"{file}, fact {name}: {error} is missing. A fact has says, source, evidence, valid_until"
        ) from None
    if fact.evidence not in ("seen", "recalled") or (fact.evidence == "seen") != isinstance(fact.checked, date):
        raise FactError(f"{file}, fact {name}: evidence is seen with the day it was checked, or recalled without")
    if not isinstance(fact.valid_until, date):
        raise FactError(f"{file}, fact {name}: valid_until is not a date such as 2027-03-01")
    try:
        return replace(fact, figures=read_figures(name, fact.says, body.get("figures")))
    except FactError as error:
        raise FactError(f"{file}, fact {name}: {error}") from None


def read_on(facts: Mapping[str, Fact], names: Iterable[str]) -> date | None:
    """The day on which the oldest source of these facts was read; None where one of them was never read, or none is named."""
    days = [facts[name].checked for name in names if name in facts]
    return min((day for day in days if day), default=None) if all(days) else None


def read_fields(facts: Mapping[str, Fact], gone: frozenset[str] = frozenset()) -> dict[str, str]:
    """The fields of facts by name. One that has run out, or whose source nobody has read, has none: its sentence is left out."""
    return {f"{READ}{name}": day for name, fact in facts.items() if name not in gone and (day := read_day(fact))}


def read_day(fact: Fact) -> str:
    """The day on which its source was read, as families read a day; empty where nobody has read one."""
    return fact.checked.strftime("%d/%m/%Y") if fact.checked else ""


def figure_fields(facts: Mapping[str, Fact]) -> dict[str, str]:
    """The figures of facts by the name of their field, in digits. Also of a fact that has run out: whether a sentence goes then is
    said by its own ``fact:``, and one without must not lose its number.
    """
    return {figure.field: str(figure.value) for fact in facts.values() for figure in fact.figures}


def expired(facts: Mapping[str, Fact], today: date, released: date) -> frozenset[str]:
    """Names of facts that are no longer said.

    None when the clock cannot be right (before the release, or 400 days after it) or when over a third would go in one day.
    """
    if not released <= today <= released + OLDEST_RELEASE:
        return frozenset()
    gone = frozenset(name for name, fact in facts.items() if fact.valid_until < today)
    yesterday = frozenset(name for name, fact in facts.items() if fact.valid_until < today - timedelta(days=1))
    if facts and len(gone - yesterday) / len(facts) > LARGEST_SHARE_LOST:
        return frozenset()
    return gone
