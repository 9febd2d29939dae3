"""What a client of Flask reads on a page of the inbox, and how it sends a form there."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.console.desk_scene import token


def text(answer: TestResponse) -> str:
    """What a page says, its markup left out."""
    body = answer.get_data(as_text=True)
    body = body.partition("<main")[2] or body
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def post(client: FlaskClient, path: str, **form: str | list[str]) -> TestResponse:
    page = client.get("/console/inbox")
    return client.post(path, data={"csrf_token": token(page), **form})


def hidden(answer: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))
    assert found
    return found.group(1)


def rows(answer: TestResponse) -> list[str]:
    """The aliases in their order."""
    return re.findall(r'id="row-(\w{4})"', answer.get_data(as_text=True))
