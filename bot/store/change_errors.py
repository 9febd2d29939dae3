"""Why a change was not taken, sent or published. The pages say each in words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.scripts.change import Conflict, Place
from bot.scripts.finding import Finding
from bot.store.errors import NotYours, StoreError


class AuthorMayNotPublish(NotYours):
    """She wrote something of it herself: somebody else looks at it and publishes."""


class NoSuchAnswer(StoreError):
    """There is no flow of that name, or no text under that key in it."""

    def __init__(self) -> None:
        super().__init__("there is no such answer, or no such text in it")


class NothingOpen(StoreError):
    """Nobody is changing this answer, or the change is not as far as that: sent, published or dropped meanwhile."""

    def __init__(self) -> None:
        super().__init__("there is no such change any more, or it is at another stage")


class InReview(StoreError):
    """Somebody is looking at the change: it is taken back first, then written on."""

    def __init__(self) -> None:
        super().__init__("this change is in review: take it back, then write on")


class ChangeMoved(StoreError):
    """Somebody wrote on it since it was looked at."""

    def __init__(self) -> None:
        super().__init__("the change was written on meanwhile: look at it again")


class NothingChanged(StoreError):
    """There is nothing in the change that would differ from what families get."""

    def __init__(self) -> None:
        super().__init__("nothing was changed yet")


class MeaningUnsaid(StoreError):
    """Of ``places`` nobody has said whether they mean something else now."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        super().__init__("say first of each text whether it means something else now")


class ChecksFail(StoreError):
    """``findings`` keep the change from going out."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} findings keep it from going out")


class ConflictsLeft(StoreError):
    """Somebody else published other texts in the same places meanwhile: choose first."""

    def __init__(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("somebody else published other texts in the same places meanwhile")


class WayChanged(StoreError):
    """Kept conversations take another way with this change; ``tests`` are their numbers. A publisher says first that it is right."""

    def __init__(self, tests: Iterable[int]) -> None:
        self.tests = tuple(tests)
        super().__init__("kept conversations take another way with this change")


class UsedBy(StoreError):
    """Other flows lead there: ``flows``."""

    def __init__(self, flows: Iterable[str]) -> None:
        self.flows = tuple(flows)
        super().__init__("other answers lead there")


class HeirNeeded(StoreError):
    """What families ask for by ``intents`` must still be answered: name the flow that does."""

    def __init__(self, intents: Iterable[str]) -> None:
        self.intents = tuple(intents)
        super().__init__("say which answer takes what this one was asked for")


class NameTaken(StoreError):
    """A flow of that name is there, or being made, or it is no name: small letters, digits and _."""

    def __init__(self) -> None:
        super().__init__("that name is taken, or is none: small letters, digits and _")


class CannotReview(NotYours):
    """Only who is entered as a speaker says so of K'iche', only a publisher who did not write it of Spanish and English."""


class CannotApprove(NotYours):
    """Only who is entered with a licence or accreditation approves a rights answer."""
