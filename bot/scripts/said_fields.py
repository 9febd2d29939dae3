"""What the fields of texts stand for today, each looked up when a text names it. Pure.

A release knows some two hundred, and an answer names a few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.scripts.fact import READ, read_day, read_fields
from bot.scripts.release import Release
from bot.settings import Settings
from bot.wording.fields import line_fields, shown


@dataclass(frozen=True, slots=True, eq=False)
class SaidFields(Mapping[str, str]):
    """Values by name: what is ``own`` to this answer, the lines, the days on which facts were read, the figures of facts.

    ``gone``: the facts that have run out. A name has one meaning (bot/scripts/checks/facts.py), so that their order tells nothing.
    """

    release: Release
    settings: Settings
    gone: frozenset[str]
    own: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        if name in self.own:
            return self.own[name]
        value = self._line(name) or self._day(name) or self._figure(name)
        if not value:
            raise KeyError(name)
        return value

    def stands(self, name: str) -> bool:
        """Whether the value is the same for everybody and on any day, as long as release and settings are."""
        return name == "owner" or (name not in self.own and (name in self.release.hotlines or name in self.release.dated.figures))

    def _line(self, name: str) -> str:
        line = self.release.hotlines.get(name)
        return shown(line, self.settings) if line and line.sendable(self.settings.send_unconfirmed_numbers) else ""

    def _day(self, name: str) -> str:
        fact = name.removeprefix(READ)
        known = name.startswith(READ) and fact in self.release.facts and fact not in self.gone
        return read_day(self.release.facts[fact]) if known else ""

    def _figure(self, name: str) -> str:
        return self.release.dated.figures.get(name, "")

    def __iter__(self) -> Iterator[str]:
        facts = self.release.facts
        lines = line_fields(self.release.hotlines, self.settings)
        return iter({**lines, **read_fields(facts, self.gone), **self.release.dated.figures, **self.own})

    def __len__(self) -> int:
        return sum(1 for _ in self)
