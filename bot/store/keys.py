"""The secrets: two peppers and the key of the releases in files, made once and never changed; a fresh key for each UTC day in Redis.

The files are ``DATA_DIR/keys/routing``, ``DATA_DIR/keys/opt_out`` and ``DATA_DIR/keys/releases``, 32 random bytes each. Day keys are
never on disk: when a day key is gone, everything that was named under it is noise.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from redis import Redis

from bot.privacy import KEY_BYTES, RETENTION, Peppers
from bot.store.errors import KeyDamaged, KeyMissing
from bot.store.redis_client import redis_errors
from bot.store.secret_files import refuse_open, write_once

LOST = "Put it back from the copy of DATA_DIR/keys; if it is lost: `flask --app webhook content reseal`, docs/operations.md."
MAKE_THEM = "Run `flask --app webhook db upgrade` once; with several hosts, copy the folder from the first one."

_SECONDS_OF_A_DAY = 86_400
_DAY_KEY_BACKSTOP_MS = int(RETENTION["day key"].total_seconds() * 1000) * 2


def make_keys(data_dir: Path) -> Peppers:
    """Makes the key files that are missing and returns what the files hold. Any number of processes may race.

    Raises what ``load_keys`` raises about files that were there before.
    """
    folder = data_dir / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("routing", "opt_out"):
        if not (folder / name).exists():
            write_once(folder / name, secrets.token_bytes(KEY_BYTES))
    return load_keys(data_dir)


def load_keys(data_dir: Path) -> Peppers:
    """Reads the key files.

    Raises ``KeyMissing``, ``KeyDamaged`` or ``KeyTooOpen``; each says how to mend it.
    """
    folder = data_dir / "keys"
    if not folder.is_dir():
        raise KeyMissing(f"There is no folder {folder}.", MAKE_THEM)
    refuse_open(folder, "700")
    routing, opt_out = _read_key(folder / "routing"), _read_key(folder / "opt_out")
    try:
        return Peppers(routing, opt_out)
    except ValueError as error:
        raise KeyDamaged(f"The keys in {folder} cannot be used: {error}.", "Put them back from a backup.") from None


def make_release_key(data_dir: Path) -> bytes:
    """Makes the key of the seals, on releases and on rows (bot/store/seals.py), if it is missing, in the folder of ``make_keys``."""
    path = data_dir / "keys" / "releases"
    if not path.exists():
        write_once(path, secrets.token_bytes(KEY_BYTES))
    return load_release_key(data_dir)


def has_release_key(data_dir: Path) -> bool:
    """Whether there is a file of the key of the seals, whatever is in it."""
    return (data_dir / "keys" / "releases").exists()


def load_release_key(data_dir: Path) -> bytes:
    """The key under which releases and rows are sealed. Raises what ``load_keys`` raises."""
    return _read_key(data_dir / "keys" / "releases", f"{MAKE_THEM} {LOST}")


def _read_key(path: Path, missing: str = MAKE_THEM) -> bytes:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing(f"The key file {path} is missing.", missing) from None
    refuse_open(path, "600")
    if len(key) != KEY_BYTES:
        raise KeyDamaged(
            f"The key file {path} holds {len(key)} bytes instead of {KEY_BYTES}.",
            "Put it back from a backup.",
        )
    return key


class DayKeys:
    """The keys of today and yesterday (UTC), shared by all processes through Redis and cached in this one.

    No two clocks are the same: around midnight, hosts that share a Redis follow the one that is ahead, so that all of
    them look under the same names.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._cache: tuple[date, bytes, bytes] | None = None
        self._seen = date.min

    def day(self, now: float) -> date:
        """The day under whose key things are named: that of ``now``, or the next one where another host is in it already."""
        today = utc_day(now)
        return today if self._seen <= today else today + timedelta(days=1)

    def pair(self, now: float) -> tuple[bytes, bytes]:
        """The key of ``day(now)`` and that of the day before. ``now`` is unix seconds of the bot's clock.

        Raises ``StoreDown``.
        """
        day = self.day(now)
        cached = self._cache
        if cached is None or cached[0] != day:
            self._cache = cached = (day, *self._fetch(day))
        return cached[1], cached[2]

    def follow(self, day: date) -> None:
        """Notes that a host whose clock is ahead has made the key of that day: from now on it is used here too."""
        self._seen = day

    def forget(self) -> None:
        """Drops the cache: Redis may have come back empty, and another process may have made new keys."""
        self._cache, self._seen = None, date.min

    def _fetch(self, today: date) -> tuple[bytes, bytes]:
        names = [day_name(today), day_name(today - timedelta(days=1))]
        pipe = self._redis.pipeline(transaction=False)
        for name in names:
            # Yesterday's is made too when it is missing: whoever makes it, everybody then has the same one.
            pipe.set(name, secrets.token_bytes(KEY_BYTES), nx=True, px=_DAY_KEY_BACKSTOP_MS)
        for name in names:
            pipe.get(name)
        # One by one: in a cluster they lie in different slots.
        for name in _outlived(today):
            pipe.delete(name)
        with redis_errors():
            # What else failed stays as it was: on a cluster another node may hold what is over its time.
            made, made_before, key, before, *_ = pipe.execute(raise_on_error=False)
            for result in (made, key):
                if isinstance(result, Exception):
                    raise result
            for result in (made_before, before):
                if isinstance(result, Exception):
                    before = self._known(today - timedelta(days=1), result)
        return key, before

    def _known(self, day: date, down: Exception) -> bytes:
        """The key of a day as this process had it as that day's. Raises ``down`` where it did not: its node is gone."""
        if self._cache is None or self._cache[0] != day:
            raise down
        return self._cache[1]


def utc_day(now: float) -> date:
    """The UTC date of a moment in unix seconds."""
    return _day_since_1970(int(now // _SECONDS_OF_A_DAY))


@lru_cache(maxsize=16)
def _day_since_1970(number: int) -> date:
    """A turn asks for the same few days again and again."""
    return date(1970, 1, 1) + timedelta(days=number)


@lru_cache(maxsize=16)
def day_name(day: date) -> str:
    """The name in Redis of a day's key."""
    return f"day:{day.isoformat()}"


def _outlived(today: date) -> list[str]:
    # Some may still be there when no message came on the day after; the TTL of 96 hours ends what is older.
    return [day_name(today - timedelta(days=days)) for days in range(2, 6)]
