"""Sentences to learn from: they come in once and scrubbed, one label each, and leave nothing where somebody could be known."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role, Viewer
from bot.scripts.phrases import Verdict
from bot.settings import REPOSITORY
from bot.store.content_models import Phrase as Row
from bot.store.desk_errors import TextRefused
from bot.store.errors import NotYours
from bot.store.phrases import PhraseJudged, PhraseKnown, PhraseMeasures, Phrases, keep, readable
from bot.store.phrases_learned import measures
from bot.store.staff_models import AuditRow
from tests.store.at_desk import ADA, ANA, EVERYBODY, PIA, VERA, viewer

RITA = viewer(9, Role.VOLUNTEER, name="Rita")
JUDGES = {Role.VOLUNTEER, Role.PUBLISHER}
ADDS = JUDGES | {Role.RESPONDER}


@pytest.fixture
def phrases(engine: Engine, clock) -> Phrases:
    return Phrases(engine, clock)


@pytest.fixture
def comes(engine: Engine, clock) -> Callable[..., str]:
    """A sentence of a conversation waits; returns its id."""

    def keep_it(
        text: str = "mi hijo no come", heard: str = "services_legal", topic: str = "", language: str = "es"
    ) -> str:
        with engine.begin() as connection:
            keep(connection, clock(), language, text, heard, topic)
        with engine.connect() as connection:
            return str(connection.scalar(select(Row.id).where(Row.text == text)) or "")

    return keep_it


def rows(engine: Engine) -> list[tuple[str, str, str, str]]:
    with engine.connect() as connection:
        found = connection.execute(select(Row.text, Row.heard, Row.topic, Row.verdict).order_by(Row.text)).all()
    return [tuple(row) for row in found]


def audit(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        found = connection.execute(
            select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq)
        ).all()
    return [tuple(row) for row in found]


def test_one_that_comes_waits_with_what_was_heard_and_no_day(phrases: Phrases, comes) -> None:
    id = comes("me llamo ***, mi hijo no come, 3125550100", topic="services_basic_needs")
    (one,) = phrases.waiting(VERA)
    assert (one.heard, one.topic, one.verdict, one.quarter, one.by) == (
        *("services_legal", "services_basic_needs", Verdict.WAITING, "2026Q4"),
        None,
    )
    assert one.id == id or id == "", "the number was taken out on the way"
    assert one.text == "me llamo ***, mi hijo no come, ***" and one.text not in repr(one)
    assert phrases.counts(ANA) == {"es": 1}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("¿Mi hijo no come?", "mi hijo  NO come", 1),
        ("se llevaron a ***", "*** se llevaron a", 1),
        ("la utz we kinjaq ri uchi’ ja", "la utz we kinjaq ri uchi' ja", 1),
        ("mi hijo no come", "mi hija no come", 2),
    ],
    ids=["marks and capitals", "where a name stood", "apostrophes", "another sentence"],
)
def test_the_same_sentence_is_kept_once(phrases: Phrases, comes, first: str, second: str, kept: int) -> None:
    comes(first)
    comes(second)
    assert len(phrases.waiting(VERA)) == kept


def test_what_is_not_ours_is_not_kept(engine: Engine, comes) -> None:
    comes("mam ti tten", language="mam")
    with pytest.raises(TextRefused):
        comes("***")
    comes("mi hijo no come", heard="some_danger", topic="no_such_topic")
    assert rows(engine) == [("mi hijo no come", "", "", "waiting")]


def test_the_model_never_gets_what_it_is_measured_with(engine: Engine, phrases: Phrases, comes) -> None:
    """Line by line of all sets, and no line may stand in what a failure shows."""
    missed = 0
    for name in ("es", "en", "quc"):
        headings, *lines = (REPOSITORY / "nlu" / "held_out" / f"{name}.tsv").read_text("utf-8").splitlines()
        at = headings.split("\t").index("text")
        missed += sum(not measures(line.split("\t")[at].upper() + " !") for line in lines)
    assert missed == 0
    text = lines[0].split("\t")[at]
    comes(text, language="quc")
    with pytest.raises(PhraseMeasures) as refused:
        phrases.add(VERA, "quc", "greet", text)
    shown = text in str(refused.value)
    assert rows(engine) == [] and not shown
    assert not measures("mi hijo no come desde el lunes y no sé qué hacer con él")


@pytest.mark.parametrize(
    ("verdict", "topic", "kept", "label"),
    [
        (Verdict.RIGHT, "", Verdict.RIGHT, "services_legal"),
        (Verdict.OTHER, "services_health", Verdict.OTHER, "services_health"),
        (Verdict.OTHER, "services_legal", Verdict.RIGHT, "services_legal"),
        (Verdict.NONE, "", Verdict.NONE, ""),
    ],
    ids=["right", "another topic", "another topic that is the one heard", "nothing of ours"],
)
def test_a_verdict_leaves_one_label(engine: Engine, phrases: Phrases, comes, verdict, topic, kept, label) -> None:
    id = comes(topic="services_basic_needs")
    assert phrases.judge(VERA, id, verdict, topic) == kept
    assert rows(engine) == [("mi hijo no come", "services_legal", label, kept.value)]
    assert phrases.waiting(VERA) == () and [each.id for each in phrases.judged(PIA)] == [id]
    assert audit(engine) == [(VERA.actor, "phrase.judged", f"es {kept.value}")], (
        "no word of it, and nothing that leads to it"
    )


@pytest.mark.parametrize(
    ("verdict", "topic"),
    [(Verdict.OTHER, "no_such_topic"), (Verdict.OTHER, ""), (Verdict.WAITING, "greet"), (Verdict.RIGHT, "")],
    ids=["no topic of ours", "no topic", "no verdict", "right, where nobody asked the bot"],
)
def test_a_verdict_that_says_nothing_is_refused(engine: Engine, phrases: Phrases, comes, verdict, topic) -> None:
    id = comes(heard="")
    with pytest.raises(ValueError, match="topic"):
        phrases.judge(VERA, id, verdict, topic)
    assert rows(engine)[0][3] == "waiting" and audit(engine) == []


def test_of_two_at_once_one_is_heard(engine: Engine, phrases: Phrases, comes) -> None:
    id = comes()

    def judge(topic: str) -> bool:
        try:
            phrases.judge(VERA, id, Verdict.OTHER, topic)
        except PhraseJudged:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(judge, ("greet", "thank", "menu", "about")))
    assert sum(done) == 1 and len(audit(engine)) == 1


def test_what_points_to_somebody_is_gone_at_once_and_leaves_nothing(engine: Engine, phrases: Phrases, comes) -> None:
    id = comes("vivo junto a la tienda de doña meches")
    phrases.drop(PIA, id)
    assert rows(engine) == [] and audit(engine) == [(PIA.actor, "phrase.dropped", "es")]
    for act in (lambda: phrases.undo(PIA, id), lambda: phrases.one(PIA, id), lambda: phrases.drop(PIA, id)):
        with pytest.raises(PhraseJudged):
            act()


def test_undo_lets_it_wait_again_until_it_was_exported(engine: Engine, phrases: Phrases, comes) -> None:
    id = comes()
    phrases.judge(VERA, id, Verdict.NONE)
    with pytest.raises(PhraseJudged):
        phrases.undo(RITA, id)
    phrases.undo(VERA, id)
    assert [each.id for each in phrases.waiting(RITA)] == [id]
    phrases.judge(VERA, id, Verdict.OTHER, "greet")
    phrases.undo(PIA, id)
    phrases.judge(PIA, id, Verdict.OTHER, "greet")
    assert phrases.mark_exported(ADA, [id, "nobody"]) == 1 and phrases.mark_exported(ADA, [id]) == 0
    with pytest.raises(PhraseJudged):
        phrases.undo(PIA, id)
    assert [what for _, what, _ in audit(engine)].count("phrase.exported") == 1


def test_by_hand_a_volunteers_counts_and_a_responders_waits(phrases: Phrases) -> None:
    hers = phrases.add(VERA, "es", "services_health", "busco dentista para don Chepe, 3125550100")
    assert (hers.text, hers.verdict, hers.topic) == (
        "busco dentista para don ***, ***",
        Verdict.OTHER,
        "services_health",
    )
    ana = phrases.add(ANA, "quc", "services_health", "kwaj jun ajkun")
    assert (ana.verdict, ana.topic, ana.by) == (Verdict.WAITING, "services_health", ANA.user)
    assert phrases.waiting(VERA, "es") == () and [each.id for each in phrases.waiting(VERA, "quc")] == [ana.id]
    with pytest.raises(PhraseKnown):
        phrases.add(PIA, "quc", "greet", "Kwaj jun ajkun!")


@pytest.mark.parametrize("text", ["", " *** ", "¿?", "x" * 601], ids=["empty", "a gap", "marks", "too long"])
def test_nothing_or_too_much_is_refused(phrases: Phrases, text: str) -> None:
    with pytest.raises(TextRefused):
        phrases.add(VERA, "es", "greet", text)


@pytest.mark.parametrize(("language", "topic"), [("mam", "greet"), ("es", "no_such_topic")])
def test_neither_language_nor_topic_is_made_up(phrases: Phrases, language: str, topic: str) -> None:
    with pytest.raises(ValueError):
        phrases.add(VERA, language, topic, "una frase entera")


def test_several_lines_become_one_sentence() -> None:
    assert readable(" mi hijo\n\n  no come\t") == "mi hijo no come"


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_the_store_refuses_by_role(phrases: Phrases, comes, who: Viewer) -> None:
    id = comes()
    acts = {
        "waiting": (JUDGES, lambda: phrases.waiting(who)),
        "counts": (ADDS, lambda: phrases.counts(who)),
        "judged": (ADDS, lambda: phrases.judged(who)),
        "one": (ADDS, lambda: phrases.one(who, id)),
        "add": (ADDS, lambda: phrases.add(who, "es", "greet", "buenas a todos los de ahí")),
        "judge": (JUDGES, lambda: phrases.judge(who, id, Verdict.NONE)),
        "undo": (JUDGES, lambda: phrases.undo(who, id)),
        "drop": (JUDGES, lambda: phrases.drop(who, id)),
        "mark_exported": ({Role.ADMIN}, lambda: phrases.mark_exported(who, [id])),
    }
    refused = set()
    for name, (_, act) in acts.items():
        try:
            act()
        except NotYours:
            refused.add(name)
    assert refused == {name for name, (may, _) in acts.items() if not who.has(*may)}
