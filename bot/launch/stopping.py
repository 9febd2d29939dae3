"""The wish to stop: Ctrl-C, SIGTERM or a closed terminal, noted once and acted on at a calm moment."""

from __future__ import annotations

import os
import signal
import sys
import types

from bot.launch.errors import Interrupted


class Stopping:
    """Whether somebody asked this launch to stop. Asking twice is the same as asking once."""

    def __init__(self) -> None:
        self._asked = False
        self._terminal = _is_terminal()

    @property
    def asked(self) -> bool:
        """Whether to stop. A terminal that is gone counts: its SIGHUP reaches the shell, and not always us."""
        return self._asked or (self._terminal and not _is_terminal())

    def listen(self) -> None:
        """Takes over the signals. `nohup` stays deaf to a closed terminal."""
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signum != signal.SIGHUP or signal.getsignal(signum) is not signal.SIG_IGN:
                signal.signal(signum, self._note)

    def _note(self, signum: int, frame: types.FrameType | None) -> None:
        self._asked = True

    def check(self) -> None:
        """Raises `Interrupted` once somebody has asked."""
        if self.asked:
            raise Interrupted("Stopped.")


def _is_terminal() -> bool:
    return os.isatty(sys.__stdout__.fileno()) if sys.__stdout__ else False
