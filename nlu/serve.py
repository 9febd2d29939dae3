"""Serves the understanding model to the web tier. Runs in `.venv-nlu`, one process per replica.

    python nlu/serve.py [--models DIR] [--interface ADDRESS --port PORT]

It is Rasa's own server with three changes: it serves exactly the model that fits the present data or nothing (Rasa
would take another one without a word), it answers only what the web tier asks, and the token stands neither in the
list of processes nor in a log. The token is RASA_TOKEN, or the file `rasa_token` in DATA_DIR, made if missing. The
port is the one of RASA_URL; the options are for a replica on another machine or in a container.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import socket
import sys
from asyncio import AbstractEventLoop
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fingerprint import MODELS, PROJECT, model_path, whole
from quiet import hush

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse

CONFIGURATION_ERROR = 78
"""EX_CONFIG of <sysexits.h>: starting again is of no use before somebody changes a setting."""
LARGEST_REQUEST = 16 * 1024
"""Bytes. 600 characters are at most 7,200 bytes of JSON."""

_LOOPBACK = "127.0.0.1"
_PORT = 5005
_ANSWERED = {("GET", "/"), ("GET", "/version"), ("GET", "/status"), ("POST", "/model/parse")}


class SettingError(Exception):
    """The environment cannot be used; the message says how to mend it."""


def address(rasa_url: str) -> tuple[str, int] | None:
    """Where to listen for the web tier's RASA_URL; None when that names another machine. ``SettingError``."""
    first = rasa_url.split(",")[0].strip() or f"http://{_LOOPBACK}:{_PORT}"
    try:
        parts = urlsplit(first)
        host, port = parts.hostname, parts.port or _PORT
    except ValueError:
        host = None
    if host is None or parts.scheme != "http":
        raise SettingError(f"RASA_URL must look like http://{_LOOPBACK}:{_PORT}, not {first!r}")
    return (_LOOPBACK, port) if host in (_LOOPBACK, "localhost") else None


def token(environ: Mapping[str, str]) -> str:
    """RASA_TOKEN, or what the file in DATA_DIR says; bot/intents/rasa.py reads, and if need be makes, the same file."""
    given = environ.get("RASA_TOKEN", "").strip()
    if given:
        return given
    folder = Path(environ.get("DATA_DIR", "").strip() or PROJECT.parent / ".data").expanduser().absolute()
    path = folder / "rasa_token"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".rasa_token.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        # A link appears whole or not at all, and never replaces the token of somebody who was quicker.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()


def bind(host: str, port: int) -> socket.socket:
    """The socket to listen on. Sanic would report a port in use as success; ``OSError`` says it before the model loads."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def serve(model: Path, listener: socket.socket, secret: str) -> None:
    """Answers on a bound socket until told to stop. Raises whatever Rasa raises for a model that it cannot use."""
    hush()
    # One message is too little for two cores: the second thread would do nothing but ask for work, half a core that web needs.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.chdir(PROJECT)  # Rasa looks for the components from there
    from rasa.core.agent import Agent
    from rasa.core.run import configure_app
    from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    # Its lines quote the error that a text has caused, and with it perhaps the text.
    logging.getLogger("rasa.server").setLevel(logging.CRITICAL)
    app = configure_app(input_channels=[], auth_token=secret, enable_api=True)
    update_sanic_log_level()
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.register_middleware(_only_what_is_asked, "request")
    # Rasa would load it after it has begun to listen, and listen on without one when it cannot.
    app.ctx.agent = Agent.load(str(model))
    app.register_listener(partial(_say, model, listener), "after_server_start")
    app.run(sock=listener, workers=1, access_log=False)


async def _say(model: Path, listener: socket.socket, app: Sanic, loop: AbstractEventLoop) -> None:
    host, port = listener.getsockname()[:2]
    print(f"{model.name} answers on http://{host}:{port}", flush=True)


def _only_what_is_asked(request: Request) -> HTTPResponse | None:
    """Training, loading other models and reading conversations are not for a server that faces families."""
    from sanic.response import empty

    return None if (request.method, request.path) in _ANSWERED else empty(status=404)


def main(arguments: Sequence[str]) -> int:
    """Exit code 78 for a setting that cannot be used, 1 without a model, 0 when there is nothing to serve here."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--interface", help=f"address to listen on, instead of {_LOOPBACK}")
    parser.add_argument("--port", type=int, help="port to listen on, instead of RASA_URL's")
    options = parser.parse_args(arguments)
    try:
        listen = address(os.environ.get("RASA_URL", ""))
    except SettingError as error:
        print(error, file=sys.stderr)
        return CONFIGURATION_ERROR
    if listen is None and not options.interface:
        print("RASA_URL names another machine: there is no model to serve on this one.")
        return 0
    model = model_path(options.models.absolute())
    if not whole(model):
        print(f"{model} is not there, or not whole: the model of the present data must be trained first. Run: make train", file=sys.stderr)
        return 1
    host, port = listen or (_LOOPBACK, _PORT)
    try:
        listener = bind(options.interface or host, options.port or port)
    except OSError as error:
        print(f"Cannot listen on {options.interface or host}:{options.port or port}: {error.strerror}", file=sys.stderr)
        return 1
    serve(model, listener, token(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
