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
    """The commands that ask for what lies in no person's slot; ``read_beside`` reads their answers."""
    shared = shared_phone_key(peppers.opt_out, address)
    return lambda names, now: [
        ("GET", WHOLE),
        ("GET", spent_name(now)),
        ("GET", heavy_name(now)),
        ("SISMEMBER", SHARED_PHONES, shared),
        ("HMGET", WAITING, *names.contacts),
    ]


def read_beside(own: Sequence[Any], answers: Sequence[Any], pair: tuple[bytes, bytes], now: float) -> Beside:
    """What a turn learns: ``own`` from its person's slot (lua/begin.lua), ``answers`` are those to ``asked_beside``.

    ``pair`` are the day keys of today and yesterday.
    """
    today, yesterday, kept, begun = own
    # What lies on a node of a cluster that is down is not known.
    whole, spent, heavy, shared, erasing = [None if isinstance(each, Exception) else each for each in answers]
    escalation = today or yesterday
    return Beside(
        escalation=escalation.decode() if escalation else None,
        kept=tuple(sorted([each.decode() for each in kept])),
        # Nor may it be said that nothing waits where nobody can look.
        whole=erasing is not None and believed(whole, pair, now),
        shared=bool(shared),
        spent=int(spent or 0),
        heavy=int(heavy or 0),
        # The turn that begins stands among them already.
        today=max(int(begun) - 1, 0),
        counted=not any(isinstance(each, Exception) for each in answers[1:3]),
        erasing=any(each is not None for each in erasing or ()),
    )
