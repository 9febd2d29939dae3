"""Who looked whether a fact is still true, and the release that says so.

A publisher's word counts at once. A volunteer's counts when somebody else says the same: one person alone must not keep a
sentence about rights alive with a press on a phone, and two are there on more days than a publisher is. Nothing but days changes
then, so that approvals stay (bot/scripts/approval.words_of).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, Engine

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.scripts.fact import Fact
from bot.scripts.fact_renewal import (
    NoSource,
    Rewritten,
    has_page,
    is_page,
    let_go,
    let_go_on,
    proposed,
    renewed,
    rewritten,
    unsaid,
    with_figures,
)
from bot.store.audit import note
from bot.store.check_rows import CHECKS, LONGEST_NOTE, TURN, Check, checks, refuse, said, word
from bot.store.database import sql_errors
from bot.store.errors import ReleaseMoved, StoreError
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.release_rows import Stored
from bot.store.releases import Releases

LONGEST_SAYS, LONGEST_SOURCE, LONGEST_DATE = 400, 500, 40
_TRIES = 3


class NoSuchFact(StoreError):
    """There is no fact of that name."""

    def __init__(self) -> None:
        super().__init__("facts.yml has no fact of that name")


class SourceUnread(StoreError):
    """She does not say that she read the source today, or there is none to read."""

    def __init__(self) -> None:
        super().__init__("open the source first and read it: only that makes a fact true today")


class SaysMissing(StoreError):
    """What the fact is to say was not written, or on more than its one line."""

    def __init__(self) -> None:
        super().__init__(f"write one sentence of at most {LONGEST_SAYS} letters")


class FigureUnsaid(StoreError):
    """A figure is not what the sentence says. ``names``: which figures of the fact."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"the sentence must say each figure in digits, with its unit: {', '.join(names)}")
        self.names = names


class FactMoved(StoreError):
    """It says something else than what she looked at."""

    def __init__(self) -> None:
        super().__init__("the fact was changed meanwhile: read it again")


class Renewed(Struct, frozen=True):
    """What became of "still true": ``release`` and ``until`` where it counts now, None where a second person has to say so."""

    release: int | None
    until: date | None


class FactChecks:
    """The facts of the current release, and the words on them. ``clock`` is the bot's. Raises ``NotYours``, ``StoreDown``."""

    def __init__(self, engine: Engine, releases: Releases, clock: Callable[[], float]) -> None:
        self._engine, self._releases, self._clock = engine, releases, clock

    def today(self) -> date:
        """By the clock of the bot, at Greenwich as expiry is."""
        return utc_day(self._clock())

    def facts(self, viewer: Viewer) -> dict[str, Fact]:
        """All of them, as they stand now."""
        refuse(viewer, *CHECKS)
        return _facts(self._releases.current())

    def waiting(self, viewer: Viewer) -> dict[str, Check]:
        """By fact, the volunteer's "still true" that a second person has to say too."""
        facts = self.facts(viewer)
        with sql_errors(), self._engine.connect() as connection:
            found = checks(connection)
        last = {each.fact: each for each in found}
        return {name: each for name, each in last.items() if each.true and name in facts and _is_new(each, facts[name])}

    def changed(self, viewer: Viewer) -> dict[str, Check]:
        """By fact, the last word that it is no longer so, as long as nobody has renewed it since."""
        facts = self.facts(viewer)
        with sql_errors(), self._engine.connect() as connection:
            found = checks(connection)
        last = {each.fact: each for each in found if not each.true}
        settled = {each.fact: each.number for each in found if each.true and _stands(each, facts.get(each.fact))}
        return {
            name: each for name, each in last.items() if name in facts and each.number > settled.get(name, 0)
        }  # fmt: skip

    def history(self, viewer: Viewer, name: str) -> tuple[Check, ...]:
        """Every word on a fact, the newest first."""
        refuse(viewer, *CHECKS)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(reversed(checks(connection, name)))

    def proposed(self, viewer: Viewer, name: str) -> date:
        """Until when it would be believed if it were renewed today. Raises NoSuchFact."""
        facts = self.facts(viewer)
        return proposed(_one(facts, name), facts, self.today())

    def still_true(self, viewer: Viewer, name: str, read: bool, says: str) -> Renewed:
        """She read the source today, and it still says ``says``: what she was shown. Raises SourceUnread, FactMoved, NoSuchFact.

        Also what ``Releases.publish`` raises; then nothing of it is stored.
        """
        refuse(viewer, *CHECKS)
        for _ in range(_TRIES):
            stored = self._releases.current()
            facts = _facts(stored)
            fact = _one(facts, name)
            if not read or not has_page(fact):
                raise SourceUnread
            if says != fact.says:
                raise FactMoved
            if fact.checked == self.today() <= fact.valid_until:
                # Somebody was quicker today: hers is one more word on the same.
                self._put(viewer, name, True)
                return Renewed(stored.number, fact.valid_until)
            if not viewer.has(Role.PUBLISHER) and self._first(viewer, fact):
                return Renewed(None, None)
            until = proposed(fact, facts, self.today())
            try:
                text = renewed(_file(stored), fact, self.today(), until)
                told = f"{name}: still true, read {self.today()}"
                return Renewed(self._publish(viewer, stored, text, told, self._word(viewer, name, True)), until)
            except NoSource:
                raise SourceUnread from None
            except ReleaseMoved:
                continue
        raise ReleaseMoved(self._releases.number())

    def changed_to(self, viewer: Viewer, name: str, what: str) -> None:
        """The source says something else now, in her words: for publishers. Raises NoteMissing, NoSuchFact."""
        refuse(viewer, *CHECKS)
        _one(self.facts(viewer), name)
        self._put(viewer, name, False, said(what))

    def rewrite(
        self, viewer: Viewer, name: str, new: Rewritten, *, was: str, read: bool, stands: bool, flows: tuple[str, ...]
    ) -> int:
        """It says something else now, or another page says it: a publisher's act, who read the page today.

        ``was``: what she was shown. ``stands``: the sentences of the answers are right beside it; else they are left out until
        somebody says that it is true, which gives time to change them. What was approved on other words is approved no more.
        Raises SaysMissing, FigureUnsaid, SourceUnread, FactMoved, NoSuchFact, and what ``Releases.publish`` raises. The number of the
        release.
        """
        refuse(viewer, Role.PUBLISHER)
        new = _trimmed(new)
        for _ in range(_TRIES):
            stored = self._releases.current()
            facts = _facts(stored)
            fact = _one(facts, name)
            if not read or not is_page(new.source):
                raise SourceUnread
            if was != fact.says:
                raise FactMoved
            figures = with_figures(fact, new)
            if wrong := unsaid(figures, new.says):
                raise FigureUnsaid(wrong)
            new = replace(new, figures={figure.name: figure.value for figure in figures})
            same = replace(fact, volatile=new.volatile)
            today = self.today()
            until = proposed(same, facts, today) if stands else let_go_on(same, facts, today)
            text = rewritten(_file(stored), name, new, today, until)
            before = fact.says if fact.says != new.says or fact.figures != figures else fact.source
            beside = word(viewer, self._clock(), name, True, "fact_rewritten", before[:LONGEST_NOTE])
            try:
                return self._publish(viewer, stored, text, f"{name}: what it says", beside, flows)
            except ReleaseMoved:
                continue
        raise ReleaseMoved(self._releases.number())

    def let_go(self, viewer: Viewer, name: str, flows: tuple[str, ...]) -> int:
        """Families are told it no more, from now on: a publisher's act. ``flows`` lean on it; the number of the release."""
        refuse(viewer, Role.PUBLISHER)
        for _ in range(_TRIES):
            stored = self._releases.current()
            facts = _facts(stored)
            fact = _one(facts, name)
            text = let_go(_file(stored), fact, let_go_on(fact, facts, self.today()))

            def beside(connection: Connection) -> None:
                note(connection, self._clock(), viewer.actor, "fact_let_go", name)

            try:
                return self._publish(viewer, stored, text, f"{name}: no longer said", beside, flows)
            except ReleaseMoved:
                continue
        raise ReleaseMoved(self._releases.number())

    def _first(self, viewer: Viewer, fact: Fact) -> bool:
        """Keeps her word where she is the first to give it; False where somebody else has given the same already."""
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            found = checks(connection, fact.name)
            last = found[-1] if found else None
            if last is not None and last.true and _is_new(last, fact):
                # A second press of the same person is no second word.
                return last.by == viewer.user
            self._word(viewer, fact.name, True)(connection)
        return True

    def _put(self, viewer: Viewer, name: str, true: bool, what: str = "") -> None:
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            self._word(viewer, name, true, what)(connection)

    def _word(self, viewer: Viewer, name: str, true: bool, what: str = "") -> Callable[[Connection], None]:
        return word(viewer, self._clock(), name, true, "fact_checked" if true else "fact_changed", what)

    def _publish(
        self,
        viewer: Viewer,
        stored: Stored,
        text: str,
        said: str,
        beside: Callable[[Connection], None],
        flows: tuple[str, ...] = (),
    ) -> int:
        files = {**stored.sources, content.FACTS: text.encode()}
        # Two people have said so, or a publisher: whoever presses last carries it out, whatever else she may publish.
        acting = replace(viewer, roles=viewer.roles | {Role.PUBLISHER})
        return self._releases.publish(acting, files, flows, said, stored.number, beside=beside)


def _trimmed(new: Rewritten) -> Rewritten:
    """On one line each. Raises SaysMissing, and SourceUnread for an address that is none."""
    said, source, shown = (" ".join(each.split()) for each in (new.says, new.source, new.source_date))
    if not said or len(said) > LONGEST_SAYS:
        raise SaysMissing
    if len(source) > LONGEST_SOURCE or " " in source or len(shown) > LONGEST_DATE:
        raise SourceUnread
    return Rewritten(said, source, shown, new.volatile, new.figures)


def _file(stored: Stored) -> str:
    return stored.sources[content.FACTS].decode()


def _facts(stored: Stored) -> dict[str, Fact]:
    return dict(content.facts_of(stored.sources))


def _one(facts: dict[str, Fact], name: str) -> Fact:
    if name not in facts:
        raise NoSuchFact
    return facts[name]


def _is_new(check: Check, fact: Fact) -> bool:
    """Whether the file does not hold it yet."""
    return fact.checked is None or check.checked > fact.checked


def _stands(check: Check, fact: Fact | None) -> bool:
    """Whether the file holds it: a word that still waits for a second settles nothing."""
    return fact is not None and not _is_new(check, fact)
