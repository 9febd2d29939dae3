"""The console without a browser: somebody who is logged in, and forms as a page sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.console.browsing import PASSWORD, Account, Console

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Hand:
    """A browser without its looks. ``post`` brings the token of the page that the form stands on."""

    client: FlaskClient
    console: Console

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(f"/console{path}", **more)

    def post(self, path: str, on: str = "/account", **form: object) -> TestResponse:
        return self.client.post(f"/console{path}", data={**form, "csrf_token": self.token(on)})

    def send_file(self, path: str, data: bytes, name: str = "file.bin", **form: str) -> TestResponse:
        """A form with one file, as bytes: the client's own way writes large ones into files that it leaves open."""
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()]
        parts.append(f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token()}'.encode())
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data)
        body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
        return self.client.post(f"/console{path}", data=body, content_type="multipart/form-data; boundary=edge")

    def token(self, on: str = "/account") -> str:
        found = _TOKEN.search(self.get(on, follow_redirects=True).get_data(as_text=True))
        assert found, f"no form on {on}"
        return found[1]

    @property
    def word(self) -> str | None:
        """What the cookie of the session holds."""
        cookie = self.client.get_cookie("console", path="/")
        return cookie.value if cookie else None

    def log_in(self, account: Account, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/login", on="/login", email=account.email, password=password, **more)

    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


def hand(console: Console, account: Account | None = None) -> Hand:
    """A new browser; logged in when an account is given, without passing the door."""
    made = Hand(console.app.test_client(), console)
    if account is not None:
        made.client.set_cookie("console", console.cookie(account), path="/")
    return made
