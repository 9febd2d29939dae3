"""What a family meets that has a conversation with staff, or wants one: at the webhook, with real stores behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.engine.actions import Say
from bot.engine.walk import NOTICES
from bot.escalation.escalation import Cause, Urgency
from bot.frozen import replace
from bot.to_family import text_to
from tests.desk import CENTRO, NO_HOURS, SUR, MadeUpDesk, with_desk
from tests.phone import Phone, texts
from tests.servers import RedisServer

pytestmark = pytest.mark.slow

HELLO, YES = "hola", "1"
DANGER = "la migra esta en mi puerta"


@pytest.fixture
def desk(make_app: Callable[..., Flask], tmp_path: Path) -> MadeUpDesk:
    return with_desk(make_app, tmp_path / "clock", (CENTRO, SUR))


@pytest.fixture
def phone(desk: MadeUpDesk) -> Phone:
    return Phone(desk.app.test_client())


def _sql_down(desk: MadeUpDesk, folder: Path) -> None:
    for file in folder.glob("puente.db*"):
        file.rename(file.with_name(f"away-{file.name}"))
    (folder / "puente.db").mkdir()
    desk.puente.engine.dispose()


@pytest.fixture
def handed_over(desk: MadeUpDesk, phone: Phone) -> Phone:
    """Somebody who said yes, wrote, and has been taken."""
    phone.send("menu")
    phone.send("0")
    phone.send(YES)
    phone.send("mi hijo no quiere ir a la escuela")
    desk.act("take", phone.address)
    return phone


def test_nothing_is_kept_for_staff_before_the_yes(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    asked = phone.send("0")
    assert "Centro del Sol" in asked and "No es abogado" in asked and "1 si" in asked
    assert not desk.has(phone.address)
    told = phone.send(YES)
    assert "Centro del Sol" in told and "a esta hora contestan" in told
    assert desk.thread(phone.address) == [("bot", told)], "what was written before the yes is not there"


def test_the_version_of_the_question_is_kept(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    phone.send("0")
    phone.send("si")
    about = desk.of(phone.address).about
    step, version = about.consent.split()
    assert step == "human.consent" and len(version) == 12 and version.isalpha()
    assert about.cause == Cause.ASKED and about.language == "es" and not about.minor


@pytest.mark.parametrize("no", ["2", "no", "mejor no"])
def test_a_no_opens_nothing_and_gives_lines(desk: MadeUpDesk, phone: Phone, no: str) -> None:
    phone.send("menu")
    phone.send("0")
    assert phone.send(no).startswith("Esta bien: nadie del equipo lo lee")
    assert not desk.has(phone.address)


def test_without_anybody_at_the_desk_nobody_is_promised(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    desk = with_desk(make_app, tmp_path / "clock", ())
    phone = Phone(desk.app.test_client())
    phone.send("menu")
    assert phone.send("0").startswith("Quiere hablar con una persona")


def test_danger_in_the_place_of_the_yes_is_answered_first(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    phone.send("0")
    assert phone.send(DANGER).startswith("No abra")
    assert not desk.has(phone.address)
    phone.send("0")
    assert "a esta hora contestan" in phone.send(YES)
    assert desk.of(phone.address).urgency is Urgency.URGENT
    assert desk.of(phone.address).about.cause == Cause.DANGER


def test_after_hours_it_is_said_when(desk: MadeUpDesk, phone: Phone) -> None:
    desk.at("2026-11-24 22:00")
    phone.send("menu")
    phone.send("0")
    told = phone.send(YES)
    assert "Contestan mañana a las 9:00 (hora de Chicago)" in told and "primeros" not in told
    assert "MENU" in told and "911" in told


def test_among_the_first_only_if_it_is_urgent(desk: MadeUpDesk, phone: Phone) -> None:
    desk.at("2026-11-24 22:00")
    phone.send(DANGER)
    phone.send("0")
    assert "entre los primeros" in phone.send(YES)


def test_hours_that_nobody_has_said_are_not_promised(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    desk = with_desk(make_app, tmp_path / "clock", (NO_HOURS,))
    phone = Phone(desk.app.test_client())
    phone.send("menu")
    assert "Contestan en cuanto pueden" in phone.send("0")
    assert "Contestan en cuanto pueden" in phone.send(YES)


def test_sql_down_says_so_and_opens_nothing(desk: MadeUpDesk, phone: Phone, tmp_path: Path) -> None:
    phone.send("menu")
    phone.send("0")
    _sql_down(desk, tmp_path)
    assert "nadie tiene este mensaje" in phone.send(YES)


@pytest.mark.parametrize(
    ("way", "cause"),
    [
        (["menu", "0"], Cause.ASKED),
        (["qq qq qq", "zz zz zz", "0"], Cause.NOT_UNDERSTOOD),
        (["tengo 8 anos y estoy solo se llevaron a mi mama", "2"], Cause.CHILD_ALONE),
        ([DANGER, "0"], Cause.DANGER),
    ],
    ids=["asked", "not understood twice", "a child alone", "danger"],
)
def test_why_it_was_handed_over(desk: MadeUpDesk, phone: Phone, way: list[str], cause: Cause) -> None:
    for text in way:
        phone.send(text)
    phone.send(YES)
    assert desk.of(phone.address).about.cause == cause


def test_a_child_is_asked_as_a_child(desk: MadeUpDesk, phone: Phone) -> None:
    assert phone.send("tengo 8 anos y estoy solo se llevaron a mi mama").startswith("Hiciste bien")
    asked = phone.send("2")
    assert asked.startswith("Un adulto de Centro del Sol puede contestarte") and "BORRAR" in asked
    assert "un adulto de Centro del Sol lee lo que escribas" in phone.send(YES)
    escalated = desk.of(phone.address)
    assert escalated.about.minor and escalated.about.discreet and escalated.urgency is Urgency.URGENT
    assert escalated.about.consent.startswith("human.consent_child ")


def test_while_a_person_has_it_the_bot_is_silent(desk: MadeUpDesk, handed_over: Phone) -> None:
    assert handed_over.send("sigue triste") == ""
    assert desk.thread(handed_over.address)[-1] == ("family", "sigue triste")


def test_a_retry_of_a_silent_message_is_silent_and_noted_once(desk: MadeUpDesk, handed_over: Phone) -> None:
    form = handed_over.form("sigue triste")
    assert handed_over.post(form).data == handed_over.post(form).data
    assert [text for _, text in desk.thread(handed_over.address)].count("sigue triste") == 1


def test_danger_while_a_person_has_it_is_answered_and_raised(desk: MadeUpDesk, handed_over: Phone) -> None:
    assert desk.of(handed_over.address).urgency is not Urgency.URGENT
    assert handed_over.send(DANGER).startswith("No abra")
    assert desk.of(handed_over.address).urgency is Urgency.URGENT
    assert desk.of(handed_over.address).claimed_by, "the person keeps it"


@pytest.mark.parametrize("word", ["MENU", "QUE SABEN", "English", "ALTO", "BORRAR", "SALIR"])
def test_words_for_the_bot_reach_the_bot(handed_over: Phone, word: str) -> None:
    assert handed_over.send(word) != ""


def test_a_digit_to_the_bots_menu_reaches_the_bot_until_staff_write(desk: MadeUpDesk, handed_over: Phone) -> None:
    handed_over.send("MENU")
    assert handed_over.send("3") != ""
    handed_over.send("MENU")
    desk.act("reply ¿Cuántos años tiene? 1 menos de diez 2 más", handed_over.address)
    assert handed_over.send("2") == ""


def test_after_half_an_hour_the_bot_answers_again_and_says_so_once(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.later(29)
    assert handed_over.send("sigue triste") == ""
    desk.later(2)
    first, second = handed_over.send("menu por favor digame"), handed_over.send("otra cosa mas por favor")
    assert first.startswith("Nadie de Centro del Sol ha podido contestar todavia")
    assert second != "" and not second.startswith("Nadie de Centro del Sol")
    assert desk.of(handed_over.address).claimed_by, "the conversation stays hers"
    assert ("bot", first) in desk.thread(handed_over.address)


def test_a_reply_of_staff_begins_the_patience_anew(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.later(40)
    desk.act("reply Aquí estoy", handed_over.address)
    assert handed_over.send("gracias, una pregunta") == ""


def test_at_night_the_bot_says_when_they_are_back(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.at("2026-11-25 05:00")
    told = handed_over.send("no puedo dormir, que hago")
    assert told.startswith("Ahora no hay nadie de Centro del Sol; contestan hoy a las 9:00 (hora de Chicago)")
    desk.at("2026-11-25 09:30")
    desk.act("reply Buenos días", handed_over.address)
    assert handed_over.send("buenos dias") == ""


def test_day_three_with_redis_emptied_lands_in_the_same_conversation(desk: MadeUpDesk, handed_over: Phone) -> None:
    id = desk.of(handed_over.address).id
    desk.at("2026-11-26 10:00")
    desk.act("reply ¿Cómo sigue?", handed_over.address)
    desk.act("redis emptied", handed_over.address)
    assert handed_over.send("ya esta mejor, gracias") == ""
    assert desk.of(handed_over.address).id == id
    assert desk.thread(handed_over.address)[-1] == ("family", "ya esta mejor, gracias")


def test_a_child_is_spoken_to_as_one_when_redis_was_emptied(desk: MadeUpDesk, phone: Phone) -> None:
    for text in ("tengo 8 anos y estoy solo se llevaron a mi mama", "2", YES):
        phone.send(text)
    assert phone.send("menu").startswith("¿Qué necesitas?")
    desk.act("redis emptied", phone.address)
    assert phone.send("menu").startswith("¿Qué necesitas?")


def test_what_the_bot_says_by_itself_is_said_to_a_child_as_one(desk: MadeUpDesk, phone: Phone) -> None:
    for text in ("tengo 8 anos y estoy solo se llevaron a mi mama", "2", YES):
        phone.send(text)
    puente, child = desk.puente, desk.of(phone.address)
    release, board, says = puente.conversation.release(), puente.board.now(), (Say(NOTICES, "desk_write_again"),)
    assert child.about.minor
    assert text_to(child, says, release, board, puente.settings, desk.now()).startswith("Escribeme")
    adult = replace(child, about=replace(child.about, minor=False))
    assert text_to(adult, says, release, board, puente.settings, desk.now()).startswith("Escribame")


def test_a_long_name_is_shortened_wherever_a_family_reads_it(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    long = replace(CENTRO, name="Chicago Religious Leadership Network on Latin America (CRLN)")
    desk = with_desk(make_app, tmp_path / "clock", (long, SUR))
    phone = Phone(desk.app.test_client())
    phone.send("menu")
    assert phone.send("0").startswith("Una persona de CRLN puede contestarle")
    assert phone.send(YES).startswith("Listo: ya esta con CRLN,")


def test_redis_down_the_person_still_has_it(desk: MadeUpDesk, handed_over: Phone, redis_of_app: RedisServer) -> None:
    redis_of_app.kill()
    assert handed_over.send("ya esta mejor, gracias") == ""
    assert handed_over.send(DANGER).startswith("No abra")
    assert desk.thread(handed_over.address)[-2] == ("family", DANGER)


def test_sql_down_while_a_person_has_it_is_no_silence(desk: MadeUpDesk, handed_over: Phone, tmp_path: Path) -> None:
    _sql_down(desk, tmp_path)
    assert "Centro del Sol" not in (told := handed_over.send("otra cosa por favor")) and told != ""


def test_unclaimed_the_bot_goes_on_and_all_of_it_is_noted(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    phone.send("0")
    phone.send(YES)
    answer = phone.send("abogado 60629")
    assert answer != ""
    assert desk.thread(phone.address)[-2:] == [("family", "abogado 60629"), ("bot", answer)]
    assert phone.send("0").startswith("Centro del Sol ya tiene esta conversacion")


def test_a_turn_that_is_lost_opens_nothing(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    phone.send("0")
    conversation = desk.puente.conversation
    sessions, ids = conversation.sessions, []

    class Overtaken:
        """The real memory, whose first finish comes too late."""

        begin, release = sessions.begin, sessions.release

        def finish(self, begun: object, *rest: object) -> bool:
            if not ids:
                ids.append(desk.of(phone.address).id)
                sessions.release(begun)
                return False
            return bool(sessions.finish(begun, *rest))

    from bot.channels.inbound import read_message

    replace(conversation, sessions=Overtaken()).answer(read_message(phone.form(YES)))
    assert desk.of(phone.address).id != ids[0]


def test_a_yes_whose_turn_died_after_opening_is_no_message_when_it_comes_again(desk: MadeUpDesk, phone: Phone) -> None:
    phone.send("menu")
    phone.send("0")
    form, conversation = phone.form(YES), desk.puente.conversation
    sessions = conversation.sessions

    class Dies:
        """The real memory of a process that is killed when it wants to keep the turn."""

        begin, release = sessions.begin, sessions.release

        def finish(self, *_: object) -> bool:
            raise KeyboardInterrupt

    class Desk:
        """The real desk; a process that is killed takes nothing back."""

        def __getattr__(self, name: str) -> object:
            return (lambda _id: None) if name == "drop" else getattr(conversation.desk, name)

    from bot.channels.inbound import read_message

    with pytest.raises(KeyboardInterrupt):
        replace(conversation, sessions=Dies(), desk=Desk()).answer(read_message(form))
    id = desk.of(phone.address).id
    assert phone.post(form).status_code == 200
    told = texts(phone.response.data)
    assert "a esta hora contestan" in told[0] and desk.of(phone.address).id == id
    assert desk.thread(phone.address) == [("bot", told[0])], "the yes is noted for nobody, the first time as the second"


def test_passing_on_is_the_familys_to_say(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.act("pass on", handed_over.address)
    assert handed_over.send("¿quienes son ellos?") == "", "a question goes to the person"
    assert handed_over.send("1") == "Listo: desde ahora contesta aqui Puente del Sur."
    assert desk.of(handed_over.address).organization == "puente-sur"
    assert desk.of(handed_over.address).claimed_by is None


def test_a_no_to_passing_on_changes_nothing(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.act("pass on", handed_over.address)
    assert handed_over.send("no") == "Esta bien: esto sigue con Centro del Sol."
    assert desk.of(handed_over.address).organization == "centro"
    assert handed_over.send("no") == "", "and from then on a no is a message"


def test_on_a_bad_day_the_wait_comes_first_and_only_the_urgent_are_offered(desk: MadeUpDesk, phone: Phone) -> None:
    desk.act("bad day", phone.address)
    phone.send("menu")
    told = phone.send("0")
    assert "Espera para una persona: nadie sabe cuanto" in told and "Yo contesto sus preguntas ahora" in told
    assert "1 si" not in told
    urgent = Phone(desk.app.test_client())
    urgent.send(DANGER)
    asked = urgent.send("0")
    assert asked.startswith("Hoy escriben muchas personas") and "1 si" in asked
    urgent.send(YES)
    assert desk.has(urgent.address) and not desk.has(phone.address)


def test_the_wait_of_a_bad_day_is_the_real_one(desk: MadeUpDesk) -> None:
    for _ in range(3):
        phone = Phone(desk.app.test_client())
        for text in ("menu", "0", YES):
            phone.send(text)
        desk.later(35)
        desk.act("take", phone.address)
        desk.act("reply Hola", phone.address)
    desk.act("bad day", "")
    newcomer = Phone(desk.app.test_client())
    newcomer.send("menu")
    assert "Espera para una persona: como 1 hora." in newcomer.send("0")


def test_a_voice_note_is_counted_and_said_to_be(desk: MadeUpDesk, phone: Phone) -> None:
    for text in ("menu", "0", YES):
        phone.send(text)
    assert phone.send("", NumMedia="1").startswith("Llego el audio o la foto")
    assert [each.beside.get("media") for each in desk.said(phone.address) if each.author == "family"] == [1]


def test_erasing_asks_once_and_then_all_of_it_is_gone(desk: MadeUpDesk, handed_over: Phone) -> None:
    assert handed_over.send("BORRAR").startswith("¿Borro todo")
    assert handed_over.send("1").startswith("Listo")
    assert not desk.has(handed_over.address)
    assert handed_over.send("menu") != ""


def test_known_says_that_a_person_reads(handed_over: Phone) -> None:
    assert "una persona" in handed_over.send("QUE SABEN")


def test_a_conversation_that_is_over_leaves_the_bot_as_ever(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.act("resolve", handed_over.address)
    assert handed_over.send("abogado 60629") != ""


def test_what_was_for_the_bot_waits_for_nobody(desk: MadeUpDesk, handed_over: Phone) -> None:
    desk.act("reply Con gusto", handed_over.address)
    assert desk.of(handed_over.address).waiting_since is None
    desk.later(1)
    handed_over.send("MENU")
    handed_over.send("3")
    assert desk.of(handed_over.address).waiting_since is None
    handed_over.send("gracias por todo, otra cosa")
    assert desk.of(handed_over.address).waiting_since is not None


def test_a_pause_does_not_keep_the_message_from_staff(desk: MadeUpDesk, handed_over: Phone) -> None:
    from bot.scripts.pause import Pause

    paused = replace(desk.puente.conversation, paused=lambda: Pause(0.0))
    from bot.channels.inbound import read_message

    answer = paused.answer(read_message(handed_over.form("sigue triste")))
    assert answer.reply.texts and desk.thread(handed_over.address)[-1] == ("family", "sigue triste")


def test_no_more_of_a_place_than_its_town(desk: MadeUpDesk, phone: Phone) -> None:
    for text in ("abogado 60629", "0", YES):
        phone.send(text)
    place = desk.of(phone.address).about.place
    assert place is not None and "60629" not in place and "Chicago" in place
