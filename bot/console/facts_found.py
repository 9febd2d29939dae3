"""Which of the facts the page shows: by who keeps them, by their source, by how they are known, by the answer that leans on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from bot.console.words import phrase
from bot.scripts.fact_renewal import DueFact

NOBODY = "-"
"""Stands for facts that nobody keeps, and for those without a page."""
KNOWN = {
    "seen": phrase("facts.evidence-seen", "somebody read a page"),
    "recalled": phrase("facts.evidence-recalled", "nobody has read a page yet"),
    "volatile": phrase("facts.evidence-volatile", "courts or agencies are changing it"),
}


class Wanted(Struct, frozen=True):
    """What is asked for; an empty word asks for nothing. ``known``: one of ``KNOWN``."""

    owner: str = ""
    source: str = ""
    known: str = ""
    answer: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """What stands in the address."""
    return Wanted(**{name: args.get(name, "") for name in Wanted.__struct_fields__})


def fits(each: DueFact, wanted: Wanted) -> bool:
    """Whether a fact is one of those."""
    known = {"seen": each.fact.evidence == "seen", "recalled": each.fact.evidence == "recalled"}
    return (
        wanted.owner in ("", each.fact.owner or NOBODY)
        and wanted.source in ("", each.site or NOBODY)
        and (not wanted.known or {**known, "volatile": each.fact.volatile}.get(wanted.known, False))
        and (not wanted.answer or wanted.answer in each.flows)
    )


def choices_of(every: Iterable[DueFact], title: Callable[[str], str]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen of each: the value, and how it is called; an empty name stands for ``NOBODY``."""
    every = list(every)
    answers = {flow: title(flow) for each in every for flow in each.flows}
    return {
        "owner": [(each, "" if each == NOBODY else each) for each in sorted({x.fact.owner or NOBODY for x in every})],
        "source": [(each, "" if each == NOBODY else each) for each in sorted({x.site or NOBODY for x in every})],
        "answer": sorted(answers.items(), key=lambda each: each[1]),
    }
