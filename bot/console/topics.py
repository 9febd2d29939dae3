"""Topics in plain words: the titles of flows as a release writes them, in the language of the page. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.console.spans import Words
from bot.language import Language
from bot.scripts.release import Release


def title_in(release: Release, language: Language, words: Words) -> Callable[[str | None], str]:
    """What tells a topic by its title. A flow that this release does not have keeps its name; none is told as such."""
    catalog = release.catalogs.get(language)

    def title(topic: str | None) -> str:
        flow = release.script.flows.get(topic or "")
        if flow is None:
            return (topic or "").replace("_", " ") or words("inbox.no-topic", "No topic yet")
        entry = catalog.entry(flow.title.key) if catalog else None
        said = (entry.text if entry else "") or flow.title.english
        return said[:1].upper() + said[1:]

    return title
