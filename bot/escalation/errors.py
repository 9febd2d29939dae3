"""Why something of the desk cannot be as it was written, in words that whoever typed it reads. Pure."""

from __future__ import annotations


class DeskError(Exception):
    """Anything of the desk that cannot be so."""


class OrganizationWrong(DeskError):
    """An organization of the desk, or an agreement of two, that cannot be. ``problems`` says why, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))
