"""A desk in an app: three organizations, people of every role who are logged in, families who wait. For the tests of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from bot.console.desk import Desk
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL, Viewer
from bot.store.key_store import open_key_store
from bot.store.models import OutboxRow
from bot.store.staff_models import DeskAgreement, MessageTemplate, User
from tests.store.at_desk import AGREED, EVERYBODY, OTHER, OWN, AtDesk, employ

DEBRIEF = "Clara, 312-555-0100, de 8 a 20"
NAMES = {OWN: "Casa Ixim", AGREED: "Puente Sur", OTHER: "Lejos"}


@dataclass
class Scene:
    """The app, its stores, and who comes to the desk."""

    app: Flask
    desk: Desk
    families: AtDesk

    def client(self, viewer: Viewer, language: str = "es") -> FlaskClient:
        """The browser of somebody who is logged in, second factor and all."""
        return self._with_cookie(self.app.test_client(), viewer, language)

    def _with_cookie(self, client: FlaskClient, viewer: Viewer, language: str) -> FlaskClient:
        client.set_cookie("console", self.word(viewer, language))
        return client

    def word(self, viewer: Viewer, language: str = "es") -> str:
        """What the cookie of her login holds."""
        with self.desk.engine.begin() as connection:
            connection.execute(update(User).where(User.id == viewer.user).values(language=language))
        person = self.desk.people.by_id(viewer.user)
        assert person is not None
        return f"login.{self.desk.sessions.begin(person, {'fresh': int(self.desk.clock())})}"

    def outbox(self, id: str) -> list[Any]:
        """The rows of the outbox of a conversation."""
        with self.desk.engine.connect() as connection:
            return list(connection.execute(OutboxRow.__table__.select().where(OutboxRow.escalation == id)))

    def template(self, sid: str, body: str, language: str = "es") -> None:
        """An approved template."""
        row = {"sid": sid, "name": f"saludo {language}", "language": language, "body": body, "active": True}
        with self.desk.engine.begin() as connection:
            connection.execute(insert(MessageTemplate).values(row))


def open_scene(app: Flask) -> Scene:
    """The desk as it stands in the morning."""
    app.test_client().get("/console/login")
    desk: Desk = app.extensions["console"].app().extensions["desk"]
    employ(desk.engine, *EVERYBODY)
    with desk.engine.begin() as connection:
        connection.execute(update(User).values(tf_totp_secret="set up", tf_primary_method="authenticator"))
        for sees in (AGREED, SHARED_POOL):
            connection.execute(insert(DeskAgreement).values(organization=OWN, sees=sees))
    for id, name in NAMES.items():
        desk.organizations.save("Ada (user 4)", DeskOrganization(id, name, debrief=DEBRIEF))
    puente, keys = desk.puente, open_key_store(desk.settings)
    return Scene(app, desk, AtDesk(desk.engine, desk.redis, keys, puente.escalations, puente.opt_outs, desk.clock))


def token(page: TestResponse) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)[:2000]
    return unescape(found.group(1))


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """A form of the page of the conversation, sent."""
    page = client.get("/console/conversation/" + path.split("/")[3])
    return client.post(path, data={"csrf_token": token(page), **form})
