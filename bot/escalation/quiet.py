"""Hours in which somebody of the staff wants no alarms: 22:00-07:00, by the team's clocks. Pure."""

from __future__ import annotations

import re
from datetime import datetime

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def quiet_hours(begins: str, ends: str) -> str | None:
    """As they are stored; empty when neither is given, None for what is no time or no length of time."""
    if not begins and not ends:
        return ""
    hours = f"{begins}-{ends}"
    return hours if _HOURS.fullmatch(hours) and begins != ends else None


def is_quiet(hours: str, local: datetime) -> bool:
    """Whether ``local``, by the team's clocks, is within these hours; also over midnight. Nothing else than hours is never quiet."""
    found = _HOURS.fullmatch(hours)
    if found is None:
        return False
    begins, ends = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    now = local.hour * 60 + local.minute
    return begins <= now < ends if begins < ends else now >= begins or now < ends
