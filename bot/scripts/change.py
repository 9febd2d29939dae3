"""What is being changed of one answer, as values: its texts in three languages, its steps, and how far it has come. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bot.engine.flow import Approval, Group
from bot.language import Language
from bot.wording.state import Review, text_hash

Place = tuple[str, Language]
"""A text in one language: its key (``flow.step.part``) and the language."""


class Stage(StrEnum):
    """How far a change has come. DRAFT and REVIEW are open: of each flow there is one at most."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    DROPPED = "dropped"


class NewText(Struct, frozen=True):
    """One text of a change in one language. ``was``: as it stood below when it was written.

    ``meaning``: whether it means something else now; None while nobody has said so. ``settled``: nothing that it is checked
    against has changed its meaning since somebody wrote it, or looked at it and left it as it is (then ``text`` is ``was``).
    """

    key: str
    language: Language
    text: str
    was: str
    meaning: bool | None = None
    settled: bool = True
    review: Review | None = None
    by: int = 0
    at: int = 0

    @property
    def place(self) -> Place:
        """Which text it is."""
        return self.key, self.language


class Draft(Struct, frozen=True):
    """A change of one flow, to be applied to a release.

    ``yaml``: the flow's file where its steps changed, with ``keys`` for what went under another key (old -> new, "" for gone) and
    ``yaml_was``, the file that it was made from. ``group``: of a new flow. ``archived``: the flow goes, its intents go to ``heir``.
    ``approval`` holds while the words that it names are those that would go out.
    """

    flow: str
    texts: tuple[NewText, ...] = ()
    yaml: str | None = None
    yaml_was: str | None = None
    keys: Mapping[str, str] = {}
    group: Group | None = None
    archived: bool = False
    heir: str | None = None
    approval: Approval | None = None


class Conflict(Struct, frozen=True):
    """Somebody else published another text meanwhile. ``key`` is empty, and ``language`` None, for the steps of the flow.

    ``mine``: as the change has it; ``theirs``: as it stands now; ``was``: as it stood when the change was written.
    """

    key: str
    language: Language | None
    mine: str
    theirs: str
    was: str


def version_of(text: str, theirs: str | None = None) -> int:
    """What whoever writes a text began from: a short mark of it, and of the other text that she was shown beside it in a conflict."""
    return int(text_hash(text if theirs is None else f"{text}\0{theirs}"), 16)


def joined_keys(before: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    """Where texts went by one change of steps after another (old key -> new key, "" for gone)."""
    whole = {old: then.get(new, new) for old, new in before.items()}
    # What went away earlier, or came by an earlier change, is no text of the release.
    return whole | {old: new for old, new in then.items() if old not in before and old not in before.values()}


class Hand(Struct, frozen=True):
    """Somebody who wrote something; ``name`` is empty for an account that is not there any more."""

    id: int
    name: str


class Opened(Struct, frozen=True):
    """A change that is a draft or in review. Times are unix seconds.

    ``hands``: everybody who wrote something of it; none of them may publish it. ``mark`` changes with all that it changes.
    ``note``: to whoever reviews; ``remark``: of whoever sent it back.
    """

    id: int
    flow: str
    stage: Stage
    base: int
    made: int
    by: Hand
    changed: int
    sent: int | None
    sent_by: Hand | None
    note: str
    remark: str
    hands: tuple[Hand, ...]
    draft: Draft
    yaml_version: int
    mark: str

    @property
    def places(self) -> tuple[Place, ...]:
        """The texts that it changes, each with its language."""
        return tuple(each.place for each in self.draft.texts if each.text != each.was)

    @property
    def unsaid(self) -> tuple[Place, ...]:
        """The texts of which nobody has said whether they mean something else now."""
        return tuple(each.place for each in self.draft.texts if each.meaning is None)

    @property
    def steps(self) -> bool:
        """Whether its steps change."""
        return self.draft.yaml is not None

    @property
    def new(self) -> bool:
        """Whether it makes a flow that there was not before."""
        return self.draft.group is not None

    def wrote(self, user: int) -> bool:
        """Whether she is one of those who wrote it."""
        return any(hand.id == user for hand in self.hands)


def mark_of(draft: Draft) -> str:
    """A short mark of all that a change changes: who has looked at it, looked at this."""
    parts: list[object] = [draft.yaml, sorted(draft.keys.items()), draft.archived, draft.heir]
    parts += sorted((e.key, e.language.value, e.text, e.meaning, e.settled) for e in draft.texts)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
