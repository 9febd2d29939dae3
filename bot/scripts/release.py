"""The published content as one immutable value. bot/content.py loads it; the message path only reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.directory.directory import Directory
from bot.directory.hotline import Hotline
from bot.directory.places import Places
from bot.engine.flow import Flow, Script
from bot.engine.hear import Ears
from bot.intents.lexicons import Lexicons
from bot.language import Language
from bot.scripts.dated import Dated
from bot.scripts.fact import Fact
from bot.scripts.marks import Marks
from bot.scripts.standing import Standing
from bot.wording.catalog import Catalog
from bot.wording.choose import Texts
from bot.wording.fill import placeholders


@dataclass(frozen=True, slots=True)
class Release:
    """One release: flows, words, facts and directory that belong together. ``digest`` is the SHA-256 of the files.

    ``recordings``: ``language/name`` to the SHA-256 of the file (bot/wording/recorded.py).
    ``approved`` names the rights flows whose approval fits their words.
    ``withdrawn``: answers that nobody gets now, as they were; in the script the notice stands in their place
    (bot/scripts/withdrawn.py).
    ``ears``, ``texts``, ``marks``, ``dated`` and ``standing`` are what follows from these: found out when it is first asked for, and
    gone with the release.
    """

    digest: str
    released: date
    script: Script
    catalogs: Mapping[Language, Catalog]
    facts: Mapping[str, Fact]
    hotlines: Mapping[str, Hotline]
    directory: Directory
    places: Places
    phrases: Lexicons
    recordings: Mapping[str, str] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    withdrawn: Mapping[str, Flow] = field(default_factory=dict)
    ears: Ears = field(init=False, compare=False, repr=False)
    texts: Texts = field(init=False, compare=False, repr=False)
    marks: Marks = field(init=False, compare=False, repr=False)
    dated: Dated = field(init=False, compare=False, repr=False)
    standing: Standing = field(default_factory=Standing, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ears", Ears(self.script, self.catalogs, self.places, self.phrases))
        object.__setattr__(self, "texts", Texts(self.catalogs))
        object.__setattr__(self, "marks", Marks(self.script, self.catalogs.values()))
        object.__setattr__(self, "dated", Dated(self.facts, self.released))

    @property
    def number(self) -> str:
        """How a release is called in logs and in X-Puente-Turn: the first 12 digits of its digest."""
        return self.digest[:12]


def flows_apart(one: Release, other: Release) -> tuple[str, ...]:
    """The flows whose steps or words are not the same in both, or the figures of facts that they say, by name."""
    ours, theirs = one.script.flows, other.script.flows
    names = {name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)}
    for language, catalog in one.catalogs.items():
        mine, its = catalog.entries, other.catalogs[language].entries
        names |= {key.partition(".")[0] for key in {*mine, *its} if mine.get(key) != its.get(key)}
    apart = one.recordings.items() ^ other.recordings.items()
    names |= {name.partition("/")[2].partition(".")[0] for name, _ in apart} & {*ours, *theirs}
    figures = [{figure for fact in each.facts.values() for figure in fact.figures} for each in (one, other)]
    changed = {figure.field for figure in figures[0] ^ figures[1]}
    names |= {name for name, flow in {**theirs, **ours}.items() if changed and _names(flow, changed)}
    return tuple(sorted(names))


def _names(flow: Flow, fields: set[str]) -> bool:
    """Whether a text of this flow holds one of these fields; all languages have the same."""
    return any(not fields.isdisjoint(placeholders(each.english)) for each in flow.sentences)
