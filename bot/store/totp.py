"""Flask-Security's codes of a second factor, with the protection against replay that it leaves to who uses it.

Apart from second_factors.py because it takes over a second to load: only who logs in needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask_security.totp import Totp


@dataclass
class Step:
    """The step of time (30 seconds) whose code was taken last; ``verify_totp`` takes only later ones and moves it."""

    last: int | None


class CountedTotp(Totp):
    """Codes of which each counts once. What Flask-Security calls a user is a ``Step`` here."""

    def get_last_counter(self, user: Any) -> int | None:
        return cast(Step, user).last

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.last = tmatch.counter
