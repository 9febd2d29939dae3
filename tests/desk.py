"""A made-up desk behind an app: an organization with people, and what they do between two messages of a family.

Real stores throughout: what staff do here goes the way that it goes in the console.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy import select, update

from bot.app import Puente
from bot.escalation.escalation import Escalated, Resolution, Said
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.store.desk_organizations import DeskOrganizations
from bot.store.desk_talk import DeskTalk
from bot.store.desk_work import DeskWork
from bot.store.key_store import open_key_store
from bot.store.models import Escalation
from bot.store.outbox import Outbox
from tests.store.at_desk import employ

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY = "2026-11-24 10:00"
ANA = Viewer(1, "Ana", frozenset({Role.RESPONDER}), "centro")
CORA = Viewer(2, "Cora", frozenset({Role.COORDINATOR}), "centro")
LUZ = Viewer(3, "Luz", frozenset({Role.RESPONDER}), "puente-sur")


class MadeUpDesk:
    """The desk of an app, and the clock of both."""

    def __init__(self, app: Flask, clock: Path, organizations: tuple[DeskOrganization, ...]) -> None:
        self.app, self.file = app, clock
        self.puente: Puente = app.extensions["puente"]()
        puente, now = self.puente, self.puente.conversation.clock
        self.now = now
        keys = open_key_store(puente.settings)
        outbox = Outbox(puente.engine, keys, now)
        self.work = DeskWork(puente.engine, keys, puente.escalations, outbox, puente.opt_outs, now)
        self.talk = DeskTalk(puente.engine, keys, outbox, puente.opt_outs, now)
        self.desk = puente.conversation.desk
        store = DeskOrganizations(puente.engine, now)
        for each in organizations:
            store.save("cli", each)
        self.organizations = organizations
        if organizations:
            employ(puente.engine, ANA, CORA, LUZ)

    def at(self, moment: str) -> None:
        """Sets the clock, by the clocks of Chicago."""
        self.file.write_text(str(moment_of(moment) - time.time()), "ascii")
        self.puente.board.mirror()
        self.puente.escalations.mirror()

    def later(self, minutes: float) -> None:
        """So much time passes; the worker does what it does meanwhile."""
        self.file.write_text(str(float(self.file.read_text("ascii")) + minutes * 60), "ascii")
        self.puente.board.mirror()
        self.puente.escalations.mirror()

    def of(self, address: str) -> Escalated:
        """The person's conversation."""
        found = self.desk.find(address)
        assert found is not None, "nobody was handed over"
        return found

    def has(self, address: str) -> bool:
        return self.desk.find(address) is not None

    def thread(self, address: str) -> list[tuple[str, str]]:
        """Who wrote and what."""
        return [(each.author.value, each.text) for each in self.said(address)]

    def said(self, address: str) -> tuple[Said, ...]:
        return self.puente.escalations.messages(self.of(address).id)

    def act(self, what: str, address: str) -> None:
        """What happens before a message: ``take``, ``reply WORDS``, ``pass``, ``hand back``, ``resolve``, ``later MINUTES``,
        ``bad day``, ``good day``, ``redis emptied``."""
        verb, _, rest = what.partition(" ")
        does: dict[str, Callable[[], object]] = {
            "take": lambda: self.work.take(ANA, self.of(address).id),
            "reply": lambda: self._reply(address, rest),
            "pass": lambda: self.work.pass_on(
                ANA, self.of(address).id, "puente-sur", "¿Puede seguir Puente del Sur? 1 sí 2 no"
            ),
            "hand": lambda: self.work.hand_back(ANA, self.of(address).id),
            "resolve": lambda: self.work.resolve(ANA, self.of(address).id, Resolution.INFORMED),
            "later": lambda: self.later(float(rest)),
            "bad": lambda: self.puente.board.switch_bad_day(CORA, True),
            "good": lambda: self.puente.board.switch_bad_day(CORA, False),
            "redis": lambda: self.puente.redis.flushall(),
        }
        does[verb]()

    def _reply(self, address: str, words: str) -> None:
        id = self.of(address).id
        newest = self.puente.escalations.messages(id)[-1].number
        self.talk.reply(ANA, id, words, newest)

    def end(self) -> None:
        """Nobody waits and the day is good: the next conversation begins at an empty desk."""
        self.puente.board.switch_bad_day(CORA, False)
        with self.puente.engine.begin() as connection:
            ids = tuple(connection.scalars(select(Escalation.id).where(Escalation.erased.is_(None))))
            connection.execute(update(Escalation).values(held_since=None))
        self.puente.escalations.erase_all(ids)


def moment_of(moment: str) -> float:
    """Unix seconds of a moment by the clocks of Chicago, such as ``TUESDAY``."""
    return datetime.fromisoformat(moment).replace(tzinfo=CHICAGO).timestamp()


def organizations_in(path: Path) -> tuple[DeskOrganization, ...]:
    """The organizations of a YAML file, as tests/conversations/made_up/desk.yml."""
    listed = ("languages", "states", "topics")
    rows = YAML(typ="safe").load(path.read_text("utf-8"))
    return tuple(DeskOrganization(**{k: tuple(v) if k in listed else v for k, v in row.items()}) for row in rows)


def with_desk(
    make: Callable[..., Flask],
    clock: Path,
    organizations: tuple[DeskOrganization, ...],
    at: str = TUESDAY,
    **environ: str,
) -> MadeUpDesk:
    """An app with that desk, its clock at that moment."""
    clock.write_text("0", "ascii")
    os.environ["PUENTE_CLOCK_FILE"] = str(clock)
    try:
        app = make(**environ)
        desk = MadeUpDesk(app, clock, organizations)
    finally:
        del os.environ["PUENTE_CLOCK_FILE"]
    desk.at(at)
    return desk


CENTRO = DeskOrganization("centro", "Centro del Sol", "Mo-Fr 09:00-17:00", languages=("es", "quc"), is_default=True)
SUR = DeskOrganization("puente-sur", "Puente del Sur", topics=("daca",))
NO_HOURS = replace(CENTRO, hours="")
