"""Releases of as many flows as one wants, made of the real ones: ten that stand for themselves, and copies of all under other names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from bot.engine.flow import Arm, Flow, Script, Sentence, Step, Target
from bot.frozen import replace
from bot.language import Language
from bot.scripts.release import Release
from bot.wording.catalog import Catalog, Entry

TEN = (
    "notices", "menu", "human", "about", "home_visit", "street_stop", "agents_here_now", "danger_now", "services_legal", "services_near",
)  # fmt: skip
"""What any talk by digits needs, and some of each group."""
_MENU = Target(flow="menu")


def of_flows(release: Release, number: int) -> Release:
    """The ten, with ways among themselves alone, and copies of others until there are so many. A talk goes the same way in each size."""
    kept = {name: _cut(release.script.flows[name]) for name in TEN}
    entries = {language: dict(catalog.entries) for language, catalog in release.catalogs.items()}
    ours = {
        language: {key: each for key, each in said.items() if _flow_of(key) in kept}
        for language, said in entries.items()
    }
    for name, flow in _copies(release.script.flows):
        if len(kept) >= number:
            break
        kept[name] = replace(flow, intents=tuple(f"{intent}_{name}" for intent in flow.intents))
        for language, said in entries.items():
            ours[language] |= _renamed(said, flow, name)
    catalogs = {language: _catalog(release.catalogs[language], ours[language]) for language in Language}
    return replace(release, script=Script.of(kept), catalogs=catalogs, withdrawn={})


def _catalog(catalog: Catalog, entries: Mapping[str, Entry]) -> Catalog:
    return replace(catalog, entries=dict(entries))


def _flow_of(key: str) -> str:
    return key.partition(".")[0]


def _copies(flows: Mapping[str, Flow]) -> Iterator[tuple[str, Flow]]:
    for number in count(1):
        for flow in flows.values():
            name = f"{flow.name}_{number}"
            yield name, replace(_cut(flow), name=name, title=_called(flow.title, name), steps=_steps(flow, name))


def _steps(flow: Flow, name: str) -> dict[str, Step]:
    return {
        step.name: replace(_cut_step(step), say=_called(step.say, name) if step.say else None)
        for step in flow.steps.values()
    }


def _called(sentence: Sentence, name: str) -> Sentence:
    return replace(sentence, key=f"{name}.{sentence.key.partition('.')[2]}")


def _renamed(entries: Mapping[str, Entry], flow: Flow, name: str) -> dict[str, Entry]:
    own = name.rpartition("_")[0]
    found = (entry for key, entry in entries.items() if _flow_of(key) == own)
    copies = (replace(entry, key=f"{name}.{entry.key.partition('.')[2]}") for entry in found)
    return {entry.key: entry for entry in copies}


def _cut(flow: Flow) -> Flow:
    return replace(flow, steps={step.name: _cut_step(step) for step in flow.steps.values()})


def _cut_step(step: Step) -> Step:
    """The step without choices that lead out of the ten; its other ways out lead to the menu."""
    return replace(
        step,
        choices=tuple(each for each in step.choices if _is_within(each.target)),
        yes_no=(_within(step.yes_no[0]), _within(step.yes_no[1])) if step.yes_no else None,
        on_place=_within(step.on_place) if step.on_place else None,
        branch=tuple(Arm(each.condition, _within(each.target)) for each in step.branch),
        target=_within(step.target) if step.target else None,
    )


def _is_within(target: Target) -> bool:
    return target.flow is None or target.flow in TEN


def _within(target: Target) -> Target:
    return target if _is_within(target) else _MENU
