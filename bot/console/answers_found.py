"""The list of all answers: what a word finds in three languages, the state of each language, what the filters leave. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.console.editor_view import ORDER
from bot.engine.flow import Flow, Group
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.release import Release
from bot.wording.choose import text_for
from bot.wording.state import State, state_of

MISSING, STALE, UNREAD, DONE = "missing", "stale", "unread", "done"
"""What is the matter with a language, the gravest first. UNREAD: written, and nobody has read it over."""
LACKS = (MISSING, STALE, UNREAD)
PUBLISHED, DRAFT, IN_REVIEW, ASKED = "published", "draft", "in_review", "changes_asked"
STATES = (PUBLISHED, DRAFT, IN_REVIEW, ASKED)
ALL, MINE, REVIEW, LATELY = "all", "mine", "review", "lately"
TABS = (ALL, MINE, REVIEW, LATELY)
LATELY_SECONDS = 14 * 86_400
GROUPS = (Group.URGENT, Group.RIGHTS, Group.SERVICES, Group.CONVERSATION)


class Progress(Struct, frozen=True):
    """How many texts of one answer in one language are missing, stale, not read over, and how many there are."""

    missing: int
    stale: int
    unread: int
    total: int

    @property
    def mark(self) -> str:
        """The gravest of them."""
        return MISSING if self.missing else STALE if self.stale else UNREAD if self.unread else DONE

    @property
    def many(self) -> int:
        """How many texts have that."""
        return self.missing or self.stale or self.unread

    def lacks(self, what: str) -> bool:
        """Whether something of it is MISSING, STALE or UNREAD."""
        return bool({MISSING: self.missing, STALE: self.stale, UNREAD: self.unread}.get(what))


class Written(Struct, frozen=True):
    """What of an answer can be searched and counted: the same until the release or its draft changes.

    ``words``: all its texts in all languages, folded. ``titles`` by language.
    """

    flow: str
    group: Group
    titles: Mapping[Language, str]
    words: str
    progress: Mapping[Language, Progress]


class Standing(Struct, frozen=True):
    """What is happening to an answer. ``by``/``at``: who changed it last and when (unix seconds); None: as it came with the files.

    ``hands``: the users who wrote into its open draft. ``published``: when it was published last.
    """

    state: str = PUBLISHED
    by: str = ""
    at: int | None = None
    hands: frozenset[int] = frozenset()
    published: int | None = None
    changed_by: int | None = None


class Asked(Struct, frozen=True):
    """What somebody looks for. Empty: everything. ``language`` and ``lack`` go together."""

    words: str = ""
    topic: str = ""
    state: str = ""
    language: str = ""
    lack: str = ""
    mine: bool = False
    tab: str = ALL

    @property
    def narrow(self) -> bool:
        """Whether a filter is set."""
        return bool(self.words or self.topic or self.state or self.lack or self.mine)


class Bar(Struct, frozen=True):
    """Of one language: how many answers have all their texts, of how many."""

    language: Language
    done: int
    total: int

    @property
    def missing(self) -> int:
        """How many miss something."""
        return self.total - self.done


class Entry(Struct, frozen=True):
    """One answer of the list. ``read``: how often in the last four weeks, None for fewer than five times."""

    written: Written
    standing: Standing
    title: str
    read: int | None = None
    found_in: tuple[Language, ...] = ()


def written(release: Release, flow: Flow) -> Written:
    """This answer as the release has it."""
    titles = {language: _said(release, flow.title.key, flow.title.english, language) for language in ORDER}
    texts = (_said(release, each.key, each.english, language) for each in flow.sentences for language in ORDER)
    return Written(
        flow.name,
        flow.group,
        titles,
        f" {bare(' '.join(texts))} {bare(flow.name.replace('_', ' '))} ",
        {language: progress(release, flow, language) for language in ORDER},
    )


def _said(release: Release, key: str, english: str, language: Language) -> str:
    return text_for(key, language, english, release.catalogs).text


def progress(release: Release, flow: Flow, language: Language) -> Progress:
    """How far one language of an answer is. The English stands in the flow itself: it is never missing."""
    missing = stale = unread = 0
    for sentence in flow.sentences:
        entry = release.catalogs[language].entry(sentence.key)
        if entry is None or not entry.text.strip():
            missing += language is not Language.EN
            unread += language is Language.EN
            continue
        english, spanish = (release.catalogs[other].entry(sentence.key) for other in (Language.EN, Language.ES))
        said = english.text if english and english.text else sentence.english
        state = state_of(entry, said, spanish.text if spanish else "")
        stale += state is State.STALE
        unread += state is State.DRAFT
    return Progress(missing, stale, unread, len(flow.sentences))


def matches(each: Written, standing: Standing, asked: Asked, me: int, now: float) -> bool:
    """Whether this answer is one that somebody looks for."""
    return (
        _in_tab(standing, asked.tab, me, now)
        and (not asked.topic or each.group == asked.topic)
        and (not asked.state or standing.state == asked.state)
        and (not asked.mine or _is_mine(standing, me))
        and _lacking(each, asked)
        and all(f"{word}" in each.words for word in bare(asked.words).split())
    )


def _lacking(each: Written, asked: Asked) -> bool:
    if not asked.lack:
        return True
    languages = [language for language in ORDER if not asked.language or language == asked.language]
    return any(each.progress[language].lacks(asked.lack) for language in languages)


def _is_mine(standing: Standing, me: int) -> bool:
    return me in standing.hands or standing.changed_by == me


def _in_tab(standing: Standing, tab: str, me: int, now: float) -> bool:
    if tab == MINE:
        return standing.state in (DRAFT, ASKED) and me in standing.hands
    if tab == REVIEW:
        return standing.state == IN_REVIEW
    if tab == LATELY:
        return standing.published is not None and now - standing.published < LATELY_SECONDS
    return True


def bars(all: Iterable[Written]) -> tuple[Bar, ...]:
    """How far each language is."""
    answers = list(all)
    return tuple(
        Bar(language, sum(not each.progress[language].missing for each in answers), len(answers)) for language in ORDER
    )


def ordered(entries: Sequence[Entry], words: str) -> tuple[Entry, ...]:
    """What is urgent first and each group by title; with words those first whose title has them."""
    wanted = bare(words).split()

    def place(entry: Entry) -> tuple[bool, int, str]:
        titles = bare(" ".join(entry.written.titles.values()))
        return not all(word in titles for word in wanted), GROUPS.index(entry.written.group), bare(entry.title)

    return tuple(sorted(entries, key=place))
