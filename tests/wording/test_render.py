"""What really goes out: every step of every flow, in three languages, on both channels."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import content
from bot.directory.nearest import nearest
from bot.engine.actions import Ask, Offer, Say
from bot.engine.flow import Group, Script, Sentence
from bot.engine.walk import NOTICES
from bot.engine.words import SHARED
from bot.escalation.board import Board
from bot.escalation.organization import DeskOrganization
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.fact import figure_fields
from bot.settings import from_environment
from bot.wording.catalog import Catalog
from bot.wording.choose import Texts
from bot.wording.desk import desk_fields
from bot.wording.fields import fields_of, mark_of
from bot.wording.gsm7 import Encoding, encoding, fold_for_sms
from bot.wording.performed import Listing, Shared
from bot.wording.render import Renderer
from bot.wording.state import State, review
from bot.wording.voice import Voice

RELEASE = content.load()
DEVELOPMENT = from_environment({"ENVIRONMENT": "test"})
PRODUCTION = replace(DEVELOPMENT, environment="production", send_unconfirmed_numbers=False, require_approval=True)
CHICAGO = RELEASE.places.by_zip("60629")
DESK = DeskOrganization("centro", "Centro del Sol", "Mo-Fr 09:00-17:00")
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
STEPS = [(flow.name, step.name) for flow in RELEASE.script.flows.values() for step in flow.steps.values() if step.say]


def renderer(
    language: Language, channel: Channel = Channel.SMS, production: bool = False, drafts: bool = True
) -> Renderer:
    chosen = PRODUCTION if production else DEVELOPMENT
    fields = fields_of(RELEASE.hotlines, chosen, CHICAGO, language, NOON) | {
        "topic": "abogado",
        "place": "60629 (Chicago, IL)",
        "day": "23/11/2026",
        "source": "Centro del Sol",
        "hours": "5",
        "hotline": "911",
        "languages": "inglés",
        **figure_fields(RELEASE.facts),
        **desk_fields(DESK, Board((DESK,)), "", language, NOON),
    }
    voice = Voice(
        RELEASE.texts, language, frozenset(), fields, drafts, chosen.send_unconfirmed_numbers, mark_of(chosen)
    )
    return Renderer(RELEASE.script, voice, channel, frozenset() if production else None)


def said(made: Renderer, flow: str, step: str) -> str:
    actions: list[Say | Ask] = [Say(flow, step)]
    if RELEASE.script.flows[flow].steps[step].waits:
        actions.append(Ask(flow, step))
    return "\n".join(made.reply(actions).texts)


@pytest.mark.parametrize("language", Language)
def test_every_step_is_an_sms_of_the_small_alphabet_without_holes(language: Language) -> None:
    made = renderer(language)
    for flow, step in STEPS:
        text = said(made, flow, step)
        assert text, f"{flow}.{step} says nothing"
        assert encoding(text) is Encoding.GSM7, f"{flow}.{step}: {text}"
        assert "$" not in text and "  " not in text, f"{flow}.{step}: {text}"


@pytest.mark.parametrize("language", Language)
def test_in_production_what_nobody_confirmed_is_left_out_and_the_rest_is_whole(language: Language) -> None:
    made = renderer(language, production=True)
    for flow, step in STEPS:
        text = said(made, flow, step)
        assert text and "(?)" not in text
        for line in RELEASE.hotlines.values():
            if not line.sendable(False) and len(line.text) > 5:
                assert line.text not in text, f"{flow}.{step} gives out {line.id}"


def test_kiche_never_goes_alone() -> None:
    """Beside every K'iche' sentence stands the whole Spanish one."""
    kiche, spanish = renderer(Language.QUC, Channel.WHATSAPP), renderer(Language.ES, Channel.WHATSAPP)
    for flow, step in STEPS:
        both, own = said(kiche, flow, step), said(spanish, flow, step)
        # The menu lines carry the K'iche' in front, so the first paragraph is compared.
        assert own.split("\n")[0] in both, f"{flow}.{step}: {both}"


def test_kiche_comes_after_the_spanish_where_it_is_grave_and_says_what_it_is() -> None:
    text = said(renderer(Language.QUC), "agents_here_now", "first")
    assert text.index("No abra") < text.index("K'iche' (no revisado):")
    text = said(renderer(Language.QUC), "menu", "first")
    assert text.index("Jas rajawaxik") < text.index("necesita")


def test_without_drafts_one_attested_line_and_the_spanish() -> None:
    text = said(renderer(Language.QUC, drafts=False), "menu", "first")
    assert text.startswith("Man k'o ta pa K'iche' ch'ab'al.") and "necesita" in text and "rajawaxik" not in text


def test_whatsapp_keeps_its_accents_and_sms_folds_them() -> None:
    assert "está aquí" in said(renderer(Language.ES, Channel.WHATSAPP), "menu", "first")
    assert "esta aqui" in said(renderer(Language.ES, Channel.SMS), "menu", "first")


def test_an_unapproved_rights_answer_is_its_safe_minimum_and_urgent_ones_are_whole() -> None:
    made = renderer(Language.ES, production=True)
    minimum = "\n".join(made.reply([Say(NOTICES, "safe_minimum")]).texts)
    assert "guardar silencio" in minimum
    for flow in RELEASE.script.flows.values():
        if flow.first.say:
            text = "\n".join(made.reply([Say(flow.name, flow.first.name)]).texts)
            safe = made.voice.say(flow.minimum) if flow.minimum else minimum
            assert (text == fold_for_sms(safe)) is (flow.group is Group.RIGHTS), flow.name
    approved = replace(made, approved=frozenset({"home_visit"}))
    assert approved.reply([Say("home_visit", "first")]) != made.reply([Say("home_visit", "first")])


def test_a_flow_may_bring_a_minimum_of_its_own() -> None:
    flow = RELEASE.script.flows["home_visit"]
    own = replace(flow, minimum=Sentence("home_visit.minimum", "Danger: call $emergency_911."))
    script = Script.of({**RELEASE.script.flows, "home_visit": own})
    made = replace(renderer(Language.EN, production=True), script=script)
    assert made.reply([Say("home_visit", "first")]).texts == ("Danger: call 911.",)


def test_a_sentence_that_asks_for_the_place_goes_once_the_place_is_known() -> None:
    ask = Sentence("x.first.also.zip", "Write your ZIP.", without="place")
    made = renderer(Language.EN)
    nowhere = {name: value for name, value in made.voice.fields.items() if name != "place"}
    assert made.voice.say(ask) == ""
    assert replace(made.voice, fields=nowhere).say(ask) == "Write your ZIP."


@pytest.mark.parametrize("language", Language)
def test_a_shared_answer_stands_alone(language: Language) -> None:
    made, day, line = renderer(language), date(2026, 11, 23), "888-555-0100 (open)"
    made = replace(made, voice=replace(made.voice, fields={**made.voice.fields, "area_line": line}))
    assert line in said(made, "agents_here_now", "first")
    for flow in RELEASE.script.flows.values():
        for step in flow.steps.values():
            if flow.group not in SHARED or not step.say:
                continue
            text = "\n".join(made.reply([Shared(flow.name, step.name, day)]).texts)
            assert "23/11/2026" in text and "Puente" in text, text
            assert "\n1 " not in text and "\n0 " not in text, text
            assert "60629" not in text and line not in text, text
    assert "23/11" not in "".join(made.reply([Shared("home_visit", "first", None)]).texts)


def test_a_minimum_that_is_sent_on_claims_no_source_of_the_flow() -> None:
    made = renderer(Language.ES, production=True)
    text = "\n".join(made.reply([Shared("home_visit", "first", date(2026, 11, 23))]).texts)
    assert "guardar silencio" in text and "23/11" not in text


def test_a_fact_that_has_run_out_takes_its_sentence_and_no_more() -> None:
    made = renderer(Language.ES)
    gone = replace(made, voice=replace(made.voice, gone=frozenset({"ice_home_entry_memo"})))
    before, after = said(made, "home_visit", "first"), said(gone, "home_visit", "first")
    assert "ICE dice" in before and "ICE dice" not in after
    assert after.split("\n")[0] in before


def test_a_line_in_a_menu_is_a_digit_and_a_label() -> None:
    text = said(renderer(Language.EN, Channel.WHATSAPP), "home_visit", "first").split("\n")[1:]
    assert text[0].startswith("1 ") and text[-2].startswith("0 ") and text[-1].startswith("SHARE")


def test_what_is_only_useful_never_costs_another_sms() -> None:
    from bot.wording.gsm7 import segments

    made = renderer(Language.ES)
    for flow, step in STEPS:
        text = said(made, flow, step)
        lines = text.split("\n")
        without = "\n".join(line for line in lines if not line.startswith(("0 ", "9 reg")))
        assert segments(text) == segments(without), f"{flow}.{step}"


def test_organizations_in_a_list() -> None:
    assert CHICAGO
    found = nearest(RELEASE.directory, CHICAGO, "legal", now=NOON, unconfirmed=True)
    none = RELEASE.script.flows["services_legal"].steps["show"].none
    assert none
    listing = Listing(found.found, found.more, CHICAGO.label, none, NOON, Say("services_legal", "show"))
    text = "\n".join(renderer(Language.ES).reply([listing]).texts)
    assert text.startswith("Cerca de 60629 (Chicago, IL):") and text.count("\n- ") == 3 and "MAS" in text
    assert "773-542-7077(?)" in text
    text = "\n".join(renderer(Language.ES, production=True).reply([listing]).texts)
    assert "773-542-7077" not in text
    empty = Listing((), False, CHICAGO.label, none, NOON, Say("services_legal", "show"))
    assert "El Departamento de Justicia tiene una lista" in "\n".join(renderer(Language.ES).reply([empty]).texts)


actions = st.lists(
    st.one_of(
        st.sampled_from(STEPS).map(lambda spot: Say(*spot)),
        st.sampled_from(STEPS).map(lambda spot: Ask(*spot, back=True)),
        st.lists(
            st.sampled_from(["menu", "home_visit", "US;60629;Chicago;IL;41.78;-87.71;zip", "gone"]), max_size=5
        ).map(lambda options: Offer("did_you_mean", tuple(options))),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(actions, st.sampled_from(Language), st.sampled_from(Channel))
def test_whatever_is_to_be_said_can_be_written(
    todo: list[Say | Ask | Offer], language: Language, channel: Channel
) -> None:
    made = renderer(language, channel)
    reply = made.reply(todo)
    assert len(reply.texts) <= 1
    for text in reply.texts:
        assert text.strip() and "$" not in text
        if channel is Channel.SMS:
            assert encoding(text) is Encoding.GSM7
    assert made.reply(todo) == reply


def test_notices_need_no_menu_of_their_own() -> None:
    for name in ("erased", "exited", "degraded", "welcome_line"):
        assert renderer(Language.ES).reply([Say(NOTICES, name)]).texts


@pytest.mark.parametrize("language", Language)
def test_a_child_gets_the_words_for_children_where_there_are_some(language: Language) -> None:
    grown = renderer(language, Channel.WHATSAPP)
    child = replace(grown, child=True)
    for flow, name in STEPS:
        step = RELEASE.script.flows[flow].steps[name]
        assert (said(child, flow, name) == said(grown, flow, name)) is (step.child is None), f"{flow}.{name}"


def test_around_a_child_nobody_is_usted() -> None:
    child = replace(renderer(Language.ES, Channel.WHATSAPP), child=True)
    assert said(child, "menu", "first").startswith("¿Qué necesitas? Escribe")
    assert child.reply([Offer("did_you_mean", ("home_visit",))]).texts[0].startswith("¿Quisiste decir")
    assert said(child, "home_visit", "first") == said(replace(child, child=False), "home_visit", "first")


# Commands and words that are only said to somebody who is usted.
USTED = re.compile(
    r"\b(?:usted|su|sus|(?<!que )llame|vaya|diga|dígale|pida|borre|bórrelo|escriba|guarde|abra|firme)\b", re.IGNORECASE
)
TO_A_CHILD = [
    ("danger_now", "first"),
    ("danger_now", "hurt"),
    ("danger_now", "held"),
    ("danger_now", "medical"),
    ("agents_here_now", "first"),
    ("relative_just_taken", "first"),
    ("self_harm", "first"),
]


@pytest.mark.parametrize(("flow", "step"), TO_A_CHILD)
def test_a_child_in_danger_is_not_usted(flow: str, step: str) -> None:
    grown = renderer(Language.ES, Channel.WHATSAPP)
    assert USTED.search(said(grown, flow, step))
    assert not USTED.search(said(replace(grown, child=True), flow, step))


# Nothing tells who writes: neither tú nor usted.
TU = re.compile(r"\b(?:tú|tu|tus|te|llama|quédate|sigue|di|pide|firmes|abras)\b", re.IGNORECASE)


@pytest.mark.parametrize("step", ["first", "abroad"])
def test_words_that_suit_a_child_and_an_adult_are_neither_tu_nor_usted(step: str) -> None:
    text = said(renderer(Language.ES, Channel.WHATSAPP), "child_or_adult", step)
    assert not USTED.search(text) and not TU.search(text)
    assert TU.search(said(renderer(Language.ES, Channel.WHATSAPP), "child_alone", "first"))


def test_who_leaves_a_topic_is_told_nothing_that_suits_only_a_grown_person() -> None:
    # After SALIR it is not known any more that a child wrote.
    (text,) = renderer(Language.ES).reply([Say(NOTICES, "exited")]).texts
    assert not USTED.search(text) and not TU.search(text)


def test_where_a_child_has_no_kiche_of_its_own_it_gets_everybodys() -> None:
    made = replace(renderer(Language.QUC), child=True)
    assert said(made, "menu", "first").startswith("Jas rajawaxik chawe?")
    quc = RELEASE.catalogs[Language.QUC]
    entries = {key: entry for key, entry in quc.entries.items() if key != "menu.first.child"}
    catalogs = {**RELEASE.catalogs, Language.QUC: Catalog.of(entries.values(), Language.QUC)}
    without = replace(made, voice=replace(made.voice, texts=Texts(catalogs)))
    text = said(without, "menu", "first")
    assert text.startswith("Jas rajawaxik chech la?") and "¿Qué necesitas?" in text


def approved_by_a_speaker(*keys: str) -> Renderer:
    """The K'iche' of these keys, as if a speaker had approved it beside the English and the Spanish of today."""
    made, quc = renderer(Language.QUC), RELEASE.catalogs[Language.QUC]
    entries = dict(quc.entries)
    for key in keys:
        entry, spanish = entries[key], RELEASE.catalogs[Language.ES].entries[key]
        texts = {Language.EN: entry.english, Language.ES: spanish.text, Language.QUC: entry.text}
        read = review(Language.QUC, date(2027, 1, 2), "Somebody Invented", texts)
        entries[key] = replace(entry, state=State.REVIEWED, review=read)
    catalogs = {**RELEASE.catalogs, Language.QUC: Catalog.of(entries.values(), Language.QUC)}
    return replace(made, voice=replace(made.voice, texts=Texts(catalogs)))


def test_kiche_that_a_speaker_approved_goes_alone_and_unmarked() -> None:
    made = approved_by_a_speaker("home_visit.first.say")
    text = said(made, "home_visit", "first")
    assert text.startswith("We man k'o ta jun orden rech juez") and "no revisado" not in text
    assert "Hable con la puerta cerrada" not in text
    beside = said(renderer(Language.QUC), "home_visit", "first")
    assert "Hable con la puerta cerrada" in beside and "no revisado" in beside


def test_with_drafts_held_back_approved_kiche_still_goes_out() -> None:
    made = approved_by_a_speaker("home_visit.first.say")
    held = replace(made, voice=replace(made.voice, drafts=False))
    assert said(held, "home_visit", "first") == said(made, "home_visit", "first")


def test_an_approved_line_of_a_menu_needs_no_spanish() -> None:
    text = said(approved_by_a_speaker("menu.first.choice.1"), "menu", "first")
    assert "1 k'o ri migra waral\n" in text and "2 xkichap jun winaq / " in text
