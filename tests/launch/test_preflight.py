"""What is refused before anything starts, and in which words."""

import os
import shutil
import socket
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.launch import preflight
from bot.launch.errors import LaunchError

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_named_with_one_that_is_free(busy: int) -> None:
    with pytest.raises(LaunchError) as refused:
        preflight.web_port({"PORT": str(busy)})
    said = str(refused.value)
    assert said.startswith(f"Port {busy} is in use. Stop the program that uses it, or start on another one: PORT=")
    other = said.partition("PORT=")[2].removesuffix(" make run")
    assert preflight.web_port({"PORT": other}) == int(other)


def test_a_port_that_only_remembers_an_ended_connection_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server's side ends first, so the port stays in TIME_WAIT
        client.close()
    assert preflight.web_port({"PORT": str(port)}) == port


@pytest.mark.parametrize("raw", ["eight thousand", "0", "65536", "-1", "80.0"])
def test_a_port_that_is_no_port_is_refused(raw: str) -> None:
    with pytest.raises(LaunchError, match="PORT must be a number from 1 to 65535"):
        preflight.web_port({"PORT": raw})


def test_the_models_port_is_chosen_around_what_is_in_use() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", preflight.RASA_PORT))
            other.listen()
        except OSError:
            pass  # somebody else listens there already, which serves as well
        chosen = preflight.rasa_url({}, taken=preflight.RASA_PORT + 1)
    port = preflight.own_rasa_port(chosen)
    assert port is not None and port > preflight.RASA_PORT + 1


def test_a_models_port_that_was_asked_for_and_is_in_use_is_refused(busy: int) -> None:
    with pytest.raises(LaunchError, match=f"Port {busy}, which RASA_URL names .* is in use"):
        preflight.rasa_url({"RASA_URL": f"http://127.0.0.1:{busy}"}, taken=8000)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://127.0.0.1:5055", 5055),
        ("http://localhost:5055,http://model.internal:5005", 5055),
        ("http://127.0.0.1", preflight.RASA_PORT),
        ("http://model.internal:5005", None),
    ],
)
def test_only_a_model_on_this_machine_is_ours_to_serve(url: str, port: int | None) -> None:
    assert preflight.own_rasa_port(url) == port


def test_a_models_address_that_is_none_is_refused() -> None:
    with pytest.raises(LaunchError, match="RASA_URL must look like"):
        preflight.rasa_url({"RASA_URL": "http://127.0.0.1:many"}, taken=8000)


@pytest.mark.parametrize(
    ("free", "complete", "refused"),
    [
        (preflight.FIRST_TIME - 1, False, "0.0 GB"),
        (preflight.FIRST_TIME, False, None),
        (preflight.LATER - 1, True, "0.3 GB are needed"),
        (preflight.LATER, True, None),
    ],
    ids=["too little for the first time", "enough for the first time", "too little later", "enough later"],
)
def test_the_disk(
    free: int, complete: bool, refused: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 0, free))
    if refused is None:
        preflight.disk(tmp_path, complete)
    else:
        with pytest.raises(LaunchError, match="The disk is nearly full: .* Free some space"):
            preflight.disk(tmp_path, complete)


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    preflight.data_dir(tmp_path / "new" / "data")
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LaunchError, match="cannot be written. Set DATA_DIR to a folder of yours"):
        preflight.data_dir(tmp_path / "file" / "data")


def test_two_runs_do_not_share_a_data_folder(tmp_path: Path) -> None:
    with preflight.hold(tmp_path):
        with pytest.raises(LaunchError, match=rf"already running .* \(process {os.getpid()}\)"):
            preflight.hold(tmp_path)
    preflight.hold(tmp_path).close()
