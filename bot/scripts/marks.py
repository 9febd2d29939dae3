"""Marks of the steps of a release: a short hash of all that an answer to a step may mean. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bot.engine.flow import Script, Step, Target
from bot.session import Spot
from bot.wording.catalog import Catalog


class Marks:
    """The marks of one release's steps, each made once. The release owns them (bot/scripts/release.py): one for each step at most."""

    def __init__(self, script: Script, catalogs: Iterable[Catalog]) -> None:
        self._script, self._catalogs = script, tuple(catalogs)
        self._made: dict[Spot, str] = {}

    def of(self, spot: Spot) -> str:
        """The digits of the step, its labels in all languages and where they lead; empty for a step that is not there.

        What the step says may change without another meaning of a digit: it is not in it.
        """
        made = self._made.get(spot)
        if made is None:
            step = self._script.step(spot.flow, spot.step)
            if step is None:
                return ""
            made = self._made[spot] = _mark(step, self._catalogs)
        return made


def _mark(step: Step, catalogs: tuple[Catalog, ...]) -> str:
    said = [step.ask or "", step.slot or "", step.services or "", f"{step.helped}{step.government}"]
    said += map(_way, (*(step.yes_no or ()), step.on_place, step.target if step.ask else None))
    for choice in step.choices:
        entries = (catalog.entry(choice.label.key) for catalog in catalogs)
        said += (str(choice.digit), _way(choice.target), choice.label.english, *(each.text for each in entries if each))
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:8]


def _way(target: Target | None) -> str:
    return f"{target.flow}.{target.step}.{target.back}" if target else ""
