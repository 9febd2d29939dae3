"""What can be wrong with the published content."""

from __future__ import annotations


class ScriptsError(Exception):
    """Root: content that cannot be published as it is; the message names the place and the mend."""


class FactError(ScriptsError):
    """A fact that lacks what makes it one."""
