"""K'iche' drafts are made of words that somebody has written before."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language import Language
from bot.scripts.finding import Finding, error
from bot.scripts.release import Release
from bot.scripts.texts import catalog_file
from bot.wording.kiche import unknown_words
from bot.wording.state import is_as_reviewed

UNATTESTED = error(
    "K'iche' word without a source",
    "nobody here speaks it: an invented word can say anything",
    "Cite it in locales/quc/words.csv, or mark it as a guess",
)


def check_kiche(release: Release, words: frozenset[str]) -> Iterator[Finding]:
    """Every draft. Whoever speaks K'iche' and put her name to these words is the source of them, also where the Spanish has
    moved on. ``words``: those that stand on another source.
    """
    for entry in release.catalogs[Language.QUC].entries.values():
        if entry.text and not is_as_reviewed(entry, Language.QUC):
            for word in unknown_words(entry.text, words, entry.guesses):
                problem = f"{word!r} is not in locales/quc/words.csv"
                yield UNATTESTED.broken(
                    catalog_file(Language.QUC), entry.key, problem, language=Language.QUC, said=word
                )
