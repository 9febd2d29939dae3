"""What a turn reads beside its session, in the same round trip: who has an escalation, whose phone is shared, the day's money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.privacy import Peppers, shared_phone_key
from bot.session import Beside
from bot.store.escalation_entries import believed
from bot.store.names import SHARED_PHONES, WAITING, WHOLE, PersonNames
from bot.store.tally import heavy_name, spent_name


def asked_beside(peppers: Peppers, address: str) -> Callable[[PersonNames, float], list[tuple[str, ...]]]:
    """The commands that ask for it; ``read_beside`` reads their answers."""
    shared = shared_phone_key(peppers.opt_out, address)
    return lambda names, now: [
        *(("GET", name) for name in names.escalations),
        *(("SMEMBERS", name) for name in names.kept),
        ("GET", WHOLE),
        ("SISMEMBER", SHARED_PHONES, shared),
        ("GET", spent_name(now)),
        ("GET", heavy_name(now)),
        ("HLEN", names.replies[0]),
        *(("HEXISTS", WAITING, contact) for contact in names.contacts),
    ]


def read_beside(answers: Sequence[Any], pair: tuple[bytes, bytes], now: float) -> Beside:
    """What the answers to ``asked_beside`` say. ``pair`` are the day keys of today and yesterday."""
    # What lies on a node of a cluster that is down is not known.
    known: list[Any] = [None if isinstance(answer, Exception) else answer for answer in answers]
    today, yesterday, kept, kept_before, whole, shared, spent, heavy, begun, *erasing = known
    escalation = today or yesterday
    return Beside(
        escalation=escalation.decode() if escalation else None,
        kept=tuple(sorted(each.decode() for each in {*kept, *kept_before})),
        # Nor may it be said that nothing waits where nobody can look.
        whole=believed(whole, pair, now) and not any(isinstance(answer, Exception) for answer in answers[9:]),
        shared=bool(shared),
        spent=int(spent or 0),
        heavy=int(heavy or 0),
        # The turn that begins stands among them already.
        today=max(int(begun) - 1, 0),
        counted=not any(isinstance(answer, Exception) for answer in answers[6:8]),
        erasing=any(erasing),
    )
