"""Fields looked up one by one have the values that all of them have together, and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import content
from bot.engine.place import from_token
from bot.frozen import replace
from bot.language import Language
from bot.scripts.fact import expired, figure_fields, read_fields
from bot.scripts.said_fields import SaidFields
from bot.settings import from_environment
from bot.wording.fields import fields_of, own_fields
from tests.engine.scenes import CHICAGO

RELEASE = content.load()
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
OLD = replace(RELEASE, released=datetime(2026, 11, 1, tzinfo=UTC).date())


@pytest.mark.parametrize("environment", ["test", "production"])
def test_each_has_the_value_that_it_has_among_all(environment: str) -> None:
    test = from_environment({"ENVIRONMENT": "test"})
    settings = replace(test, environment=environment, send_unconfirmed_numbers=environment == "test")
    place, gone = from_token(CHICAGO), frozenset(list(RELEASE.facts)[:3])
    lines = fields_of(RELEASE.hotlines, settings, place, Language.ES, NOON)
    every = {**lines, **read_fields(RELEASE.facts, gone), **figure_fields(RELEASE.facts), "desk_wait": "como 1 hora"}
    own = own_fields(RELEASE.hotlines, settings, place, Language.ES, NOON)
    fields = SaidFields(RELEASE, settings, gone, {**own, "desk_wait": "como 1 hora"})
    assert {name: fields[name] for name in every} == every
    assert dict(fields) == every and len(fields) == len(every)


def test_what_is_not_known_has_none() -> None:
    settings = from_environment({"ENVIRONMENT": "test"})
    fact = next(name for name, fact in RELEASE.facts.items() if fact.checked)
    fields = SaidFields(RELEASE, settings, frozenset({fact}), {})
    for name in ("place", f"read_{fact}", "read_nothing", "nobody_days", ""):
        assert name not in fields and fields.get(name) is None
    assert f"read_{fact}" in SaidFields(RELEASE, settings, expired(OLD.facts, NOON.date(), OLD.released), {})
