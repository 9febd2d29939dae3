"""Who looks at the desk, and what she may see there. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from bot.escalation.escalation import Escalated

SHARED_POOL = ""
"""As ``sees`` of an agreement: escalations that belong to no organization."""


class Role(StrEnum):
    """What somebody may do in the console. One person may have several.

    Only a responder reads conversations. A coordinator sees how many wait and since when, and switches the bad day; an admin
    looks after people and organizations. Neither reads what a family wrote.
    """

    VOLUNTEER = "volunteer"
    PUBLISHER = "publisher"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


NEEDS_SECOND_FACTOR = frozenset({Role.RESPONDER, Role.COORDINATOR, Role.ADMIN})
"""Roles that see conversations, or could let somebody see them."""


class Reason(StrEnum):
    """Why somebody looks at a person's number. A list, so that the audit holds no words of anybody."""

    TO_CALL = "to_call"
    EMERGENCY = "emergency"
    INTERPRETER = "interpreter"
    SAME_PERSON = "same_person"
    ASKED_BY_FAMILY = "asked_by_family"


_LONGEST_NAME = 40
_NO_NAME = re.compile(r"[^\w .,'-]|\d|_")


class Viewer(Struct, frozen=True):
    """Somebody who is logged in. ``organization`` None: the whole network, which only an admin may be.

    ``sees`` are the ids of other organizations, and ``SHARED_POOL``, that an agreement opens to hers.
    """

    user: int
    name: str
    roles: frozenset[Role]
    organization: str | None = None
    sees: frozenset[str] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether she has one of these roles."""
        return bool(self.roles & set(roles))

    def reaches(self, organization: str | None) -> bool:
        """Whether escalations of this organization (None: the shared pool) are hers to see at all."""
        if organization is not None and organization == self.organization:
            return True
        return (organization or SHARED_POOL) in self.sees

    def may_read(self, escalated: Escalated) -> bool:
        """Whether she may read this conversation."""
        return Role.RESPONDER in self.roles and self.reaches(escalated.organization)

    @property
    def actor(self) -> str:
        """As the audit names her: never a mail address, and no sign or number that the audit refuses."""
        name = " ".join(_NO_NAME.sub(" ", self.name).split())[:_LONGEST_NAME].strip()
        return f"{name} (user {self.user})" if name else f"user {self.user}"
