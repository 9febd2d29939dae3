"""Somebody with an account in the console, as the stores and pages tell of her. The row is models.User."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from bot.escalation.viewer import NEEDS_SECOND_FACTOR, Role
from bot.language import Language


class Person(Struct, frozen=True):
    """An account without its secrets. ``second_factor``: she has set one up. ``organization`` None: the whole network.

    ``works_in``: the languages whose answers she looks after; ``state`` where she can call organizations, as US-IL. ``speaker_of``:
    the town whose K'iche' she speaks, ``licence`` hers as a lawyer or accredited representative; an admin has entered both.
    """

    id: int
    email: str
    name: str
    language: str
    roles: frozenset[Role]
    organization: str | None
    active: bool
    second_factor: bool
    codes_left: int
    made: int
    last_seen: int | None
    on_duty: int | None
    back_at: int | None
    shortcuts: bool
    quiet: str
    logins: str
    """What all her logins have in common: a login under another one is none any more."""
    works_in: tuple[Language, ...] = ()
    state: str = ""
    speaker_of: str = ""
    licence: str = ""

    @property
    def needs_second_factor(self) -> bool:
        """Whether her roles may do nothing without one."""
        return bool(self.roles & NEEDS_SECOND_FACTOR)

    @property
    def actor(self) -> str:
        """As the audit names her."""
        return f"{self.name} (user {self.id})"


def person_of(row: Any) -> Person:
    """The account of a row of ``people.COLUMNS``, by the names of the columns in SQL."""
    return Person(
        row.id,
        row.email,
        row.name,
        row.language,
        roles_of(row.roles),
        row.organization,
        row.active,
        row.tf_totp_secret is not None,
        len((row.mf_recovery_codes or "").split()),
        row.made,
        row.last_seen,
        row.on_duty,
        row.back_at,
        row.shortcuts,
        row.quiet,
        row.fs_uniquifier,
        languages_of(row.works_in),
        row.state,
        row.speaker_of,
        row.licence,
    )


def languages_of(words: str) -> tuple[Language, ...]:
    """Languages as they are stored, in the order of the pages; a word that is none is left out."""
    stored = words.split(",")
    return tuple(language for language in (Language.ES, Language.EN, Language.QUC) if language.value in stored)


def roles_of(words: str) -> frozenset[Role]:
    """Roles as they are stored; a word that is none, from a newer version, gives no right."""
    return frozenset(Role(word) for word in words.split(",") if word in Role._value2member_map_)


def words_of_roles(roles: Iterable[Role]) -> str:
    """Roles as they are stored: in the order of ``Role``, so that equal ones are equal words."""
    held = set(roles)
    return ",".join(role.value for role in Role if role in held)
