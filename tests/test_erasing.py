"""BORRAR as a family meets it: every state, channel and language, stores that die and come back, twice, late."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, text

from bot.app import Puente
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, InboundMessage
from bot.session import Session, Spot, to_dict
from bot.store.errors import StoreError
from bot.store.key_store import KeyStore, open_key_store
from bot.store.models import Erasure, Escalation, EscalationMessage
from bot.worker import Duty, duties
from tests.phone import Phone, texts
from tests.servers import RedisServer, make_app_in, running

pytestmark = pytest.mark.slow

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
URGENT = "la migra esta en mi puerta"
WORD = {Language.ES: "BORRAR", Language.EN: "Delete", Language.QUC: "Chachupu'"}
# As they go out by SMS, without the accents that would cost.
ERASED = {Language.ES: "Listo. Borramos", Language.EN: "Done. We erased", Language.QUC: "Listo. Borramos"}
SURE = {
    Language.ES: "¿Borro todo lo de aqui",
    Language.EN: "Erase everything here",
    Language.QUC: "¿Borro todo lo de aqui",
}
UNFINISHED = {Language.ES: "no termino de borrar", Language.EN: "Not finished", Language.QUC: "no termino de borrar"}
LOST = {Language.ES: "No pude borrarlo", Language.EN: "I could not erase it", Language.QUC: "No pude borrarlo"}
EVERYONE = [(language, channel) for language in Language for channel in ("sms", "whatsapp")]


@dataclass
class Home:
    """An installation of its own, and the worker beside it."""

    app: Flask
    server: RedisServer
    offset: Path

    @property
    def puente(self) -> Puente:
        return self.app.extensions["puente"]()

    @functools.cached_property
    def keys(self) -> KeyStore:
        return open_key_store(self.app.config["SETTINGS"])

    def phone(self, channel: str = "sms", language: Language = Language.ES) -> Phone:
        """Somebody who has written before, in this language."""
        phone = Phone(self.app.test_client(), channel)
        self.stands(phone, Session(language=language))
        return phone

    def stands(self, phone: Phone, session: Session) -> None:
        """Puts this person there, as the turns before would have."""
        puente = self.puente
        begun = puente.conversation.sessions.begin(phone.address, phone.form()["MessageSid"], time.monotonic() + 2)
        now = puente.conversation.clock()
        assert puente.conversation.sessions.finish(
            begun, to_dict(Session(**{**_parts(session), "updated": now, "known": True})), b"", {}
        )

    def escalate(self, phone: Phone) -> str:
        """A conversation with staff, opened as the desk opens it."""
        id = self.puente.escalations.open(phone.address, Channel(phone.channel))
        self.puente.escalations.add(id, "family", "me siguen desde la clinica")
        return id

    def duty(self, name: str) -> Duty:
        return next(duty for duty in self.worker() if duty.name == name)

    def worker(self) -> list[Duty]:
        return duties(self.app.config["SETTINGS"], self.puente.redis, self.puente.engine)

    def work(self) -> None:
        """The worker's next round."""
        for name in ("escalations mirror", "erasing"):
            with contextlib.suppress(StoreError):
                self.duty(name).run()

    def later(self, seconds: float) -> None:
        self.offset.write_text(str(float(self.offset.read_text() or 0) + seconds))

    @contextlib.contextmanager
    def without_sql(self) -> Iterator[None]:
        tables = ("escalations", "erasures", "escalation_messages")
        for table in tables:
            self._sql(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield
        for table in tables:
            self._sql(f"ALTER TABLE {table}_away RENAME TO {table}")

    def tidy(self) -> None:
        self.offset.write_text("0")
        if self.server.process.poll() is not None:
            self.server.start()
        self.puente.redis.flushall()
        with self.puente.engine.begin() as connection:
            for table in (EscalationMessage, Escalation, Erasure):
                connection.execute(delete(table))
        for name in self.conversations():
            self.keys.destroy(name)

    def _sql(self, statement: str) -> None:
        with self.puente.engine.begin() as connection:
            connection.execute(text(statement))

    def conversations(self) -> set[str]:
        """The keys of conversations that are left."""
        return {name for name in self.keys.names() if not name.startswith("database-")}

    def left(self) -> list[bytes]:
        """What Redis holds of anybody that is not the mere fact that a message came."""
        redis = self.puente.redis
        replies = [value for name in redis.keys("*:replies:*") for value in redis.hgetall(name).values()]
        said = [value for value in replies if not value.rstrip(b"|").isdigit()]
        return [*redis.keys("*:session:*"), *redis.keys("*:esc*"), *said]


def _parts(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in Session.__struct_fields__}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One installation for all tests here; its Redis may be killed and started again."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "clock").write_text("0")
    with running(folder) as server, pytest.MonkeyPatch.context() as environ:
        environ.setenv("PUENTE_CLOCK_FILE", str(folder / "clock"))
        home = Home(make_app_in(folder, {}), server, folder / "clock")
        yield home


@pytest.fixture
def home(house: Home) -> Home:
    """The installation as it is on its first day, everything up."""
    house.tidy()
    return house


def at(flow: str, step: str, **more: object) -> dict[str, object]:
    return {"at": Spot(flow, step), **more}


STATES: dict[str, dict[str, object]] = {
    "nothing waits": {},
    "a menu": at("menu", "first"),
    "a rights flow, with a way back": at("if_detained", "first", trail=(Spot("menu", "rights"),)),
    "danger": at("danger_now", "first", place=CHICAGO),
    "waiting for a place": at("services_legal", "where"),
    "a list of organizations": at("services_legal", "show", place=CHICAGO, shown=3),
    "did you mean": {"offered": ("danger_now", "lawyer_help"), "place": CHICAGO},
    "which town": at("services_legal", "where", offered=(CHICAGO,)),
    "stop, yes or no": at("notices", "stop_confirm"),
    "erase, yes or no": at("forget_me", "first"),
}


@pytest.mark.parametrize("escalated", [False, True], ids=["nobody reads", "a person reads"])
def test_borrar_in_every_state_on_both_channels_in_three_languages(home: Home, escalated: bool) -> None:
    """With a conversation open it is asked once; otherwise at once. Afterwards nothing is left, and a digit means nothing."""
    steps = home.puente.release.script.step
    for name, state in STATES.items():
        spot = state.get("at")
        assert spot is None or steps(spot.flow, spot.step) is not None, f"{name}: there is no such step any more"  # type: ignore[attr-defined]
        for language, channel in EVERYONE:
            case = f"{name}, {language}, {channel}"
            home.puente.redis.flushall()
            phone = home.phone(channel, language)
            home.stands(phone, Session(language=language, **state))  # type: ignore[arg-type]
            if escalated:
                home.escalate(phone)
            said = phone.send(WORD[language])
            if escalated and name != "erase, yes or no":
                assert _plain(SURE[language]) in _plain(said), case
                assert len(home.conversations()) == 1, case
                said = phone.send("1")
            assert ERASED[language] in _plain(said), case
            assert home.conversations() == set(), case
            assert len(home.left()) == 1, f"{case}: but for the answer to BORRAR itself nothing is left"
            phone.send("1")
            assert phone.explain["flow"] == "lost_place", case


def _plain(text: str) -> str:
    return text.translate(str.maketrans("áíóú", "aiou"))


SAYS_YES = ["1", "si", "sí", "Yes", "je'", "1️⃣", "BORRAR", "delete", "chachupu'", "borrar todo"]
SAYS_NO = ["2", "no", "ja'i", "No gracias"]


@pytest.mark.parametrize("word", SAYS_YES)
def test_a_conversation_is_erased_by_a_yes_in_any_language_or_by_borrar_again(home: Home, word: str) -> None:
    phone = home.phone()
    home.escalate(phone)
    phone.send("BORRAR")
    assert "Listo. Borramos" in phone.send(word) and home.conversations() == set()


@pytest.mark.parametrize("word", SAYS_NO)
def test_and_kept_by_a_no(home: Home, word: str) -> None:
    phone = home.phone()
    id = home.escalate(phone)
    phone.send("BORRAR")
    assert "no borré nada" in phone.send(word)
    assert home.conversations() == {id}


@pytest.mark.parametrize("word", [URGENT, "menu", "SALIR", "gracias"])
def test_another_word_answers_that_and_erases_nothing(home: Home, word: str) -> None:
    phone = home.phone()
    id = home.escalate(phone)
    phone.send("BORRAR")
    phone.send(word)
    phone.send("1")
    assert home.conversations() == {id}


def test_the_question_does_not_wait_for_half_an_hour(home: Home) -> None:
    phone = home.phone()
    id = home.escalate(phone)
    phone.send("BORRAR")
    home.later(1_800)
    phone.send("1")
    assert home.conversations() == {id}


def test_the_question_says_nothing_of_what_was_written(home: Home) -> None:
    """Somebody else may hold the phone."""
    phone = home.phone()
    home.escalate(phone)
    said = phone.send("BORRAR")
    assert "siguen" not in said and said.startswith("¿Borro todo lo de aqui, también lo escrito con una persona?")


def test_an_opt_out_stays(home: Home) -> None:
    phone = home.phone()
    phone.send("ALTO")
    phone.send("BORRAR")
    assert home.puente.opt_outs.is_stopped(phone.address)


def test_what_counsel_holds_is_said(home: Home) -> None:
    phone = home.phone()
    id = home.escalate(phone)
    home.puente.escalations.hold(id, "Counsel Example", by="admin")
    phone.send("BORRAR")
    said = phone.send("1")
    assert "hay que guardarlo por ahora" in said and "Listo" not in said
    assert home.conversations() == {id}


@pytest.mark.parametrize("escalated", [False, True])
def test_late_duplicates_bring_nothing_back(home: Home, escalated: bool) -> None:
    phone = home.phone()
    if escalated:
        home.escalate(phone)
    forms = [phone.form(said) for said in (URGENT, "80202", "menu", "3", "90057", "MAS")]
    for form in forms:
        phone.post(form)
    borrar = phone.form("BORRAR")
    first = phone.post(borrar).data
    yes = phone.form("1")
    if escalated:
        first = phone.post(yes).data
    assert b"Listo" in first
    for form in (*forms, *([borrar] if escalated else [])):
        assert texts(phone.post(form).data) == []
    assert phone.post(yes if escalated else borrar).data == first
    assert home.conversations() == set() and len(home.left()) == 1


class SlowModel:
    """A model that answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def parse(self, text: str, timeout: float | None = None) -> None:
        self.asked.set()
        assert self.go_on.wait(30)


def test_a_message_that_was_being_answered_while_borrar_came_leaves_nothing(home: Home) -> None:
    """Its worker was so slow that it lost the lock; BORRAR went through in between."""
    phone, model, answers = home.phone(), SlowModel(), []
    slow = replace(home.puente.conversation, model=model)
    message = InboundMessage("SM-slow", phone.address, Channel.SMS, text="buscan a mi hermano por el lado de Elizabeth")
    thread = threading.Thread(target=lambda: answers.append(slow.answer(message)))
    thread.start()
    assert model.asked.wait(30)
    home.later(7)
    assert "Listo" in phone.send("BORRAR")
    model.go_on.set()
    thread.join()
    assert answers[0].reply.texts == () and len(home.left()) == 1


def test_twice(home: Home) -> None:
    phone = home.phone()
    home.escalate(phone)
    assert ["Listo" in phone.send(word) for word in ("BORRAR", "BORRAR", "BORRAR")] == [False, True, True]


class TestSqlDown:
    @pytest.mark.parametrize(("language", "channel"), EVERYONE)
    def test_with_a_conversation_it_is_unfinished_and_the_worker_finishes_it(
        self, home: Home, language: Language, channel: str
    ) -> None:
        phone = home.phone(channel, language)
        home.escalate(phone)
        with home.without_sql():
            phone.send(WORD[language])
            assert UNFINISHED[language] in phone.send("1")
            phone.send("1")
            assert phone.explain["flow"] == "lost_place", "of the talk nothing is left at once"
            home.work()
            assert len(home.conversations()) == 1
        home.work()
        assert home.conversations() == set()
        assert home.puente.redis.hlen("{erasures}") == 0, "without a key for the carrier nothing more is to do"

    def test_without_one_it_is_finished(self, home: Home) -> None:
        home.escalate(home.phone())
        home.work()
        phone = home.phone()
        with home.without_sql():
            assert "Listo" in phone.send("BORRAR")

    def test_a_closed_conversation_that_is_not_gone_yet_counts_too(self, home: Home) -> None:
        phone = home.phone()
        home.puente.escalations.close(home.escalate(phone))
        home.work()
        with home.without_sql():
            assert UNFINISHED[Language.ES] in phone.send("BORRAR")
        home.work()
        assert home.conversations() == set()

    def test_while_redis_has_not_been_filled_again_nobody_is_told_that_it_is_done(self, home: Home) -> None:
        phone = home.phone()
        home.escalate(phone)
        home.server.kill()
        home.server.start()
        with home.without_sql():
            assert UNFINISHED[Language.ES] in phone.send("BORRAR")
        home.work()
        assert home.conversations() == set()


class TestRedisDown:
    @pytest.mark.parametrize(("language", "channel"), EVERYONE)
    def test_it_waits_in_sql_and_the_worker_finishes_it(self, home: Home, language: Language, channel: str) -> None:
        phone = home.phone(channel, language)
        home.escalate(phone)
        home.server.kill()
        said = phone.send(WORD[language])
        # Nobody knows which language was chosen.
        assert UNFINISHED[Language.EN if language is Language.EN else Language.ES] in said
        assert "en unos minutos" not in said, "only one thing is asked of the person"
        home.work()
        home.server.start()
        home.work()
        assert home.conversations() == set() and home.left() == []
        with home.puente.engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM erasures")) == 0

    def test_the_conversation_is_unreadable_at_once(self, home: Home) -> None:
        phone = home.phone()
        id = home.escalate(phone)
        home.server.kill()
        phone.send("BORRAR")
        assert id not in home.conversations()

    def test_asked_twice_while_it_is_down(self, home: Home) -> None:
        phone = home.phone()
        home.escalate(phone)
        home.server.kill()
        for _ in range(2):
            assert UNFINISHED[Language.ES] in phone.send("BORRAR")
        home.server.start()
        home.work()
        assert home.conversations() == set()

    def test_a_talk_that_began_after_it_goes_on(self, home: Home) -> None:
        phone = home.phone()
        home.server.kill()
        phone.send("BORRAR")
        home.server.start()
        home.later(10)
        phone.send("menu")
        home.work()
        phone.send("6")
        assert phone.explain["flow"] == "menu"

    @pytest.mark.parametrize(("language", "channel"), EVERYONE)
    def test_with_sql_down_too_it_is_said_that_nothing_was_done(
        self, home: Home, language: Language, channel: str
    ) -> None:
        phone = home.phone(channel, language)
        with home.without_sql():
            home.server.kill()
            assert LOST[Language.EN if language is Language.EN else Language.ES] in phone.send(WORD[language])


class TestKeyStore:
    @pytest.fixture
    def home(self, make_app: Callable[..., Flask], redis_of_app: RedisServer, tmp_path: Path) -> Home:
        """An installation whose key store nobody has opened yet, and where a person has a conversation."""
        home = Home(make_app(), redis_of_app, tmp_path / "clock")
        home.escalate(ana := Phone(home.app.test_client()))
        home.puente.escalations.mirror()
        home.puente.escalations._keys._store = None  # type: ignore[union-attr]
        home.ana = ana  # type: ignore[attr-defined]
        return home

    @pytest.mark.parametrize("how", ["gone", "damaged"])
    def test_without_a_key_store_everybody_is_answered(self, home: Home, tmp_path: Path, how: str) -> None:
        file = tmp_path / "keystore" / "keys.db"
        file.unlink() if how == "gone" else file.write_bytes(b"no database" * 1_000)
        ana, luz = home.ana, Phone(home.app.test_client())  # type: ignore[attr-defined]
        assert ana.send(URGENT).startswith("No abra")
        ana.send("BORRAR")
        assert UNFINISHED[Language.ES] in ana.send("1")
        assert "Listo" in luz.send("BORRAR")


class TestTheCarriersCopy:
    """Here only what the web notes; what the worker does with it is in tests/store/test_erasing.py."""

    def test_it_is_noted_only_where_there_is_a_key_for_it(self, home: Home, make_app: Callable[..., Flask]) -> None:
        home.phone().send("BORRAR")
        assert home.puente.redis.hlen("{erasures}") == 0
        app = make_app(TWILIO_API_KEY="SK" + "0" * 32, TWILIO_API_SECRET="secret")
        assert "Listo" in Phone(app.test_client()).send("BORRAR")
        assert app.extensions["puente"]().redis.hlen("{erasures}") == 1

    def test_what_is_known_then_is_said_as_it_is(self, make_app: Callable[..., Flask]) -> None:
        app = make_app(TWILIO_API_KEY="SK" + "0" * 32, TWILIO_API_SECRET="secret")
        app.extensions["puente"]().escalations.mirror()
        phone, another = Phone(app.test_client()), Phone(app.test_client())
        phone.send("BORRAR")
        assert "bajo llave" in phone.send("que saben de mi") and "bajo llave" not in another.send("que saben de mi")


class TestSalir:
    @pytest.mark.parametrize(("language", "channel"), EVERYONE)
    def test_a_neutral_line_and_no_topic_no_place_no_way_back(
        self, home: Home, language: Language, channel: str
    ) -> None:
        for state in (STATES["danger"], STATES["did you mean"], STATES["a rights flow, with a way back"]):
            phone = home.phone(channel, language)
            home.stands(phone, Session(language=language, **state))  # type: ignore[arg-type]
            said = phone.send("EXIT" if language is Language.EN else "SALIR")
            assert said.startswith("Puente") and "MENU" in said
            stored = home.puente.conversation.sessions.begin(phone.address, "SM-look", time.monotonic() + 2)
            # "f": how much was written, for the limits; nothing of what.
            assert set(to_dict(stored.session)) <= {"v", "u", "l", "y", "f"}
            home.puente.conversation.sessions.release(stored)
            for word in ("9", "1", "MAS", "COMPARTIR"):
                assert phone.send(word) == self.neutral(home, channel, language, word)
                phone.send("SALIR")

    def test_it_leaves_a_conversation_with_a_person_as_it_is(self, home: Home) -> None:
        phone = home.phone()
        id = home.escalate(phone)
        phone.send("SALIR")
        assert home.conversations() == {id}

    @staticmethod
    def neutral(home: Home, channel: str, language: Language, word: str) -> str:
        """What somebody gets of whom nothing but the language is known."""
        return home.phone(channel, language).send(word)
