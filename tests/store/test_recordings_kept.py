"""Recordings: only a speaker puts one in, it is a release of its own, and other words hold it back at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot import content
from bot.engine.actions import Say
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.recording import RecordingRefused, sound_of
from bot.scripts.reply import renderer
from bot.scripts.sources import Sources, sha_of
from bot.session import Session
from bot.settings import Settings, from_environment
from bot.store.content_models import Recording
from bot.store.errors import NotYours, ReleaseMoved, ReleaseRefused
from bot.store.people import People
from bot.store.recordings import Heard, NotASpeaker, Recordings, TooMany, WordsMoved
from bot.store.releases import Releases
from bot.store.staff_models import AuditRow
from tests.scripts.test_recording import MIC, TONE, ogg
from tests.store.at_desk import ANA, CORA, EVERYBODY, PIA, VERA, employ
from tests.store.conftest import Clock

QUC, ES = Language.QUC, Language.ES
KEY, FLOW = "agents_here_now.first.say", "agents_here_now"
BASE = "https://bot.example.org"
CATALOG = "locales/quc/LC_MESSAGES/answers.po"


@pytest.fixture
def releases(engine: Engine, clock: Clock) -> Releases:
    """Its checks, which cost seconds, find nothing."""
    return Releases(engine, b"k" * 32, clock, judge=lambda *_: ())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path), "PUBLIC_BASE_URL": BASE})


@pytest.fixture
def people(engine: Engine, clock: Clock) -> People:
    employ(engine, *EVERYBODY)
    people = People(engine, clock)
    people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), VERA.user, "Nahualá", "")
    return people


@pytest.fixture
def recordings(engine: Engine, releases: Releases, people: People, clock: Clock, settings: Settings) -> Recordings:
    return Recordings(engine, releases, people, clock, settings)


def heard(recordings: Recordings, key: str = KEY, language: Language = QUC) -> Heard:
    return next(each for each in recordings.all(VERA, language) if each.text.key == key)


def add(
    recordings: Recordings, who: Viewer = VERA, key: str = KEY, language: Language = QUC, data: bytes = TONE
) -> int:
    """She reads the text aloud as the page shows it to her."""
    return recordings.add(who, language, key, heard(recordings, key, language).text.words, data)


def sent(
    releases: Releases, settings: Settings, channel: Channel = Channel.WHATSAPP, language: Language = QUC
) -> tuple[str, ...]:
    """The recordings that go out beside the first answer now."""
    stored = releases.current()
    release = content.release_of(stored.sources, releases.root, stored.released)
    now = releases.clock()
    reply = renderer(release, settings, Session(language=language), channel, now).reply([Say(FLOW, "first")])
    assert reply.texts
    return reply.media


def rewritten(sources: Sources, old: str, new: str) -> dict[str, bytes]:
    data = sources[CATALOG]
    assert old.encode() in data
    return {**sources, CATALOG: data.replace(old.encode(), new.encode())}


def acts(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(AuditRow.action, AuditRow.object))]


def test_a_speaker_reads_a_first_answer_aloud_and_whatsapp_sends_it(
    recordings: Recordings, releases: Releases, settings: Settings, engine: Engine, clock: Clock
) -> None:
    assert heard(recordings).text.sha is None and sent(releases, settings) == ()
    assert add(recordings) == 1
    sound = sound_of(TONE)
    assert sent(releases, settings) == (f"{BASE}/media/{sha_of(sound.data)}.ogg",)
    now = heard(recordings)
    assert (now.text.sha, now.held) == (sha_of(sound.data), None) and now.text.goes
    assert now.read and (now.read.name, now.read.seconds, now.read.at) == ("Vera", 2, int(clock.now))
    assert recordings.data(PIA, sha_of(sound.data)) == sound.data
    assert acts(engine)[-2:] == [("published", "release 1"), ("recording_added", f"{KEY} quc")]
    published = releases.history(FLOW)[0]
    assert published.by == VERA.user
    added = {path for path in releases.current().sources if path not in releases.seed().sources}
    assert added == {f"locales/quc/media/{KEY}.{now.text.words}.ogg"}


def test_nothing_by_sms_and_nothing_in_another_language(
    recordings: Recordings, releases: Releases, settings: Settings
) -> None:
    add(recordings)
    assert sent(releases, settings, Channel.SMS) == ()
    assert sent(releases, settings, language=ES) == sent(releases, settings, language=Language.EN) == ()
    assert sent(releases, replace(settings, public_base_url="")) == (), "nobody could fetch it"


def test_where_the_kiche_does_not_go_out_its_recording_does_not(
    recordings: Recordings, releases: Releases, settings: Settings
) -> None:
    add(recordings)
    assert sent(releases, replace(settings, send_draft_kiche=False)) == ()
    stored = releases.current()
    release = content.release_of(stored.sources, releases.root, stored.released)
    say = Say("home_visit", "first")
    words = recordings.all(VERA, QUC)
    text = next(each.text for each in words if each.text.flow == "home_visit")
    recordings.add(VERA, QUC, text.key, text.words, TONE)
    stored = releases.current()
    release = content.release_of(stored.sources, releases.root, stored.released)
    for approval, many in ((False, 1), (True, 0)):
        hers = renderer(
            release, replace(settings, require_approval=approval), Session(language=QUC), Channel.WHATSAPP, 1.8e9
        )
        assert len(hers.reply([say]).media) == many


def test_other_words_hold_it_back_at_once_and_the_old_ones_bring_it_again(
    recordings: Recordings, releases: Releases, settings: Settings
) -> None:
    add(recordings)
    sha = heard(recordings).text.sha
    changed = rewritten(releases.current().sources, "permiso", "permisio")
    releases.publish(PIA, changed, (FLOW,), "", 1)
    assert sent(releases, settings) == ()
    now = heard(recordings)
    assert now.text.sha is None and now.text.held and now.held == sha and now.read
    releases.undo(PIA)
    assert sent(releases, settings) == (f"{BASE}/media/{sha}.ogg",)


def test_also_another_number_in_the_words_holds_it_back(
    recordings: Recordings, releases: Releases, settings: Settings
) -> None:
    add(recordings, key="some_danger.first.say")
    stored = releases.current()
    release = content.release_of(stored.sources, releases.root, stored.released)
    line = release.hotlines["emergency_911"]
    assert "911" in heard(recordings, "some_danger.first.say").text.text
    other = replace(release, hotlines={**release.hotlines, "emergency_911": replace(line, text="112")})
    for each, many in ((release, 1), (other, 0)):
        hers = renderer(each, settings, Session(language=QUC), Channel.WHATSAPP, 1.8e9)
        assert len(hers.reply([Say("some_danger", "first")]).media) == many


def test_a_new_recording_takes_the_place_of_the_old_one(
    recordings: Recordings, releases: Releases, engine: Engine, settings: Settings
) -> None:
    add(recordings)
    add(recordings, data=MIC)
    assert sent(releases, settings) == (f"{BASE}/media/{sha_of(sound_of(MIC).data)}.ogg",)
    assert len(content.recordings(releases.current().sources)) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(Recording.key)).all()) == 1


def test_taking_it_out(recordings: Recordings, releases: Releases, engine: Engine, settings: Settings) -> None:
    assert recordings.take_out(PIA, QUC, KEY) is None and releases.number() == 0
    add(recordings)
    assert recordings.take_out(PIA, QUC, KEY) == 2
    assert sent(releases, settings) == () and heard(recordings).read is None
    assert content.recordings(releases.current().sources) == {}
    assert acts(engine)[-1] == ("recording_removed", f"{KEY} quc")


def test_who_may(recordings: Recordings, releases: Releases, people: People) -> None:
    for who in (PIA, ANA, CORA):
        with pytest.raises(NotASpeaker):
            add(recordings, who)
    with pytest.raises(NotASpeaker):
        add(recordings, VERA, language=ES)
    with pytest.raises(NotASpeaker):
        recordings.take_out(ANA, QUC, KEY)
    for who in (ANA, CORA):
        with pytest.raises(NotYours):
            recordings.all(who, QUC)
        with pytest.raises(NotYours):
            recordings.data(who, "0" * 64)
    assert releases.number() == 0
    assert add(recordings, PIA, language=ES) == 1
    people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), VERA.user, "", "")
    with pytest.raises(NotASpeaker):
        add(recordings, VERA)


def test_what_she_read_must_be_what_stands_there(recordings: Recordings, releases: Releases) -> None:
    for key, words in ((KEY, "0" * 16), ("no_such.first.say", "0" * 16), ("menu.first.say", "0" * 16)):
        with pytest.raises(WordsMoved):
            recordings.add(VERA, QUC, key, words, TONE)
    empty = next(each.text for each in recordings.all(VERA, QUC) if not each.text.text)
    with pytest.raises(WordsMoved):
        recordings.add(VERA, QUC, empty.key, empty.words, TONE)
    with pytest.raises(RecordingRefused):
        add(recordings, data=b"ID3 no")
    assert releases.number() == 0


def test_all_of_them_together_stay_small(recordings: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.recordings.LARGEST_TOGETHER", 30_000)
    add(recordings)
    add(recordings, data=ogg(3))
    with pytest.raises(TooMany):
        add(recordings, key="some_danger.first.say", data=ogg(30, bytes([0x4B]) + b"\x01" + bytes(40)))


def test_somebody_else_publishes_at_the_same_moment(
    recordings: Recordings, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, moved = releases.publish, []

    def once_late(viewer: Viewer, sources: Sources, *rest: object, **more: object) -> int:
        if not moved:
            moved.append(1)
            raise ReleaseMoved(1)
        return publish(viewer, sources, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(releases, "publish", once_late)
    assert add(recordings) == 1 and moved


def test_a_recording_waits_for_no_check_of_words_and_brings_no_words_past_one(
    engine: Engine, people: People, clock: Clock, settings: Settings
) -> None:
    strict = Releases(engine, b"k" * 32, clock, judge=lambda *_: ("a fact has run out",))
    recordings = Recordings(engine, strict, people, clock, settings)
    assert add(recordings) == 1
    files = {**rewritten(strict.current().sources, "permiso", "permisio"), "locales/quc/media/x.ogg": TONE}
    with pytest.raises(ReleaseRefused):
        strict.publish(PIA, files, (FLOW,), "", 1)
    assert recordings.take_out(VERA, QUC, KEY) == 2
