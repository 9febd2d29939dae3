"""What can be known to go wrong before anything is started: ports, disk, and the folder for data."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from bot.launch.errors import LaunchError

PORT = 8000
RASA_PORT = 5005
FIRST_TIME = 4 * 10**9
"""Bytes for two environments and one model. Measured: 2.5 GB, 0.4 GB and what unpacking needs beside it."""
LATER = 300 * 10**6

_LOOPBACK = "127.0.0.1"
_TRIES = 50


def web_port(environ: Mapping[str, str]) -> int:
    """The port that web will listen on; ``LaunchError`` if it cannot."""
    raw = environ.get("PORT", "").strip() or str(PORT)
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {raw!r}.")
    port = int(raw)
    problem = _problem(port)
    if problem == errno.EACCES:
        raise LaunchError(f"Port {port} needs root's rights. Start on another one: PORT={PORT} make run")
    if problem:
        other = next((each for each in range(port + 1, port + _TRIES) if not _problem(each)), port + 1)
        raise LaunchError(
            f"Port {port} is in use. Stop the program that uses it, or start on another one: PORT={other} make run"
        )
    return port


def rasa_url(environ: Mapping[str, str], taken: int) -> str:
    """Where the model will be served. A free port is chosen unless RASA_URL is set; ``taken`` is web's port."""
    given = environ.get("RASA_URL", "").strip()
    if not given:
        ports = (port for port in range(RASA_PORT, RASA_PORT + _TRIES) if port != taken and not _problem(port))
        port = next(ports, None)
        if port is None:
            raise LaunchError(
                f"Ports {RASA_PORT} to {RASA_PORT + _TRIES - 1} are all in use. Set RASA_URL to a free one."
            )
        return f"http://{_LOOPBACK}:{port}"
    port = own_rasa_port(given)
    if port and _problem(port):
        raise LaunchError(
            f"Port {port}, which RASA_URL names for the understanding model, is in use. "
            f"Stop the program that uses it, or leave RASA_URL unset and a free port is chosen."
        )
    return given


def own_rasa_port(url: str) -> int | None:
    """The port on this machine that RASA_URL names first; None when the model is served elsewhere."""
    try:
        first = urlsplit(url.split(",")[0].strip())
        port = first.port or RASA_PORT
    except ValueError:
        raise LaunchError(f"RASA_URL must look like http://{_LOOPBACK}:{RASA_PORT}, not {url!r}.") from None
    return port if first.hostname in (_LOOPBACK, "localhost") else None


def _problem(port: int) -> int:
    """0 if a server can listen on the port of this machine, else the errno."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As gunicorn does: connections that have ended but are still remembered do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def disk(root: Path, complete: bool) -> None:
    """Refuses to begin what the disk cannot hold. ``complete``: the environments stand already."""
    needed = LATER if complete else FIRST_TIME
    free = shutil.disk_usage(root).free
    if free < needed:
        raise LaunchError(
            f"The disk is nearly full: {root} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed. "
            f"Free some space and run the same command again."
        )


def data_dir(folder: Path) -> None:
    """Makes the folder for data, for its owner's eyes only."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "logs").mkdir(exist_ok=True)
        usable = os.access(folder, os.W_OK | os.X_OK) and os.access(folder / "logs", os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise LaunchError(f"The folder for data, {folder}, cannot be written. Set DATA_DIR to a folder of yours.")


def hold(folder: Path) -> IO[str]:
    """Takes the data folder for this run, as long as the returned file stays open; a second run is refused."""
    holder = open(folder / "run.lock", "a+", encoding="ascii")
    try:
        fcntl.flock(holder.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder.seek(0)
        process = holder.read().strip()
        holder.close()
        raise LaunchError(
            f"Puente is already running with the data in {folder} (process {process}). "
            f"Stop it, or give this one a folder of its own: DATA_DIR=.data2 make run"
        ) from None
    holder.truncate(0)
    holder.write(str(os.getpid()))
    holder.flush()
    return holder
