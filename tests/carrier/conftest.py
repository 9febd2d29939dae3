"""The desk's side of sending, for the tests with a Twilio that none of us wrote; Twilio's door, for those of ``twilio setup``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from bot import cli_twilio_setup
from bot.app import Puente
from bot.channels.dispatch import Dispatch
from bot.channels.inbound import channel_of
from bot.channels.sending import Sending
from bot.channels.setup.asking import Asking
from bot.escalation.escalation import Author
from bot.settings import Settings
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.desk_rows import write
from bot.store.key_store import open_key_store
from bot.store.models import Escalation, OutboxRow
from bot.store.unsettled import Unsettled
from tests.carrier.buttons import scene as scene
from tests.carrier.door import Door, opened
from tests.carrier.fake import ACCOUNT, KEY, SECRET, SMS, WHATSAPP, Twilio
from tests.carrier.faults import PATIENCE
from tests.carrier.terminal import Terminal

ANA, LUZ = "+12025550101", "whatsapp:+12025550102"


@dataclass
class Desk:
    """An app that takes reports, its stores, and a dispatcher; its clock is moved by hand."""

    puente: Puente
    settings: Settings
    dispatch: Dispatch
    clocks: tuple[Path, Path]
    """Ours and Twilio's."""
    spent: list[int]

    @property
    def engine(self) -> Engine:
        return self.puente.engine

    def reply(self, text: str, address: str = ANA, template: str | None = None, **values: str) -> str:
        """Staff write to somebody; the id in the outbox."""
        id = self.puente.escalations.open(address, channel_of(address))
        key = open_key_store(self.settings).require(id)
        beside = {"values": values} if values else None
        with self.engine.begin() as connection:
            number = write(connection, key, Author.STAFF, self.now(), text, beside=beside)
            return self.puente.outbox.put(connection, id, number, template)

    def row(self, id: str) -> OutboxRow:
        with self.engine.connect() as connection:
            return connection.execute(select(OutboxRow).where(OutboxRow.id == id)).one()  # type: ignore[return-value]

    def state(self, id: str) -> tuple[str, int | None]:
        found = self.row(id)
        return found.state, found.error

    def heard(self, seconds_ago: float) -> None:
        """When all of the families wrote last."""
        with self.engine.begin() as connection:
            connection.execute(update(Escalation).values(last_inbound=int(self.now() - seconds_ago)))

    def now(self) -> float:
        return self.puente.conversation.clock()

    def later(self, seconds: float) -> None:
        """Time goes by, for us and for Twilio."""
        ours, theirs = self.clocks
        whole = str(float(ours.read_text() or 0) + seconds)
        ours.write_text(whole)
        theirs.write_text(whole)


@pytest.fixture
def environ(twilio: Twilio, tmp_path: Path) -> dict[str, str]:
    """The settings of an installation whose reports come through the front."""
    (tmp_path / "clock").write_text("0")
    return {
        **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET},
        **{"TWILIO_API_BASE": twilio.url, "PUBLIC_BASE_URL": twilio.url},
        **{"TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": WHATSAPP},
        "PUENTE_CLOCK_FILE": str(tmp_path / "clock"),
    }


@pytest.fixture
def installed(
    twilio: Twilio, make_app: Callable[..., Flask], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Flask]:
    """Makes an installation behind the front, with further settings; its clock is the file."""

    def made(**more: str) -> Flask:
        monkeypatch.setenv("PUENTE_CLOCK_FILE", environ["PUENTE_CLOCK_FILE"])
        twilio.app = app = make_app(**environ, **more)
        return app

    return made


@pytest.fixture
def desk(twilio: Twilio, installed: Callable[..., Flask], tmp_path: Path) -> Desk:
    app = installed()
    puente: Puente = app.extensions["puente"]()
    settings: Settings = app.config["SETTINGS"]
    clock, spent = puente.conversation.clock, list[int]()
    dispatch = Dispatch(
        outbox=puente.outbox,
        unsettled=Unsettled(puente.engine, open_key_store(settings), clock),
        escalations=puente.escalations,
        opt_outs=puente.opt_outs,
        alarms=CarrierAlarms(puente.engine, clock),
        carrier=Sending(settings, timeout=PATIENCE),
        reports=f"{settings.public_base_url}/status",
        spend=spent.append,
        clock=clock,
    )
    return Desk(puente, settings, dispatch, (tmp_path / "clock", twilio.emulate.clock), spent)


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as door:
        yield door


@pytest.fixture
def terminal(door: Door, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    # Behind a proxy too, this machine is asked directly.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(cli_twilio_setup, "Asking", functools.partial(Asking, timeout=PATIENCE))
    return Terminal(door, monkeypatch)
