"""What ends a launch early. The message is the one sentence (or two) that the person at the terminal reads."""

from __future__ import annotations


class LaunchError(Exception):
    """The launch cannot go on; the message says why and what to do about it."""


class Interrupted(LaunchError):
    """Somebody pressed Ctrl-C, or asked this process to stop, before the launch was through."""
