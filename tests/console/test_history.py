"""Versions of an answer: compared, brought back as a draft; withdrawn answers; who says of a text that it is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from bot.wording.state import State
from tests.console.browsing import Console
from tests.console.clients import hand
from tests.console.reviewing import (
    ES,
    FLOW,
    NEW_ES,
    QUC,
    SAY,
    clear,
    jorge,
    luis,
    marta,
    page,
    sent,
    spanish,
    write,
)

pytestmark = pytest.mark.slow
HEALTH = "services_health"


@pytest.fixture(autouse=True)
def nothing_open(console: Console) -> Iterator[None]:
    yield
    clear(console)


@pytest.fixture(scope="module")
def published(console: Console) -> str:
    """The Spanish as it was before Luis's, which Marta published."""
    before = spanish(console)
    mark = sent(console, luis(console), NEW_ES)
    console.desk.changes.publish(console.viewer(marta(console)), FLOW, mark=mark)
    return before


def test_where_nobody_has_published_the_pages_say_so(console: Console) -> None:
    assert console.desk.releases.number() == 0
    assert "nadie ha publicado nada todavía" in page(console, marta(console), "/releases")
    assert "nunca se cambió aquí" in page(console, marta(console), f"/answers/{HEALTH}/history")


def test_two_versions_are_compared_in_words(console: Console, published: str) -> None:
    shown = page(console, luis(console), f"/answers/{FLOW}/history/compare?a=1&b=0")
    assert (
        '<ins><span class="unseen">agregado: </span>' in shown and '<del><span class="unseen">quitado: </span>' in shown
    )
    assert "Versión 0" in shown and "Versión 1" in shown
    assert shown.count('<article class="card changing">') == 1, "one text in one language differs"


@pytest.mark.parametrize("query", ["", "?a=0", "?a=0&b=99", "?a=x&b=1"])
def test_versions_that_there_are_not(console: Console, published: str, query: str) -> None:
    assert hand(console, luis(console)).get(f"/answers/{FLOW}/history/compare{query}").status_code == 404


def test_back_to_a_version_makes_a_draft_and_publishes_nothing(console: Console, published: str) -> None:
    number = console.desk.releases.number()
    answer = hand(console, luis(console)).post(f"/answers/{FLOW}/history/back", number="0")
    assert answer.status_code == 303 and answer.location.endswith(f"/console/answers/{FLOW}")
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.DRAFT
    assert [each.text for each in opened.draft.texts] == [published]
    assert spanish(console) == NEW_ES and console.desk.releases.number() == number


def test_a_draft_is_never_written_over_by_an_old_version(console: Console, published: str) -> None:
    write(console, luis(console), "Otra cosa.")
    hand(console, luis(console)).post(f"/answers/{FLOW}/history/back", number="0")
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and [each.text for each in opened.draft.texts] == ["Otra cosa."]


def test_bringing_back_what_stands_begins_no_draft(console: Console, published: str) -> None:
    hand(console, luis(console)).post(f"/answers/{FLOW}/history/back", number=str(console.desk.releases.number()))
    assert console.desk.changes.open_for(FLOW) is None


def test_only_publishers_undo_and_only_what_they_saw(console: Console, published: str) -> None:
    number = console.desk.releases.number()
    assert "Deshacer la última" not in page(console, luis(console), "/releases")
    assert hand(console, luis(console)).post("/releases/undo", based_on=str(number)).status_code == 403
    assert hand(console, marta(console)).post("/releases/undo", based_on=str(number - 1)).status_code == 303
    assert console.desk.releases.number() == number and spanish(console) == NEW_ES


def test_an_answer_is_withdrawn_with_a_reason_and_goes_out_again_by_two(console: Console) -> None:
    first, second = hand(console, marta(console)), hand(console, jorge(console))
    asked = page(console, marta(console), f"/answers/{HEALTH}/withdraw")
    assert "lee en su lugar" in asked and 'lang="en"' in asked and "Retirarla ya" in asked
    assert first.post(f"/answers/{HEALTH}/withdraw", why=" ").status_code == 422
    assert hand(console, luis(console)).post(f"/answers/{HEALTH}/withdraw", why="x").status_code == 403
    assert console.desk.releases.withdrawals() == ()

    assert first.post(f"/answers/{HEALTH}/withdraw", why="La clínica cerró").status_code == 303
    shown = page(console, luis(console), "/withdrawn")
    assert "La retiró Marta" in shown and "La clínica cerró" in shown and "Nadie ha dicho todavía" in shown
    assert "Puede salir otra vez" not in shown, "a volunteer has no button"
    assert hand(console, luis(console)).post(f"/withdrawn/{HEALTH}/restore").status_code == 403

    first.post(f"/withdrawn/{HEALTH}/restore")
    mine, hers = (page(console, each(console), "/withdrawn") for each in (marta, jorge))
    assert "Dijiste que puede salir otra vez" in mine and "<button>Puede salir" not in mine
    assert "Marta dijo que puede salir otra vez" in hers and "<button>Puede salir" in hers
    first.post(f"/withdrawn/{HEALTH}/restore")
    assert [each.flow for each in console.desk.releases.withdrawals()] == [HEALTH], "one alone says it in vain"
    second.post(f"/withdrawn/{HEALTH}/restore")
    assert console.desk.releases.withdrawals() == ()
    assert "Ninguna respuesta está retirada" in page(console, luis(console), "/withdrawn")


def test_what_the_bot_is_made_of_is_not_withdrawn(console: Console) -> None:
    assert hand(console, marta(console)).get("/answers/human/withdraw").status_code == 404
    assert hand(console, marta(console)).post("/answers/human/withdraw", why="x").status_code == 404
    assert console.desk.releases.withdrawals() == ()


def _box(console: Console, language: str, key: str = SAY) -> str:
    line = console.desk.changes.answer(key.partition(".")[0]).line(key)
    assert line is not None
    return f"{language}|{line.said[Language(language)].version}|{key}"


def _state(console: Console, language: Language, key: str = SAY) -> State:
    line = console.desk.changes.answer(key.partition(".")[0]).line(key)
    assert line is not None
    return line.said[language].state


def test_a_publisher_says_it_of_spanish_and_english_that_she_did_not_write(console: Console) -> None:
    write(console, luis(console), NEW_ES + " Con calma.")
    box = _box(console, "es")
    assert f'value="{box}"' not in page(console, luis(console), f"/answers/{FLOW}/readings")
    assert hand(console, luis(console)).post(f"/answers/{FLOW}/readings", text=box).status_code == 403
    assert hand(console, marta(console)).post(f"/answers/{FLOW}/readings").status_code == 422
    assert f'value="{box}"' in page(console, marta(console), f"/answers/{FLOW}/readings")
    assert hand(console, marta(console)).post(f"/answers/{FLOW}/readings", text=box).status_code == 303
    assert _state(console, ES) is State.REVIEWED
    assert "Marta" in page(console, jorge(console), f"/answers/{FLOW}/readings")


def test_whoever_wrote_it_does_not_say_that_it_is_right(console: Console) -> None:
    write(console, marta(console), NEW_ES + " Con calma.")
    box = _box(console, "es")
    assert f'value="{box}"' not in page(console, marta(console), f"/answers/{FLOW}/readings")
    assert hand(console, marta(console)).post(f"/answers/{FLOW}/readings", text=box).status_code == 403
    assert _state(console, ES) is not State.REVIEWED


def test_kiche_is_read_only_by_a_speaker(console: Console) -> None:
    write(console, luis(console), NEW_ES + " Con calma.")
    line = console.desk.changes.answer(FLOW).line(SAY)
    assert line is not None and line.said[QUC].text, "there is a K'iche' draft to be read"
    box = _box(console, "quc")
    assert f'value="{box}"' not in page(console, marta(console), f"/answers/{FLOW}/readings")
    assert hand(console, marta(console)).post(f"/answers/{FLOW}/readings", text=box).status_code == 403
    speaker = console.account(Role.VOLUNTEER, name="Juana")
    admin = console.viewer(console.account(Role.ADMIN, organization=None, name="Rosa Ixchel"))
    console.desk.people.change_standing(admin, speaker.id, "Nahualá", "")
    assert f'value="{box}"' in page(console, speaker, f"/answers/{FLOW}/readings")
    assert hand(console, speaker).post(f"/answers/{FLOW}/readings", text=box).status_code == 303
    assert _state(console, QUC) is State.REVIEWED


def test_an_approval_takes_a_licence_and_her_own_name_and_ends_with_a_change(console: Console) -> None:
    flow = _rights_flow(console)
    lawyer = console.account(Role.VOLUNTEER, name="Elena Ruiz")
    admin = console.viewer(console.account(Role.ADMIN, organization=None, name="Rosa Ixchel"))
    words = console.desk.changes.words_to_approve(flow)
    form = {"name": "Elena Ruiz", "words": words}
    write(console, luis(console), "Texto de prueba.", key=_first_text(console, flow))
    assert hand(console, lawyer).post(f"/answers/{flow}/approve", **form).status_code == 403
    console.desk.people.change_standing(admin, lawyer.id, "", "IL 6301234")
    shown = page(console, lawyer, f"/answers/{flow}/readings")
    assert "Texto de prueba." in shown and "termina la aprobación por sí solo" in shown
    assert hand(console, lawyer).post(f"/answers/{flow}/approve", **form).status_code == 303
    assert _approval(console, flow) is None, "she had read other words"
    form["words"] = console.desk.changes.words_to_approve(flow)
    assert hand(console, lawyer).post(f"/answers/{flow}/approve", **{**form, "name": "Elena"}).status_code == 422
    assert hand(console, lawyer).post(f"/answers/{flow}/approve", **{**form, "name": "elena  ruiz"}).status_code == 303
    assert _approval(console, flow) == "Elena Ruiz"
    assert "Aprobada por Elena Ruiz" in page(console, marta(console), f"/answers/{flow}/readings")
    write(console, luis(console), "Otro texto.", key=_first_text(console, flow))
    assert "la aprobación terminó" in page(console, marta(console), f"/answers/{flow}/readings")


def _rights_flow(console: Console) -> str:
    return next(
        flow.name
        for flow in console.desk.changes.preview(FLOW).script.flows.values()
        if flow.group == "rights" and any(step.say for step in flow.steps.values())
    )


def _first_text(console: Console, flow: str) -> str:
    return next(line.key for line in console.desk.changes.answer(flow).lines if line.part == "say")


def _approval(console: Console, flow: str) -> str | None:
    opened = console.desk.changes.open_for(flow)
    assert opened is not None
    return opened.draft.approval.name if opened.draft.approval else None
