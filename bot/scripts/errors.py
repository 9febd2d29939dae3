"""What can be wrong with the published content."""

from __future__ import annotations


class ScriptsError(Exception):
    """Root: content that cannot be published as it is; the message names the place and the mend."""


class FactError(ScriptsError):
    """A fact that lacks what makes it one."""


class SheetError(ScriptsError):
    """A sheet that cannot be made or read as a whole; the message names the place and the mend."""


class RowRefused(ScriptsError):
    """One row of a returned sheet that is not taken; the message tells the person who filled it in why."""
