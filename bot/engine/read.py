"""From the mapping that a YAML file holds to a Flow. Every complaint names the file, the step and the mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from bot.engine.errors import FlowError
from bot.engine.flow import Approval, Arm, Choice, Condition, Flow, Group, Sentence, Step, Target

FLOW_WORDS = {"name", "title", "intents", "sensitive", "forget_soon", "facts", "steps", "approved_by", "minimum"}
STEP_WORDS = {
    "say", "child", "durable", "also", "choices", "yes_no", "ask", "on_place", "slot", "branch", "services", "government", "area_notices",
    "none", "escalate", "language", "needs", "media", "helped", "erase", "keep", "flag", "go", "flow", "return", "end",
}  # fmt: skip
SERVICES = {
    "legal", "counseling", "after_school", "children_youth", "basic_needs", "health", "education",
    "workers_rights", "interpreters", "community", "any",
}  # fmt: skip
SUBJECTS = {"country": {"US", "MX", "GT", "HN", "SV"}, "language": {"es", "en", "quc"}, "channel": {"sms", "whatsapp"}}
# Conditions without a value: of the person's place, of the desk, and of who writes (bot/engine/who_writes.py).
BARE_SUBJECTS = ("has place", "desk answers", "bad day", "with a person", "a child writes", "cannot wait")
# What may be unknown about a person, so that a sentence asks for it.
UNKNOWN_FIELDS = {"place"}
LARGEST_MENU = 8
_CODE = re.compile(r"[a-z]{2,3}")


class _Reader:
    """Carries the file and step through the reading, so that each complaint can name them."""

    def __init__(self, file: str, flow: str) -> None:
        self.file, self.flow, self.step = file, flow, None  # type: str, str, str | None

    def refuse(self, problem: str, mend: str) -> NoReturn:
        raise FlowError(self.file, self.step, problem, mend)

    def text(self, value: Any, what: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{what} is not a text", f"Write the English sentence of {what}")
        return " ".join(value.split())

    def words(self, value: Mapping[Any, Any], known: set[str], where: str) -> None:
        for word in value:
            if word not in known:
                self.refuse(f"{where} does not know the word {word!r}", f"Use one of: {', '.join(sorted(known))}")

    def mapping(self, value: Any, what: str) -> Mapping[Any, Any]:
        if not isinstance(value, Mapping) or not value:
            self.refuse(f"{what} is empty or not a mapping", "See flows/README.md for its form")
        return value

    def sentence(self, value: Any, part: str, fact: Any = None, without: Any = None, country: Any = None) -> Sentence:
        key = f"{self.flow}.{self.step}.{part}" if self.step else f"{self.flow}.{part}"
        if fact is not None:
            fact = self.text(fact, "fact")
        if without not in (None, *UNKNOWN_FIELDS):
            self.refuse(f"without: {without} is not known", f"Use one of: {', '.join(sorted(UNKNOWN_FIELDS))}")
        if country not in (None, *SUBJECTS["country"]):
            self.refuse(f"country: {country} is not known", f"Use one of: {', '.join(sorted(SUBJECTS['country']))}")
        return Sentence(key, self.text(value, part), fact, without, country)

    def target(self, value: Mapping[Any, Any], what: str) -> Target | None:
        ways = [word for word in ("go", "flow", "return") if value.get(word)]
        if len(ways) > 1:
            self.refuse(f"{what} leads to {' and '.join(ways)} at once", "Keep one of them")
        if not ways:
            return None
        if ways[0] == "return":
            return Target(back=True)
        name = self.text(value[ways[0]], ways[0])
        return Target(step=name) if ways[0] == "go" else Target(flow=name)


def _also(reader: _Reader, value: Any) -> tuple[Sentence, ...]:
    sentences = []
    for item in (
        value if isinstance(value, list) else reader.refuse("also is not a list", "Begin each sentence with '- id:'")
    ):
        reader.mapping(item, "a sentence of also")
        reader.words(item, {"id", "text", "fact", "without", "country"}, "also")
        sentences.append(
            reader.sentence(
                item.get("text"),
                f"also.{reader.text(item.get('id'), 'id')}",
                item.get("fact"),
                item.get("without"),
                item.get("country"),
            )
        )
    if len({s.key for s in sentences}) < len(sentences):
        reader.refuse("two sentences of also have the same id", "Give each its own")
    return tuple(sentences)


def _choices(reader: _Reader, value: Any) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for digit, item in reader.mapping(value, "choices").items():
        if not isinstance(digit, int) or digit != len(choices) + 1 or digit > LARGEST_MENU:
            reader.refuse(
                f"choice {digit!r} is out of order",
                f"Number them 1, 2, 3 ... up to {LARGEST_MENU}; 0 and 9 are made by the bot",
            )
        reader.mapping(item, f"choice {digit}")
        reader.words(item, {"label", "go", "flow", "return"}, f"choice {digit}")
        target = reader.target(item, f"choice {digit}")
        if target is None:
            reader.refuse(f"choice {digit} leads nowhere", "Give it go: STEP or flow: NAME")
        choices.append(Choice(digit, reader.sentence(item.get("label"), f"choice.{digit}"), target))
    return tuple(choices)


def _condition(reader: _Reader, text: str) -> Condition:
    if text in BARE_SUBJECTS:
        return Condition(text)
    subject, _, value = text.partition(" is ")
    if value not in SUBJECTS.get(subject, ()):
        reader.refuse(
            f"the condition {text!r} is not known",
            f"Use: {', '.join(BARE_SUBJECTS)}, country is GT, language is quc, channel is sms",
        )
    return Condition(subject, value)


def _branch(reader: _Reader, value: Any) -> tuple[Arm, ...]:
    arms = []
    for item in (
        value if isinstance(value, list) else reader.refuse("branch is not a list", "Begin each way with '- if:'")
    ):
        reader.words(reader.mapping(item, "a way of branch"), {"if", "go", "flow", "return"}, "branch")
        target = reader.target(item, "a way of branch")
        if target is None:
            reader.refuse("a way of branch leads nowhere", "Give it go: STEP")
        condition = _condition(reader, reader.text(item["if"], "if")) if "if" in item else None
        arms.append(Arm(condition, target))
    if not arms or arms[-1].condition is not None or any(a.condition is None for a in arms[:-1]):
        reader.refuse("branch needs a last way without if, and only one", "Add '- go: STEP' at its end")
    return tuple(arms)


def _yes_no(reader: _Reader, value: Any) -> tuple[Target, Target]:
    reader.words(reader.mapping(value, "yes_no"), {"yes", "no"}, "yes_no")
    return (
        Target(step=reader.text(value.get("yes"), "yes")),
        Target(step=reader.text(value.get("no"), "no")),
    )


def _step(reader: _Reader, name: str, value: Any) -> Step:
    reader.step = name
    reader.words(reader.mapping(value, "the step"), STEP_WORDS, "a step")
    optional: dict[str, Any] = {
        word: reader.text(value[word], word)
        for word in ("ask", "slot", "services", "escalate", "language", "needs", "media")
        if word in value
    }
    step = Step(
        name=name,
        say=reader.sentence(value["say"], "say") if "say" in value else None,
        child=reader.sentence(value["child"], "child") if "child" in value else None,
        durable=reader.sentence(value["durable"], "durable") if "durable" in value else None,
        also=_also(reader, value["also"]) if "also" in value else (),
        choices=_choices(reader, value["choices"]) if "choices" in value else (),
        yes_no=_yes_no(reader, value["yes_no"]) if "yes_no" in value else None,
        branch=_branch(reader, value["branch"]) if "branch" in value else (),
        none=reader.sentence(value["none"], "none") if "none" in value else None,
        government=value.get("government") is True,
        area_notices=value.get("area_notices") is True,
        helped=value.get("helped") is True,
        erase=value.get("erase") is True,
        keep=value.get("keep") is True,
        flag=value.get("flag") is True,
        end=value.get("end") is True,
        target=reader.target(value, "the step"),
        on_place=Target(step=reader.text(value["on_place"], "on_place")) if "on_place" in value else None,
        **optional,
    )
    _check_step(reader, step)
    return step


def _check_step(reader: _Reader, step: Step) -> None:
    # Beside a question for a place a line or two may stand: no place is a digit.
    place = step.ask == "place" and not step.on_place
    waits = [bool(step.choices) and not place, bool(step.yes_no), bool(step.ask), step.helped]
    if sum(waits) > 1:
        reader.refuse("the step waits for two things at once", "Keep one of choices, yes_no, ask, helped")
    if step.ask not in (None, "place", "text"):
        reader.refuse(f"ask: {step.ask} is not known", "Use ask: place or ask: text")
    if step.ask and (step.target is None or step.target.step is None):
        reader.refuse("an ask leads nowhere", "Add go: STEP")
    if step.child and step.say is None:
        reader.refuse("child: stands in the place of no say:", "Write what everybody else is told as say:")
    if step.on_place and not step.choices:
        reader.refuse("on_place stands beside no menu", "Use ask: place, or add choices")
    if step.waits and step.say is None and not (step.services or (step.area_notices and step.none)):
        reader.refuse("the step asks without saying what", "Add say:")
    if step.services and (step.services not in SERVICES or step.none is None):
        reader.refuse(
            "services needs a known kind and what to say when nobody is near",
            f"Kinds: {', '.join(sorted(SERVICES))}; add none:",
        )
    if step.flag and (step.waits or step.target is None):
        reader.refuse("flag needs where to go on when no list is known any more, and asks nothing", "Add go: STEP")
    if step.keep and step.waits:
        reader.refuse("keep asks nothing", "Let a step with ask: text lead to it")
    if step.language not in (None, "es", "en", "quc"):
        reader.refuse(f"language: {step.language} is not known", "Use es, en or quc")
    if step.needs and not _CODE.fullmatch(step.needs):
        reader.refuse(f"needs: {step.needs} is no language", "Use the code of ISO 639-3, such as mam")
    if not (step.waits or step.branch or step.target or step.end):
        reader.refuse("the step is a dead end", "Add choices, go, flow, return or end: true")


def _approval(reader: _Reader, value: Any) -> Approval | None:
    if value is None:
        return None
    reader.words(reader.mapping(value, "approved_by"), {"name", "licence", "date", "words"}, "approved_by")
    return Approval(*(reader.text(str(value.get(part, "")), part) for part in ("name", "licence", "date", "words")))


def read_flow(value: Any, file: str, group: Group) -> Flow:
    """The flow in this mapping. ``FlowError`` names what is wrong and its mend. Targets in other flows: see check.py."""
    name = file.rsplit("/", 1)[-1].removesuffix(".yml")
    reader = _Reader(file, name)
    reader.words(reader.mapping(value, "the file"), FLOW_WORDS, "a flow")
    if value.get("name") != name:
        reader.refuse(f"the name is {value.get('name')!r}", f"Write name: {name}, as the file is called")
    title = reader.sentence(value.get("title"), "title")
    approval = _approval(reader, value.get("approved_by"))
    minimum = reader.sentence(value["minimum"], "minimum") if "minimum" in value else None
    intents = tuple(value.get("intents", [name]) or ())
    raw_steps = reader.mapping(value.get("steps"), "steps")
    steps = {}
    for step, body in raw_steps.items():
        reader.step = None
        steps[str(step)] = _step(reader, str(step), body)
    sensitive, facts = value.get("sensitive") is True, tuple(value.get("facts", ()))
    soon = value.get("forget_soon") is True
    flow = Flow(name, group, title, steps, intents, sensitive, facts, approval, minimum, soon)
    _check_own_targets(reader, flow)
    return flow


def _check_own_targets(reader: _Reader, flow: Flow) -> None:
    for step in flow.steps.values():
        reader.step = step.name
        for target in step.targets:
            if target.step is not None and target.step not in flow.steps:
                reader.refuse(f"go: {target.step} is not a step of this flow", f"Steps here: {', '.join(flow.steps)}")
        if step.helped and (flow.sensitive or flow.group is Group.URGENT):
            reader.refuse("'did this help?' is not asked in an urgent or sensitive flow", "Take helped away")
