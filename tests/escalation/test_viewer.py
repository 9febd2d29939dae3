"""What a viewer reaches and reads, and how the audit names her."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.escalation import Escalated
from bot.escalation.viewer import NEEDS_SECOND_FACTOR, SHARED_POOL, Role, Viewer
from bot.store.audit import LONGEST_ACTOR, check_words

PLACES = {"hers": ("casa", True), "agreed": ("puente", True), "another's": ("lejos", False)}


def viewer(*roles: Role, pool: bool = False, name: str = "Ana") -> Viewer:
    return Viewer(1, name, frozenset(roles), "casa", frozenset({"puente", *([SHARED_POOL] if pool else [])}))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", PLACES)
def test_only_a_responder_reads_and_only_what_she_reaches(place: str, role: Role) -> None:
    organization, reached = PLACES[place]
    found = Escalated("a", "sms", 0, organization=organization)
    assert viewer(role).reaches(organization) is reached
    assert viewer(role).may_read(found) is (reached and role is Role.RESPONDER)


def test_the_shared_pool_is_opened_by_an_agreement_alone() -> None:
    assert not viewer(Role.RESPONDER).reaches(None)
    assert viewer(Role.RESPONDER, pool=True).reaches(None)
    network = Viewer(1, "Ada", frozenset({Role.ADMIN}), None)
    assert not network.reaches(None) and not network.reaches("casa")


def test_who_sees_conversations_or_lets_somebody_see_them_needs_a_second_factor() -> None:
    assert {Role.RESPONDER, Role.COORDINATOR, Role.ADMIN} == NEEDS_SECOND_FACTOR


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Ana", "Ana (user 1)"),
        ("María José Tzoc", "María José Tzoc (user 1)"),
        ("Ana – la de 312-555-0100", "Ana la de - - (user 1)"),
        ("«»", "user 1"),
        ("", "user 1"),
    ],
    ids=["a name", "a long one", "a number in it", "signs alone", "none"],
)
def test_the_audit_names_her(name: str, actor: str) -> None:
    assert viewer(name=name).actor == actor


@given(st.text(max_size=64), st.integers(1, 999_999))
def test_whatever_she_is_called_the_audit_takes_it(name: str, user: int) -> None:
    check_words(Viewer(user, name, frozenset()).actor, LONGEST_ACTOR)
