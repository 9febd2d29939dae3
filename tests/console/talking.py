"""What the tests of the pages of a conversation do with them: ask for one, send a form, look what stands there now."""

from __future__ import annotations

from html import unescape

from flask.testing import FlaskClient

from bot.escalation.escalation import Author
from tests.console.desk_scene import Scene, post
from tests.store.at_desk import ANA


def page_of(client: FlaskClient, id: str, more: str = "", status: int = 200) -> str:
    response = client.get(f"/console/conversation/{id}{more}")
    assert response.status_code == status
    return unescape(response.get_data(as_text=True))


def press(client: FlaskClient, id: str, what: str, **form: str) -> tuple[int, str]:
    response = post(client, f"/console/conversation/{id}/{what}", **form)
    return response.status_code, unescape(response.get_data(as_text=True))


def texts_of(scene: Scene, id: str, author: Author = Author.STAFF) -> list[str]:
    return [said.text for said in scene.desk.talk.thread(ANA, id).said if said.author is author]


def actions_of(scene: Scene, id: str) -> list[str]:
    return [action for _, action, object in scene.families.audit() if object.split()[0] == id]
