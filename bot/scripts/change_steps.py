"""Changing the steps of a flow: each function takes its file as text and gives the new one. Comments stay where they are. Pure.

A new sentence is written in English in the file; its Spanish and K'iche' come as texts of the change, under its key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.engine.flow import Flow, Group, Step, Target
from bot.engine.read import LARGEST_MENU
from bot.scripts.change_yaml import StepsRefused, flow_of, tree, written

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


class Edited(Struct, frozen=True):
    """The new file of a flow. ``keys``: which texts went under another key (old -> new, "" for gone); ``fresh``: keys that are new."""

    yaml: str
    keys: Mapping[str, str] = {}
    fresh: tuple[str, ...] = ()


def lead(yaml: str, flow: Flow, step: str, by: str, target: Target) -> Edited:
    """A way of a step leads somewhere else. ``by`` as change_ways has it: choice.2, yes, no, place, go, or if.1 of a branch."""
    value = tree(yaml)
    found, (kind, _, number) = _step(value, flow, step), by.partition(".")
    known = next((way for way in leadable(flow.steps[step]) if way.by == by), None)
    if known is None and kind == "choice":
        raise StepsRefused(f"the step {step!r} has no choice {number}", "no-such-choice", n=number)
    if known is None:
        raise StepsRefused(f"the step {step!r} has no way {by!r}", "no-way")
    if known.own and (target.step is None or target.flow or target.back):
        raise StepsRefused("this way can only lead to a step of the same flow", "own-step")
    if kind == "place":
        found["on_place"] = target.step
    elif kind in ("yes", "no"):
        # As YAML read them: a bare yes or no would be true or false to other readers.
        found["yes_no"][by] = target.step
    else:
        part = {"choice": "choices", "if": "branch"}.get(kind)
        index = int(number) - (kind == "if") if part else 0
        _lead(found[part][index] if part else found, target)
    return _edited(value, flow)


class Leadable(Struct, frozen=True):
    """A way that can lead elsewhere; with ``own`` only to a step of the same flow."""

    by: str
    target: Target
    own: bool = False


def leadable(step: Step) -> tuple[Leadable, ...]:
    """The ways of a step that its file names. What the engine does by itself (after "did this help?") is none."""
    ways = [Leadable(f"choice.{choice.digit}", choice.target) for choice in step.choices]
    ways += [Leadable(by, target, own=True) for by, target in zip(("yes", "no"), step.yes_no or (), strict=False)]
    ways += [Leadable(f"if.{number}", arm.target) for number, arm in enumerate(step.branch, 1)]
    ways += [Leadable("place", step.on_place, own=True)] if step.on_place else []
    ways += [Leadable("go", step.target, own=step.ask is not None)] if step.target else []
    return tuple(ways)


def add_also(yaml: str, flow: Flow, step: str, words: str, fact: str | None = None) -> Edited:
    """One more sentence after what a step says; with ``fact`` it goes when that fact runs out."""
    value = tree(yaml)
    found, here = _step(value, flow, step), flow.steps[step]
    if not (here.say or here.none):
        raise StepsRefused("this step says nothing to which a sentence could be added", "says-nothing")
    taken = {sentence.key.rpartition(".")[2] for sentence in here.also}
    wanted = fact or "_".join(re.findall(r"[a-z]+", words.lower())[:3])[:30] or "more"
    name = next(each for each in (wanted, *(f"{wanted}_{number}" for number in range(2, 100))) if each not in taken)
    line = CommentedMap({"id": name, **({"fact": fact} if fact else {}), "text": _words(words)})
    if "also" in found:
        found["also"].append(line)
    else:
        after = max(list(found).index(word) for word in ("say", "child", "durable", "none") if word in found)
        found.insert(after + 1, "also", CommentedSeq([line]))
    return _edited(value, flow, fresh=(f"{flow.name}.{step}.also.{name}",))


def remove_also(yaml: str, flow: Flow, step: str, name: str) -> Edited:
    """A sentence that was added after what a step says goes with its texts."""
    value = tree(yaml)
    found = _step(value, flow, step)
    lines = found.get("also") or []
    index = next((number for number, line in enumerate(lines) if line["id"] == name), None)
    if index is None:
        raise StepsRefused(f"the step {step!r} has no sentence {name!r}", "no-sentence")
    del lines[index]
    if not lines:
        del found["also"]
    return _edited(value, flow, {f"{flow.name}.{step}.also.{name}": ""})


def add_choice(yaml: str, flow: Flow, step: str, label: str, target: Target) -> Edited:
    """One more line at the end of a menu; of a step that waits for nothing yet, its first."""
    value = tree(yaml)
    found = _step(value, flow, step)
    here = flow.steps[step]
    if here.yes_no or here.ask or here.helped or here.branch:
        raise StepsRefused("this step waits for something else, or chooses the way by itself", "waits")
    if len(here.choices) >= LARGEST_MENU:
        raise StepsRefused(f"a menu has {LARGEST_MENU} lines at most: lead to a further step", "full", n=LARGEST_MENU)
    if not here.choices:
        for word in ("go", "flow", "return", "end"):
            found.pop(word, None)
    digit = len(here.choices) + 1
    found.setdefault("choices", CommentedMap())[digit] = _line({"label": _words(label), **_way(target)})
    return _edited(value, flow, fresh=(f"{flow.name}.{step}.choice.{digit}",))


def remove_choice(yaml: str, flow: Flow, step: str, digit: int) -> Edited:
    """A line of a menu goes, those behind it move up with their texts. The last one stays: a step must lead on."""
    value = tree(yaml)
    _choice(value, flow, step, digit)
    choices = _step(value, flow, step)["choices"]
    if len(choices) == 1:
        raise StepsRefused("this is the only way on: add another choice first", "only-way")
    lines = [choices[number] for number in choices if number != digit]
    for number in list(choices):
        del choices[number]
    for number, line in enumerate(lines, 1):
        choices[number] = line
    key = f"{flow.name}.{step}.choice"
    moved = {f"{key}.{number}": f"{key}.{number - 1}" for number in range(digit + 1, len(lines) + 2)}
    return _edited(value, flow, {f"{key}.{digit}": "", **moved})


def add_step(yaml: str, flow: Flow, name: str, say: str, choices: Mapping[str, Target]) -> Edited:
    """A step at the end of the flow; ``choices`` by their English labels. Something has to lead to it before it goes out."""
    if not NAME.fullmatch(name) or name in flow.steps:
        raise StepsRefused("that name is taken, or is none: small letters, digits and _", "name")
    if not choices:
        raise StepsRefused("a step needs a choice that leads on", "no-choice")
    value = tree(yaml)
    lines = CommentedMap()
    for digit, (label, target) in enumerate(choices.items(), 1):
        lines[digit] = _line({"label": _words(label), **_way(target)})
    value["steps"][name] = CommentedMap({"say": _words(say), "choices": lines})
    fresh = (f"{flow.name}.{name}.say", *(f"{flow.name}.{name}.choice.{digit}" for digit in lines))
    return _edited(value, flow, fresh=fresh)


def remove_step(yaml: str, flow: Flow, name: str) -> Edited:
    """A step goes with its texts. Refused while something leads to it, and for the first one."""
    value = tree(yaml)
    _step(value, flow, name)
    if name == flow.first.name:
        raise StepsRefused("the answer begins with this step", "first")
    leading = [step.name for step in flow.steps.values() if any(target.step == name for target in step.targets)]
    leading = [each for each in leading if each != name]
    if leading:
        names = ", ".join(leading)
        raise StepsRefused(f"these steps lead here: {names}. Change where they lead first", "led", steps=names)
    del value["steps"][name]
    gone = {sentence.key: "" for sentence in flow.steps[name].sentences}
    return _edited(value, flow, gone)


def add_say(yaml: str, flow: Flow, step: str, part: str, words: str) -> Edited:
    """A step gets its ``say`` or its ``durable`` sentence."""
    if part not in ("say", "durable"):
        raise StepsRefused("only say and durable can be added")
    value = tree(yaml)
    found = _step(value, flow, step)
    if part in found:
        raise StepsRefused(f"there is a {part} already")
    found.insert(0 if part == "say" else list(found).index("say") + 1 if "say" in found else 0, part, _words(words))
    return _edited(value, flow, fresh=(f"{flow.name}.{step}.{part}",))


def rename_title(yaml: str, flow: Flow, title: str) -> Edited:
    """What menus call the flow, in English."""
    value = tree(yaml)
    value["title"] = _words(title)
    return _edited(value, flow)


def replaced(yaml: str, flow: Flow) -> Edited:
    """A whole file as somebody wrote it: texts whose key is gone go, new ones are empty."""
    after = flow_of(yaml, flow.name, flow.group)
    before, now = ({sentence.key for sentence in each.sentences} for each in (flow, after))
    return Edited(yaml, dict.fromkeys(sorted(before - now), ""), tuple(sorted(now - before)))


def new_flow(name: str, group: Group, title: str, say: str, intents: tuple[str, ...] = ()) -> Edited:
    """A flow of one step that leads to the organizations near, and to a person by the bot's own 0."""
    value = CommentedMap({"name": name, "title": _words(title), "intents": _flow_style(intents)})
    lines = CommentedMap({1: _line({"label": "organizations near", "flow": "services_near"})})
    value["steps"] = CommentedMap({"first": CommentedMap({"say": _words(say), "choices": lines})})
    return _made(value, name, group)


def duplicated(yaml: str, name: str, group: Group, title: str) -> Edited:
    """The same flow under another name: without its intents, which stay where they are, and without anybody's approval."""
    value = tree(yaml)
    value["name"], value["title"] = name, _words(title)
    value.pop("approved_by", None)
    if "intents" in value:
        value["intents"] = _flow_style(())
    else:
        value.insert(list(value).index("title") + 1, "intents", _flow_style(()))
    return _made(value, name, group)


def _made(value: Any, name: str, group: Group) -> Edited:
    yaml = written(value)
    return Edited(yaml, fresh=tuple(sentence.key for sentence in flow_of(yaml, name, group).sentences))


def _edited(value: Any, flow: Flow, keys: Mapping[str, str] | None = None, fresh: tuple[str, ...] = ()) -> Edited:
    yaml = written(value)
    flow_of(yaml, flow.name, flow.group)  # Refused here, where whoever did it still sees what she did.
    return Edited(yaml, dict(keys or {}), fresh)


def _step(value: Any, flow: Flow, step: str) -> Any:
    if step not in flow.steps:
        raise StepsRefused(f"there is no step {step!r} in {flow.name}", "no-step", step=step)
    return value["steps"][step]


def _choice(value: Any, flow: Flow, step: str, digit: int) -> Any:
    choices = _step(value, flow, step).get("choices") or {}
    if digit not in choices:
        raise StepsRefused(f"the step {step!r} has no choice {digit}", "no-such-choice", n=digit)
    return choices[digit]


def _lead(parts: CommentedMap, target: Target) -> None:
    """Replaces the word that says where it leads, at its place and with its comment."""
    (word, led) = next(iter(_way(target).items()))
    old = next(each for each in ("go", "flow", "return") if each in parts)
    if word == old:
        parts[word] = led
        return
    place, comment = list(parts).index(old), parts.ca.items.pop(old, None)
    del parts[old]
    parts.insert(place, word, led)
    if comment is not None:
        parts.ca.items[word] = comment


def _way(target: Target) -> dict[str, object]:
    if target.back:
        return {"return": True}
    if target.flow:
        return {"flow": target.flow}
    if target.step:
        return {"go": target.step}
    raise StepsRefused("say where it leads", "no-target")


def _words(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise StepsRefused("write the English sentence", "no-english")
    return words


def _line(parts: Mapping[str, object]) -> CommentedMap:
    line = CommentedMap(parts)
    line.fa.set_flow_style()
    return line


def _flow_style(names: tuple[str, ...]) -> CommentedSeq:
    listed = CommentedSeq(names)
    listed.fa.set_flow_style()
    return listed
