"""What the tests of escalations ask with: the row in SQL, and what a turn of the person finds."""

from __future__ import annotations

import itertools
import time

from sqlalchemy import Engine, select

from bot.frozen import replace
from bot.session import Beside
from bot.store.models import Escalation
from bot.store.sessions import Sessions

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
WORDS = "me siguen desde la clínica ñ"
DAY = 86_400
_sids = itertools.count()


def beside(sessions: Sessions, address: str) -> Beside:
    """What a turn of this person finds beside the session, but for how many messages were answered today."""
    begun = sessions.begin(address, f"SM{next(_sids)}", time.monotonic() + 2)
    sessions.release(begun)
    return replace(begun.beside, today=0)


def row_of(engine: Engine, id: str) -> Escalation | None:
    """The row of an escalation."""
    with engine.connect() as connection:
        return connection.execute(select(Escalation).where(Escalation.id == id)).first()  # type: ignore[return-value]
