"""What the roles are called, and what each may do, in words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.console.words import phrase
from bot.escalation.viewer import Role, Viewer

ROLES = {
    Role.VOLUNTEER: (
        phrase("role.volunteer", "Volunteer"),
        phrase("role.volunteer-may", "writes answers and sends them to be looked at"),
    ),
    Role.PUBLISHER: (
        phrase("role.publisher", "Publisher"),
        phrase("role.publisher-may", "looks at what others wrote and publishes it"),
    ),
    Role.RESPONDER: (
        phrase("role.responder", "Responder"),
        phrase("role.responder-may", "reads the conversations of the own organization and answers families"),
    ),
    Role.COORDINATOR: (
        phrase("role.coordinator", "Coordinator"),
        phrase(
            "role.coordinator-may",
            "sees the figures of the network, how many wait and since when, without a word of them, and switches the bad day",
        ),
    ),
    Role.ADMIN: (
        phrase("role.admin", "Admin"),
        phrase("role.admin-may", "looks after people and settings, and sees the figures of the network; reads no conversation"),
    ),
}


def may_be_given(viewer: Viewer, organization: str | None) -> tuple[Role, ...]:
    """The roles that she may give there: nobody of the whole network answers families."""
    return tuple(role for role in Role if not (organization is None and role is Role.RESPONDER))


def chosen_roles(values: Iterable[str]) -> frozenset[Role]:
    """The roles of a form; what is none is left out."""
    return frozenset(Role(value) for value in values if value in Role._value2member_map_)
