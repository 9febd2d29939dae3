"""nlu/serve.py: it serves the model that fits or says why not, only to who has the token, and keeps quiet."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import NLU_PYTHON, free_port


def environ(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RASA_")}
    return {**kept, **changes}


def refused(project: Path, *options: str, **changes: str) -> tuple[int, str]:
    """Exit code and words of a server that does not come up. None of these ways needs Rasa."""
    told = subprocess.run(
        [sys.executable, str(project / "serve.py"), *options],
        env=environ(**changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return told.returncode, told.stdout + told.stderr


def test_without_a_model_that_fits_it_names_the_mend(project: Path) -> None:
    code, words = refused(project)
    assert code == 1 and "make train" in words and "puente-" in words


def test_another_model_is_not_served_instead(project: Path) -> None:
    (project / "models").mkdir()
    (project / "models/puente-000000000000.tar.gz").write_bytes(gzip.compress(b"of other data"))
    assert refused(project)[0] == 1


@pytest.mark.parametrize("url", ["127.0.0.1:5005", "https://127.0.0.1:5005", "http://:x", "http://[1"])
def test_an_address_that_cannot_be_meant_is_a_setting_to_mend(project: Path, url: str) -> None:
    code, words = refused(project, RASA_URL=url)
    assert code == 78 and "RASA_URL must look like http://127.0.0.1:5005" in words


def test_a_model_served_elsewhere_is_no_error(project: Path) -> None:
    code, words = refused(project, RASA_URL="http://rasa.internal:5005")
    assert code == 0 and "another machine" in words


def test_a_port_in_use_is_said_before_the_model_is_loaded(project: Path) -> None:
    fitting = Path(
        subprocess.check_output([sys.executable, str(project / "train.py"), "--print-path"], text=True).strip()
    )
    fitting.parent.mkdir()
    fitting.write_bytes(gzip.compress(b"looks whole"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, words = refused(project, RASA_URL=f"http://127.0.0.1:{port}")
    assert code == 1 and f"Cannot listen on 127.0.0.1:{port}" in words


class Server:
    """A served small model."""

    def __init__(self, project: Path) -> None:
        self.data_dir = project.parent / "data_dir"
        self.port = free_port()
        self.log = project.parent / "log"
        subprocess.run([str(NLU_PYTHON), str(project / "train.py")], check=True, capture_output=True, timeout=240)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(NLU_PYTHON), str(project / "serve.py")],
                env=environ(
                    RASA_URL=f"http://127.0.0.1:{self.port}",
                    DATA_DIR=str(self.data_dir),
                    # Rasa would write texts down.
                    LOG_LEVEL="DEBUG",
                    LOG_LEVEL_LIBRARIES="DEBUG",
                ),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        give_up = time.monotonic() + 120
        while b"answers on" not in self.log.read_bytes():
            assert self.process.poll() is None and time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.1)
        self.token = (self.data_dir / "rasa_token").read_text()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, None

    def parse(self, text: object, token: str | None = None) -> tuple[int, Any]:
        return self.ask("POST", f"/model/parse?token={token or self.token}", json.dumps({"text": text}).encode())


@pytest.fixture
def served(project: Path) -> Iterator[Server]:
    server = Server(project)
    yield server
    server.process.terminate()
    assert server.process.wait(30) == 0


NOT_SERVED = [
    ("PUT", "/model"),
    ("DELETE", "/model"),
    ("POST", "/model/train"),
    ("GET", "/domain"),
    ("GET", "/conversations/default/tracker"),
    ("POST", "/webhooks/rest/webhook"),
]


@pytest.mark.slow
def test_a_served_model(served: Server, project: Path) -> None:
    [model] = [path.name for path in (project / "models").glob("*.tar.gz")]
    status, about = served.ask("GET", f"/status?token={served.token}")
    assert (status, about["model_file"]) == (200, model)

    status, answer = served.parse("SECRETWORD la migra está en mi puerta ahorita")
    assert status == 200
    assert answer["model"] == model
    assert answer["intent"]["name"] == answer["intent_ranking"][0]["name"] == "agents_here_now"
    assert answer["language"]["name"] == "es"
    assert {entry["name"] for entry in answer["language_ranking"]} == {"es", "en", "quc"}
    assert sum(entry["confidence"] for entry in answer["intent_ranking"]) == pytest.approx(1)

    # Apostrophes of five keyboards, or none, make no difference that matters.
    named = {served.parse(f"k{mark}o ri migra waral")[1]["intent"]["confidence"] for mark in "'’ʼ`´"}
    assert len(named) == 1

    for path in ("/status", "/model/parse"):
        assert served.ask("POST" if "parse" in path else "GET", path, b'{"text": "SECRETWORD"}')[0] == 401
    assert served.parse("SECRETWORD", "wrong")[0] == 401
    for method, path in NOT_SERVED:
        assert served.ask(method, f"{path}?token={served.token}", b"{}")[0] == 404, path
    for odd in (None, 5, ["SECRETWORD"], {"SECRETWORD": 1}):
        assert served.parse(odd)[0] in (200, 500)
    assert served.parse("SECRETWORD " * 5_000)[0] == 413
    assert served.parse("hola")[0] == 200, "it is still there"

    assert (served.data_dir / "rasa_token").stat().st_mode & 0o777 == 0o600
    assert served.token not in Path(f"/proc/{served.process.pid}/cmdline").read_text()
    log = served.log.read_text()
    assert "SECRETWORD" not in log and served.token not in log
