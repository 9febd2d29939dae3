"""A release of a dozen short flows in which nothing is wrong, for planting one fault at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot import content
from bot.directory.directory import Directory
from bot.engine.flow import Flow, Group, Script
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.language import Language
from bot.scripts.checks import findings
from bot.scripts.fact import Fact
from bot.scripts.finding import Finding
from bot.scripts.release import Release
from bot.scripts.ways import NEEDED_FLOWS, NEEDED_NOTICES
from bot.wording.catalog import Catalog, Entry
from bot.wording.fill import placeholders

SHIPPED = content.check()
INTENTS = frozenset({"home", "harm", "danger"})
KICHE = frozenset({"abogado", "utz"})


def near(digit: int = 1) -> dict[int, dict[str, str]]:
    """A menu of one line, to those who help."""
    return {digit: {"label": "help near", "flow": "services_near"}}


def _steps(say: str = "Good morning.", **more: Any) -> dict[str, Any]:
    return {"first": {"say": say, "choices": near(), **more}}


def _flows() -> dict[str, tuple[Group, dict[str, Any]]]:
    flows: dict[str, tuple[Group, dict[str, Any]]] = {
        name: (Group.CONVERSATION, {"intents": [], "steps": _steps()}) for name in NEEDED_FLOWS
    }
    flows["notices"] = (Group.CONVERSATION, {"steps": {name: {"say": "Done.", "end": True} for name in NEEDED_NOTICES}})
    shown = {
        "first": {
            "services": "any",
            "none": "I know nobody there yet.",
            "choices": {1: {"label": "something else", "flow": "greet"}},
        }
    }
    flows["services_near"] = (Group.SERVICES, {"steps": shown})
    flows["home"] = (
        Group.RIGHTS,
        {
            "intents": ["home"],
            "facts": ["calm"],
            "steps": {
                **_steps(
                    "Stay calm and silent.", also=[{"id": "new", "fact": "new_rule", "text": "Rules are changing."}]
                ),
                "inner": {
                    "say": "Ask for a lawyer.",
                    "choices": {1: {"label": "again", "go": "first"}, **near(2)},
                },
            },
        },
    )
    flows["home"][1]["steps"]["first"]["choices"][2] = {"label": "more", "go": "inner"}
    flows["danger"] = (Group.URGENT, {"intents": ["danger"], "steps": _steps("Call $emergency_911 now.")})
    hidden = "Puente here, information for families. Delete this if others look. EXIT changes the topic."
    flows["harm"] = (Group.URGENT, {"intents": ["harm"], "sensitive": True, "steps": _steps(hidden)})
    return flows


@dataclass
class Small:
    """What a fault is planted in: flows as their files hold them, texts by key, and everything beside them."""

    flows: dict[str, tuple[Group, dict[str, Any]]] = field(default_factory=_flows)
    en: dict[str, str] = field(default_factory=dict)
    es: dict[str, str] = field(default_factory=dict)
    quc: dict[str, str] = field(default_factory=dict)
    entries: list[tuple[Language, Entry]] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    intents: frozenset[str] = INTENTS
    change: Callable[[Release], Release] = field(default=lambda release: release)

    def __post_init__(self) -> None:
        self.es["harm.first.say"] = (
            "Aquí Puente, información para familias. Si alguien mira, bórrelo. SALIR cambia de tema."
        )
        for day, (name, volatile) in enumerate((("calm", False), ("new_rule", True)), 1):
            self.facts[name] = Fact(name, "x", "s", "recalled", None, date(2027, 3, day), "", volatile)

    def flow(self, name: str) -> dict[str, Any]:
        """The flow as its file holds it."""
        return self.flows[name][1]

    def step(self, name: str, step: str = "first") -> dict[str, Any]:
        """A step of it."""
        found: dict[str, Any] = self.flow(name)["steps"][step]
        return found

    def add(self, name: str, group: Group, steps: dict[str, Any], **more: Any) -> None:
        """One more flow; ``intents`` as given, else none."""
        self.flows[name] = (group, {"intents": [], "steps": steps, **more})

    def release(self) -> Release:
        """The release that these make. Spanish and K'iche' that nobody wrote are filled in, harmless."""
        read = {name: _read(name, group, value) for name, (group, value) in self.flows.items()}
        sentences = [sentence for flow in read.values() for sentence in flow.sentences]
        es = {each.key: self.es.get(each.key, _spanish(each.key, each.english)) for each in sentences}
        quc = {each.key: _kiche(each.key, each.english) for each in sentences} | self.quc
        catalogs = {}
        for language, texts in ((Language.EN, self.en), (Language.ES, es), (Language.QUC, quc)):
            made = {each.key: Entry(each.key, each.english, texts.get(each.key, "")) for each in sentences}
            made |= {entry.key: entry for of, entry in self.entries if of is language}
            catalogs[language] = Catalog.of(made.values(), language)
        shipped = SHIPPED.release
        placed = (each for each in shipped.directory.services if each.latitude is not None)
        services = [each for each in placed if "do not route" not in each.exclusions and each.area == "local"][:3]
        return self.change(
            replace(
                shipped,
                script=Script.of(read),
                catalogs=catalogs,
                facts=self.facts,
                directory=Directory.of(services),
            )
        )

    def found(self) -> tuple[Finding, ...]:
        """What the checks say."""
        return findings(self.release(), self.intents, KICHE)


def _read(name: str, group: Group, value: dict[str, Any]) -> Flow:
    value = {"name": name, "title": "a title", "intents": [], **copy.deepcopy(value)}
    return read_flow(value, f"flows/{group}/{name}.yml", group)


def _spanish(key: str, english: str) -> str:
    fields = "".join(f" ${name}" for name in sorted(placeholders(english)))
    digit = key.rsplit(".", 1)[-1] if ".choice." in key else ""
    return f"Buenos días {digit}{fields}".strip()


def _kiche(key: str, english: str) -> str:
    return (
        "" if ".choice." in key or ".also." in key else "utz" + "".join(f" ${n}" for n in sorted(placeholders(english)))
    )
