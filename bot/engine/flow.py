"""What a flow is: steps that say, ask, branch and lead on. Values only; bot/engine/read.py makes them from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

DURABLE_FLOWS = frozenset({"home_visit", "street_stop", "car_stop", "workplace_raid", "if_detained", "family_plan"})
"""Besides all urgent flows: what people read while somebody is at the door, or keep for that day."""


class Group(StrEnum):
    """The folder that a flow stands in decides how carefully it is treated."""

    URGENT = "urgent"
    RIGHTS = "rights"
    SERVICES = "services"
    CONVERSATION = "conversation"


class Sentence(Struct, frozen=True):
    """A text with its key (``flow.step.part``), in English.

    With ``fact`` it goes when that fact runs out; with ``without`` it goes out only while that field is not known; with
    ``country`` only to somebody who is there, or of whom no place is known.
    """

    key: str
    english: str
    fact: str | None = None
    without: str | None = None
    country: str | None = None


class Target(Struct, frozen=True):
    """Where something leads: a step of the same flow, another flow, back, or nowhere (the end)."""

    step: str | None = None
    flow: str | None = None
    back: bool = False


class Choice(Struct, frozen=True):
    """One line of a numbered menu."""

    digit: int
    label: Sentence
    target: Target


class Condition(Struct, frozen=True):
    """A closed test for a branch: ``has place``, ``country is GT``, ``language is quc``, ``channel is sms``.

    About the desk: ``desk answers``, ``bad day``, ``with a person``; about who writes: ``a child writes``, ``cannot wait``.
    """

    subject: str
    value: str | None = None


class Arm(Struct, frozen=True):
    """One way of a branch; the last has no condition."""

    condition: Condition | None
    target: Target


class Step(Struct, frozen=True):
    """One step. At most one of the waiting parts (choices, yes_no, ask, helped) is set. ``child`` is ``say`` to a child who writes."""

    name: str
    say: Sentence | None = None
    child: Sentence | None = None
    durable: Sentence | None = None
    also: tuple[Sentence, ...] = ()
    choices: tuple[Choice, ...] = ()
    yes_no: tuple[Target, Target] | None = None
    ask: str | None = None
    on_place: Target | None = None
    slot: str | None = None
    branch: tuple[Arm, ...] = ()
    services: str | None = None
    government: bool = False
    area_notices: bool = False
    none: Sentence | None = None
    escalate: str | None = None
    language: str | None = None
    needs: str | None = None
    media: str | None = None
    helped: bool = False
    erase: bool = False
    keep: bool = False
    flag: bool = False
    target: Target | None = None
    end: bool = False

    @property
    def waits(self) -> bool:
        """Whether the bot stays here until the person writes."""
        return bool(self.choices or self.yes_no or self.ask or self.helped)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every way out of this step."""
        ways = [c.target for c in self.choices] + [a.target for a in self.branch] + list(self.yes_no or ())
        return tuple(ways + [target for target in (self.on_place, self.target) if target])

    @property
    def answers(self) -> tuple[Sentence, ...]:
        """What it says, in each of its forms: to anybody, to a child, while that is stale, where nobody is near."""
        return tuple(each for each in (self.say, self.child, self.durable, self.none) if each)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every text of this step."""
        return (*self.answers, *self.also, *(c.label for c in self.choices))


class Approval(Struct, frozen=True):
    """A lawyer's or accredited representative's word on a rights flow, bound to the words that she read."""

    name: str
    licence: str
    date: str
    words: str


class Flow(Struct, frozen=True):
    """A script about one thing. ``minimum`` is what goes out where nobody has approved it yet and somebody must.

    ``forget_soon``: not so delicate that its first words must tell nothing, but to be forgotten as soon.
    """

    name: str
    group: Group
    title: Sentence
    steps: Mapping[str, Step]
    intents: tuple[str, ...] = ()
    sensitive: bool = False
    facts: tuple[str, ...] = ()
    approved_by: Approval | None = None
    minimum: Sentence | None = None
    forget_soon: bool = False

    @property
    def delicate(self) -> bool:
        """Whether nobody else on the same phone should come upon it: danger, violence, trafficking, a child's fear."""
        return self.sensitive or self.forget_soon or self.group is Group.URGENT

    @property
    def first(self) -> Step:
        """Where the flow starts."""
        return next(iter(self.steps.values()))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every text of the flow, its title first."""
        minimum = (self.minimum,) if self.minimum else ()
        return (self.title, *minimum, *(s for step in self.steps.values() for s in step.sentences))


class Script(Struct, frozen=True):
    """All flows of a release, and which flow answers which intent."""

    flows: Mapping[str, Flow]
    by_intent: Mapping[str, str]

    @classmethod
    def of(cls, flows: Mapping[str, Flow]) -> Script:
        """The script of these flows."""
        return cls(flows, {intent: flow.name for flow in flows.values() for intent in flow.intents})

    def step(self, flow: str, step: str) -> Step | None:
        """The step of that name, or None when this release does not have it."""
        found = self.flows.get(flow)
        return found.steps.get(step) if found else None

    def is_urgent(self, intent: str) -> bool:
        """Whether this intent has a flow, and that is for danger."""
        flow = self.flows.get(self.by_intent.get(intent, ""))
        return flow is not None and flow.group is Group.URGENT
