"""The flows that families get, and short ways to write down a session and a turn."""

from __future__ import annotations

from typing import Any

from bot.content import load_flows
from bot.engine.actions import Say
from bot.engine.flow import Script
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.session import Session, Spot
from bot.settings import REPOSITORY

SCRIPT = Script.of(load_flows(REPOSITORY / "flows"))
NOW = 1_800_000_000.0
KNOWN = Session(language=Language.ES, known=True, updated=NOW)
CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
XELA = "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town"


def heard(*ranking: tuple[str, float], language: str = "es") -> Understanding:
    return Understanding(tuple(Intent(*pair) for pair in ranking), ((Language(language), 0.99),))


def unknown_language(*ranking: tuple[str, float]) -> Understanding:
    return replace(heard(*ranking), languages=((Language.ES, 0.1),), foreign=0.9)


def at(flow: str, step: str | None = None, **more: Any) -> Session:
    return replace(KNOWN, at=Spot(flow, step or SCRIPT.flows[flow].first.name), **more)


def flows_said(actions: tuple[Any, ...]) -> list[str]:
    return [f"{a.flow}.{a.step}" for a in actions if isinstance(a, Say)]


def turn(**parts: Any) -> Turn:
    return Turn(**{"words": 1, **parts})
