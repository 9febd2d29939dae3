"""The worker's look at the releases: what families get is read whole and verified, and an admin is told when it is not as published."""

from __future__ import annotations

from pathlib import Path

import structlog

from bot.escalation import alert
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.errors import ReleaseDamaged
from bot.store.release_file import FOLDER
from bot.store.releases import Releases

log = structlog.get_logger()


class ReleaseWatch:
    """Looks; several workers may do it at once."""

    def __init__(self, data_dir: Path, releases: Releases, alarms: CarrierAlarms) -> None:
        self._folder, self._releases, self._alarms = data_dir / FOLDER, releases, alarms

    def look(self) -> None:
        """Verifies the current release in SQL, every file of it, and that none is missing that this host has seen. Raises ``StoreDown``."""
        number = self._releases.number()
        seen = max((int(path.stem) for path in self._folder.glob("*.release") if path.stem.isdigit()), default=0)
        try:
            if number < seen:
                raise ReleaseDamaged(seen, "the row")
            self._releases.stored(number)
        except ReleaseDamaged as damaged:
            log.error("release.damaged", error=str(damaged))
            self._alarms.note(alert.RELEASE)
