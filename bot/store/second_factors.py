"""The second factor: a code that changes every 30 seconds (TOTP, RFC 6238), and recovery codes for a phone that is lost.

Flask-Security's Totp does the codes (an encrypted secret, the link for the app); the step of time of a code that was taken is
stored, and no code of that step or an older one is taken again. Codes go by the real clock, as the phones do.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import io
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update

from bot.store.audit import note
from bot.store.database import sql_errors
from bot.store.person import Person
from bot.store.staff_models import ConsoleSession, User

WINDOW = 30
"""Seconds by which the clock of a phone may be wrong: one step before and after."""
CODES = 10
ISSUER = "Puente"


class SecondFactors:
    """Second factors of accounts. ``secret`` encrypts theirs (console_key). Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, secret: str, clock: Callable[[], float]) -> None:
        self._engine, self._secret, self._clock = engine, secret, clock

    @functools.cached_property
    def _totp(self) -> Any:
        from bot.store.totp import CountedTotp

        return CountedTotp({"1": self._secret}, ISSUER)

    def fresh(self) -> str:
        """A new secret, encrypted, that is nobody's yet."""
        return str(self._totp.generate_totp_secret())

    def link(self, sealed: str, person: Person) -> str:
        """What the app reads out of the picture."""
        return str(self._totp.get_totp_uri(person.email, sealed))

    def in_letters(self, sealed: str) -> str:
        """The secret to type, in groups of four."""
        return str(self._totp.get_totp_pretty_key(sealed)).replace("-", " ")

    def picture(self, sealed: str, person: Person) -> bytes:
        """The link as a QR code in SVG."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        out = io.BytesIO()
        qrcode.make(self.link(sealed, person), image_factory=SvgPathImage, border=2).save(out)
        return out.getvalue()

    def set_up(self, person: Person, sealed: str, code: str) -> tuple[str, ...]:
        """Makes ``sealed`` hers if the code is of it; returns her recovery codes, which nobody can read again. Empty: wrong code."""
        step = self._step(sealed, code, None)
        if step is None:
            return ()
        codes = tuple(self._totp.generate_recovery_codes(CODES))
        values = {"tf_primary_method": "authenticator", "tf_totp_secret": sealed, "tf_last_counter": step}
        with sql_errors(), self._engine.begin() as connection:
            hers = update(User).where(User.id == person.id)
            connection.execute(hers.values(mf_recovery_codes=self._hashed(codes), **values))
            note(connection, self._clock(), person.actor, "second_factor.set", f"user {person.id}")
        return codes

    def new_codes(self, person: Person) -> tuple[str, ...]:
        """Other recovery codes; the old ones are none any more."""
        codes = tuple(self._totp.generate_recovery_codes(CODES))
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(User).where(User.id == person.id).values(mf_recovery_codes=self._hashed(codes)))
            note(connection, self._clock(), person.actor, "second_factor.codes", f"user {person.id}")
        return codes

    def take(self, person: Person, code: str) -> bool:
        """Whether the code is right and of a step that no code was taken of before."""
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(
                select(User.tf_totp_secret, User.tf_last_counter).where(User.id == person.id)
            ).one()
        step = self._step(row.tf_totp_secret, code, row.tf_last_counter) if row.tf_totp_secret else None
        if step is None:
            return False
        older = or_(User.tf_last_counter.is_(None), User.tf_last_counter < step)
        hers = update(User).where(User.id == person.id, User.tf_totp_secret == row.tf_totp_secret, older)
        with sql_errors(), self._engine.begin() as connection:
            # Two that bring the same code at once: one of them changes the row.
            return bool(connection.execute(hers.values(tf_last_counter=step)).rowcount)

    def take_recovery(self, person: Person, code: str) -> bool:
        """Whether it is one of her recovery codes; it is none any more then."""
        wanted = self._hash(code)
        with sql_errors(), self._engine.begin() as connection:
            hers = update(User).where(User.id == person.id)
            held = connection.scalar(
                hers.values(mf_recovery_codes=User.mf_recovery_codes).returning(User.mf_recovery_codes)
            )
            kept = [each for each in (held or "").split() if not hmac.compare_digest(each, wanted)]
            if len(kept) == len((held or "").split()):
                return False
            connection.execute(hers.values(mf_recovery_codes=" ".join(kept)))
            note(connection, self._clock(), person.actor, "second_factor.recovered", f"user {person.id}")
            return True

    def reset(self, id: int, actor: str) -> None:
        """She has none any more and sets one up at her next login; all her logins end."""
        nothing = dict.fromkeys(("tf_primary_method", "tf_totp_secret", "mf_recovery_codes", "tf_last_counter"))
        with sql_errors(), self._engine.begin() as connection:
            hers = update(User).where(User.id == id)
            connection.execute(hers.values(fs_uniquifier=secrets.token_hex(32), **nothing))
            connection.execute(delete(ConsoleSession).where(ConsoleSession.user == id))
            note(connection, self._clock(), actor, "second_factor.reset", f"user {id}")

    def _step(self, sealed: str, code: str, last: int | None) -> int | None:
        """The step of time whose code this is, later than ``last``; None for a wrong one. By the real clock."""
        from bot.store.totp import Step

        step = Step(last)
        return step.last if self._totp.verify_totp(code.replace(" ", ""), sealed, step, WINDOW) else None

    def _hash(self, code: str) -> str:
        # 48 random bits would be found by trying from the database alone, so the key file is needed too.
        bare = "".join(sign for sign in code.casefold() if sign.isalnum())
        return hmac.new(self._secret.encode(), bare.encode(), hashlib.sha256).hexdigest()

    def _hashed(self, codes: tuple[str, ...]) -> str:
        return " ".join(self._hash(code) for code in codes)
