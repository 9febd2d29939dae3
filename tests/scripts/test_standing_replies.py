"""A reply that stands is the one that would be written anew, whoever asks, from wherever, on any day, under any settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import content
from bot.engine.actions import Ask, Count, End, Say
from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts import standing
from bot.scripts.release import Release
from bot.scripts.reply import renderer, written
from bot.session import Session, Writer
from bot.settings import Settings
from bot.wording.performed import Announced, Performed
from bot.wording.recorded import name_of, words_of

RELEASE = content.load()
SETTINGS = Settings(environment="test", require_approval=False, send_unconfirmed_numbers=True)
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC).timestamp()
FIRST_GONE = min(fact.valid_until for fact in RELEASE.facts.values())
LATER = datetime.combine(FIRST_GONE + timedelta(60), datetime.min.time(), UTC).timestamp()
CHICAGO, CANTEL = "US;60629;Chicago;IL;41.78;-87.71;zip", "GT;;Cantel;Quetzaltenango;14.81;-91.45;town"
DESK = {"desk_organization": "Centro del Sol", "desk_hours": "lun a vie 9:00-17:00", "desk_back": "hoy", "desk_wait": "como 1 hora"}
STEPS = [(flow.name, step) for flow in RELEASE.script.flows.values() for step in flow.steps.values()]


def turns() -> Iterator[tuple[Performed, ...]]:
    """What a turn may say of each step, with what is done beside it."""
    for flow, step in STEPS:
        asks: tuple[Performed, ...] = (Ask(flow, step.name), End()) if step.waits else (Count("x"),)
        yield (*((Say(flow, step.name),) if step.say else ()), Announced((), None), *asks)
        if step.waits:
            yield (Say(NOTICES, "digit_unknown"), Ask(flow, step.name, back_to="asylum", asked=True))
            yield (Ask(flow, step.name, back=True), Say(NOTICES, "welcome_line"))


TURNS = list(turns())
SOME = TURNS[::6]
CIRCUMSTANCES = {
    "nobody knows where": (NOW, None, {}),
    "in Chicago": (NOW, CHICAGO, {}),
    "in Cantel": (NOW, CANTEL, {}),
    "once facts have run out": (LATER, None, {}),
    "with a desk": (NOW, CHICAGO, DESK),
}


def same(
    release: Release,
    settings: Settings,
    session: Session,
    channel: Channel,
    now: float,
    desk: dict[str, str],
    said: Sequence[tuple[Performed, ...]] = TURNS,
) -> None:
    for actions in said:
        anew = renderer(release, settings, session, channel, now, desk).reply(actions)
        assert written(release, settings, session, channel, now, actions, desk) == anew, (actions, settings)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("language", Language)
def test_what_was_kept_for_one_is_right_for_another(language: Language, channel: Channel) -> None:
    release = replace(RELEASE)
    for writer in (None, Writer.CHILD, None):
        for now, place, desk in CIRCUMSTANCES.values():
            same(release, SETTINGS, Session(language=language, place=place, writer=writer), channel, now, desk)


def read_aloud() -> Iterator[tuple[str, str]]:
    """A recording of every answer in Spanish, as it goes out here."""
    voice = renderer(RELEASE, SETTINGS, Session(language=Language.ES), Channel.WHATSAPP, NOW).voice
    for flow, step in STEPS:
        if said := voice.say(step.say):
            yield f"es/{name_of(f'{flow}.{step.name}', words_of(said))}", "0" * 64


READ_ALOUD = dict(read_aloud())


def other(value: Any) -> Any:
    """Another value of the same sort; None where the sort is none that a reply could name."""
    if isinstance(value, bool):
        return not value
    return f"{value}x" if isinstance(value, str) else None


OTHERS = [(each.name, value) for each in fields(Settings) if (value := other(getattr(SETTINGS, each.name))) is not None]


@pytest.mark.parametrize(("setting", "value"), [*OTHERS, ("environment", "production")])
def test_what_was_kept_under_one_setting_is_not_said_under_another(setting: str, value: Any) -> None:
    if setting == "default_language":
        value = "en"
    release = replace(RELEASE, recordings=READ_ALOUD)
    for settings in (SETTINGS, replace(SETTINGS, **{setting: value}), SETTINGS):
        for language, channel in (
            (Language.ES, Channel.WHATSAPP),
            (Language.QUC, Channel.SMS),
            # Who has shown no language is spoken to in the default one, but by some fields not named in it.
            (None, Channel.SMS),
            (Language.EN, Channel.SMS),
        ):
            same(release, settings, Session(language=language), channel, NOW, {}, SOME)


def test_most_menus_stand_and_nothing_that_names_a_place_does(monkeypatch: pytest.MonkeyPatch) -> None:
    release, session = replace(RELEASE), Session(language=Language.ES, place=CHICAGO)
    menu = (Say("menu", "first"), Ask("menu", "first"))
    first = written(release, SETTINGS, session, Channel.SMS, NOW, menu)
    assert written(release, SETTINGS, replace(session, place=None), Channel.SMS, LATER, menu) is first
    for actions in TURNS:
        reply = written(release, SETTINGS, session, Channel.SMS, NOW, actions)
        again = written(release, SETTINGS, session, Channel.SMS, NOW, actions)
        if any("Chicago" in text for text in reply.texts):
            assert again is not reply, actions


def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST_STANDING", 3)
    kept = standing.Standing()
    writer = lambda: renderer(RELEASE, SETTINGS, Session(language=Language.EN), Channel.SMS, NOW)  # noqa: E731
    replies = {actions: kept.reply(actions, "en", writer) for actions in TURNS[:50]}
    assert sum(kept.reply(actions, "en", writer) is reply for actions, reply in replies.items()) <= 3
    assert all(kept.reply(actions, "en", writer) == reply for actions, reply in replies.items())
