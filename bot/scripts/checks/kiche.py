"""K'iche' drafts are made of words that somebody has written before."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language import Language
from bot.scripts.finding import Finding, error
from bot.scripts.release import Release
from bot.scripts.texts import catalog_file
from bot.wording.kiche import unknown_words
from bot.wording.state import State

UNATTESTED = error(
    "K'iche' word without a source",
    "nobody here speaks it: an invented word can say anything",
    "Cite it in locales/quc/words.csv, or mark it as a guess",
)


def check_kiche(release: Release, words: frozenset[str]) -> Iterator[Finding]:
    """Every draft; what a named speaker has reviewed is hers. ``words``: those that stand on a source."""
    for entry in release.catalogs[Language.QUC].entries.values():
        if entry.text and entry.state is not State.REVIEWED:
            for word in unknown_words(entry.text, words, entry.guesses):
                problem = f"{word!r} is not in locales/quc/words.csv"
                yield UNATTESTED.broken(
                    catalog_file(Language.QUC), entry.key, problem, language=Language.QUC, said=word
                )
