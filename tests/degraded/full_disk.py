"""A scene on a disk of a few megabytes that fills up. ``python -m tests.degraded.full_disk SEED FOLDER``.

gunicorn, Redis and the worker's duties, for tests/test_full_disk.py and ``make degraded``. Where it can it runs in a mount of its own
that vanishes with it; elsewhere (``--refuse``) the kernel refuses the server every write to a file. What it saw goes to stdout
as JSON. SEED holds an upgraded database and its keys.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask.testing import FlaskClient
from redis import Redis

from bot.message import Channel
from bot.settings import REPOSITORY, from_environment
from bot.store.database import engine_for
from bot.store.erasing import Erasing
from bot.store.escalations import Escalations
from bot.store.key_store import make_key_store, open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.store.opened_late import OpenedLate
from bot.store.opt_outs import OptOuts
from bot.store.sessions import Sessions
from tests.phone import BASE_URL, Phone, signature, texts
from tests.servers import free_port, running

MEGABYTES = 24
SAYS = [
    "la migra esta en mi puerta",
    "hola",
    "1",
    "necesito un abogado para mi primo",
    "ALTO",
    "BORRAR",
    "0",
    "ENGLISH",
]
WITH_STAFF = "+12025550777"
NOBODY = cast(FlaskClient, None)
"""These phones only make forms: the messages go over the network."""


class Web:
    """gunicorn as the Procfile starts it, with its log on the disk in question."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log = free_port(), folder / "web.log"
        nowhere = f"http://127.0.0.1:{free_port()}"
        self.environ = {
            **os.environ,
            **{"ENVIRONMENT": "test", "DATA_DIR": str(folder), "PORT": str(self.port), "WEB_CONCURRENCY": "1"},
            **{"RASA_URL": nowhere, "RASA_TOKEN": "none", "PUBLIC_BASE_URL": BASE_URL},
        }
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "--config", "bot/gunicorn.py", "webhook:app"]
            self.process = subprocess.Popen(command, cwd=REPOSITORY, env=self.environ, stdout=log, stderr=log)
        give_up = time.monotonic() + 120
        while self.get("/healthz") != 200:
            assert self.process.poll() is None and time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.1)

    def get(self, path: str) -> int:
        try:
            return int(urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10).status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def send(self, phone: Phone, text: str) -> dict[str, Any]:
        """What Twilio gets."""
        form = phone.form(text)
        data = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/messages", data)
        request.add_header("X-Twilio-Signature", signature(form))
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return {"text": text, "status": answer.status, "said": "\n".join(texts(answer.read()))}
        except urllib.error.HTTPError as error:
            return {"text": text, "status": error.code, "said": ""}
        except OSError as error:
            return {"text": text, "status": 0, "said": "", "error": type(error).__name__}

    def refuse_writes(self, refused: bool) -> None:
        """For every process of the server, as its parent may without being root."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for process in (self.process.pid, *map(int, children)):
            hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (0 if refused else hard, hard))


def fill(folder: Path) -> Path:
    """The file that took the last byte of the disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    return filler


def _keys(folder: Path) -> dict[str, str]:
    """Every file with a key in it."""
    paths = [path for part in ("keys", "keystore") for path in (folder / part).rglob("*") if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@dataclass(frozen=True)
class Stores:
    """What the worker has, and the person who has a conversation with staff."""

    opt_outs: OptOuts
    escalations: Escalations
    erasing: Erasing
    redis: Redis


def _stores(folder: Path, redis: Redis) -> Stores:
    settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(folder)})
    make_key_store(settings)
    engine, peppers, day_keys = engine_for(settings.sql_url), load_keys(folder), DayKeys(redis)
    keys = OpenedLate(lambda: open_key_store(settings))
    escalations = Escalations(engine, redis, peppers, day_keys, keys, time.time)
    sessions = Sessions(redis, peppers, day_keys, time.time)
    erasing = Erasing(sessions, escalations, engine, redis, keys, day_keys, time.time, copies=False)
    return Stores(OptOuts(engine, redis, peppers), escalations, erasing, redis)


def scene(folder: Path, refuse: bool) -> dict[str, Any]:
    """What happened."""
    with running(folder) as redis:
        stores = _stores(folder, redis.client())
        stores.escalations.add(stores.escalations.open(WITH_STAFF, Channel.SMS), "family", "before the disk was full")
        stores.opt_outs.mirror()
        stores.escalations.mirror()
        web = Web(folder)
        try:
            return _seen(folder, stores, web, refuse)
        finally:
            web.process.terminate()
            web.process.wait(30)


def _seen(folder: Path, stores: Stores, web: Web, refuse: bool) -> dict[str, Any]:
    people = [Phone(NOBODY, channel) for channel in ("sms", "whatsapp") for _ in SAYS]
    for phone in people:
        web.send(phone, "menu")
    day_keys, files, said = sorted(stores.redis.keys("day:*")), _keys(folder), SAYS * 2
    with _full(folder, web, refuse):
        answers = [web.send(phone, text) for phone, text in zip(people, said, strict=True)]
        with_staff = Phone(NOBODY, number=WITH_STAFF)
        answers += [web.send(with_staff, text) for text in ("estoy esperando", "BORRAR", "BORRAR")]
        seen = {
            "answers": answers,
            "healthz": web.get("/healthz"),
            "free": os.statvfs(folder).f_bavail,
            "keys stay": _keys(folder) == files,
            "day keys stay": sorted(stores.redis.keys("day:*")) == day_keys,
            "alive": web.process.poll() is None,
        }
    stopped = [phone for phone, text in zip(people, said, strict=True) if text == "ALTO"]
    stores.opt_outs.flush_pending()
    stores.erasing.work()
    return {
        **seen,
        "stopped": [stores.opt_outs.is_stopped(phone.address) for phone in stopped],
        "open after": stores.escalations.find_open(WITH_STAFF) is not None,
        "after": web.send(Phone(NOBODY), "ALTO"),
        "ready after": web.get("/readyz"),
    }


@contextlib.contextmanager
def _full(folder: Path, web: Web, refuse: bool) -> Iterator[None]:
    if refuse:
        web.refuse_writes(True)
        yield
        web.refuse_writes(False)
    else:
        filler = fill(folder)
        yield
        filler.unlink()


def main(arguments: list[str]) -> int:
    seed, folder, refuse = Path(arguments[0]), Path(arguments[1]), "--refuse" in arguments
    if not refuse:
        options = f"size={MEGABYTES}m,mode=700"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
            return 1
    shutil.copytree(seed, folder, dirs_exist_ok=True)
    print(json.dumps(scene(folder, refuse)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
