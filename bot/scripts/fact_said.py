"""What families read of a fact: the sentences that go when it runs out, with their numbers filled in. Pure."""

from __future__ import annotations

from bot.language import Language
from bot.scripts.fact import figure_fields
from bot.scripts.release import Release
from bot.wording.errors import MissingValue
from bot.wording.fill import fill


def said_of(release: Release, fact: str, language: Language) -> tuple[str, ...]:
    """Each such sentence once, in that language, else in English. Nothing where no sentence leans on it alone."""
    values = {name: line.text for name, line in release.hotlines.items()} | figure_fields(release.facts)
    found: dict[str, None] = {}
    for flow in release.script.flows.values():
        for sentence in flow.sentences:
            if sentence.fact == fact:
                entry = release.catalogs[language].entry(sentence.key)
                text = entry.text if entry and entry.text else sentence.english
                try:
                    found[fill(text, values)] = None
                except MissingValue:
                    # A place or a name that only a conversation knows.
                    found[text] = None
    return tuple(found)
