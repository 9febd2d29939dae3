"""Reviews: what is shown, who publishes, who may not, and what was changed meanwhile. Their looks: test_review_browser.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bot import content
from bot.escalation.viewer import Role
from bot.frozen import replace
from bot.scripts.change import Draft, Stage
from bot.scripts.change_applied import applied
from bot.store.change_history import ChangeHistory
from bot.store.staff_models import User
from tests.console.browsing import Console
from tests.console.clients import hand
from tests.console.reviewing import (
    EN,
    FLOW,
    NEW_ES,
    SAY,
    clear,
    jorge,
    luis,
    marta,
    page,
    publish,
    sent,
    spanish,
    write,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def nothing_open(console: Console) -> Iterator[None]:
    yield
    clear(console)


POSTS = tuple(f"/review/{FLOW}/{act}" for act in ("publish", "return", "test"))


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.COORDINATOR, Role.ADMIN])
def test_others_see_no_reviews(console: Console, role: Role) -> None:
    someone = hand(console, console.account(role, organization=None if role is Role.ADMIN else "norte"))
    assert [someone.get(path).status_code for path in ("/review", f"/review/{FLOW}", "/releases", "/withdrawn")] == [
        403
    ] * 4
    assert [someone.post(path).status_code for path in (*POSTS, "/releases/undo")] == [403] * 4


def test_an_empty_queue_says_so_and_leads_on(console: Console) -> None:
    shown = page(console, marta(console), "/review")
    assert "No hay nada por revisar ahora." in shown and "/console/answers" in shown


def test_the_queue_names_author_languages_since_when_and_note(console: Console) -> None:
    sent(console, luis(console), NEW_ES, note="Más corto y claro")
    shown = page(console, marta(console), "/review")
    assert "Lo escribió: Luis" in shown and "Más corto y claro" in shown and "Espera, se envió" in shown
    assert '<span class="mark info" lang="es">Español</span>' in shown
    assert '<span class="mark info" lang="en">English</span>' not in shown


def test_a_review_says_what_is_taken_out_and_put_in(console: Console) -> None:
    old = spanish(console)
    sent(console, luis(console), f"{NEW_ES} {old}")
    shown = page(console, marta(console), f"/review/{FLOW}")
    assert f'<ins><span class="unseen">agregado: </span>{NEW_ES}' in shown
    assert "sin cambios" in shown, "the English stays"
    assert "Leí los tres idiomas" in shown and "Publicar ahora" in shown
    assert "Lo que cuesta por SMS" in shown and "partes" in shown


def test_a_language_that_another_left_behind_is_told(console: Console) -> None:
    sent(console, luis(console), NEW_ES, meaning=True)
    shown = page(console, marta(console), f"/review/{FLOW}")
    assert "no cambió aunque otro idioma sí" in shown and "ahora dice otra cosa" in shown


def test_the_author_reads_who_publishes_and_has_no_button(console: Console) -> None:
    mark = sent(console, marta(console), NEW_ES)
    jorge(console)
    shown = page(console, marta(console), f"/review/{FLOW}")
    assert "Publicar ahora" not in shown and "La publica otra persona" in shown and "Jorge" in shown
    assert publish(hand(console, marta(console)), mark) == 403
    assert hand(console, marta(console)).post(f"/review/{FLOW}/publish", mark=mark, read="yes").status_code == 403
    assert spanish(console) != NEW_ES


def test_a_volunteer_who_forges_the_form_is_refused(console: Console) -> None:
    mark = sent(console, luis(console), NEW_ES)
    sara = console.account(Role.VOLUNTEER, name="Sara")
    assert "Publicar ahora" not in page(console, sara, f"/review/{FLOW}")
    for who in (luis(console), sara):
        assert publish(hand(console, who), mark) == 403
        assert hand(console, who).post(f"/review/{FLOW}/return", remark="no").status_code == 403
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.REVIEW and spanish(console) != NEW_ES


def test_without_the_box_nothing_is_published(console: Console) -> None:
    mark = sent(console, luis(console), NEW_ES)
    answer = hand(console, marta(console)).post(f"/review/{FLOW}/publish", mark=mark, sure="yes")
    assert answer.status_code == 422 and "Marca que leíste los tres idiomas" in answer.get_data(as_text=True)
    assert spanish(console) != NEW_ES


def test_it_asks_once_in_words_then_publishes_then_undoes(console: Console) -> None:
    before, first = spanish(console), console.desk.releases.number()
    mark = sent(console, luis(console), NEW_ES, meaning=True)
    someone = hand(console, marta(console))
    asked = someone.post(f"/review/{FLOW}/publish", mark=mark, read="yes")
    told = asked.get_data(as_text=True)
    assert asked.status_code == 200 and spanish(console) == before, "nothing is out yet"
    assert "Desde ahora las familias reciben esto" in told and "el texto nuevo" in told and NEW_ES in told
    assert "el texto como estaba" in told or "sigue siendo cierto" in told or "el español, con una línea" in told

    done = someone.post(f"/review/{FLOW}/publish", mark=mark, read="yes", sure="yes")
    assert done.status_code == 303 and done.location.endswith(f"/console/answers/{FLOW}/history?published={first + 1}")
    assert spanish(console) == NEW_ES
    banner = someone.get(done.location.removeprefix("/console")).get_data(as_text=True)
    assert "Publicado." in banner and f"/console/releases/undo?flow={FLOW}" in banner

    asked = someone.get(f"/releases/undo?flow={FLOW}")
    assert spanish(console, f"{FLOW}.title").lower() in asked.get_data(as_text=True).lower()
    undone = someone.post("/releases/undo", based_on=str(first + 1), flow=FLOW)
    assert undone.status_code == 303 and spanish(console) == before
    history = page(console, marta(console), f"/answers/{FLOW}/history")
    assert history.count('<li class="card">') == 3
    assert "Lo escribió: Luis, publicada por Marta" in history and "Marta deshizo" in history


def test_a_change_that_moved_is_not_published(console: Console) -> None:
    mark = sent(console, luis(console), NEW_ES)
    console.desk.changes.take_back(console.viewer(luis(console)), FLOW)
    write(console, luis(console), "No abra la puerta.")
    console.desk.changes.send(console.viewer(luis(console)), FLOW, "")
    before = spanish(console)
    assert publish(hand(console, marta(console)), mark) == 303
    assert spanish(console) == before and console.desk.changes.open_for(FLOW) is not None


def test_a_newer_version_is_told_and_the_conflict_holds_it(console: Console) -> None:
    """Luis began from the text that another draft replaced meanwhile; his is neither lost nor published over it."""
    releases, changes = console.desk.releases, console.desk.changes
    mark = sent(console, luis(console), NEW_ES)
    opened = changes.open_for(FLOW)
    assert opened is not None
    stored = releases.current()
    theirs = replace(opened.draft.texts[0], text="Otra persona lo dijo así.", key=SAY)
    files, _ = applied(stored.sources, content.release_of(stored.sources), Draft(FLOW, (theirs,)))
    releases.publish(console.viewer(jorge(console)), files, (FLOW,), "", stored.number)
    shown = page(console, marta(console), f"/review/{FLOW}")
    assert "una versión más nueva" in shown and "tiene que elegir entre las dos" in shown
    assert publish(hand(console, marta(console)), mark) == 303
    assert spanish(console) == "Otra persona lo dijo así."
    releases.undo(console.viewer(jorge(console)))


def test_changes_are_asked_for_with_a_sentence(console: Console) -> None:
    sent(console, luis(console), NEW_ES)
    someone = hand(console, marta(console))
    assert someone.post(f"/review/{FLOW}/return", remark="  ").status_code == 422
    assert someone.post(f"/review/{FLOW}/return", remark="Falta decir por qué").status_code == 303
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.DRAFT and opened.remark == "Falta decir por qué"
    assert "Falta decir por qué" in page(console, luis(console), f"/answers/{FLOW}")


def test_what_the_checks_find_is_told(console: Console) -> None:
    line = console.desk.changes.answer(FLOW).line(SAY)
    assert line is not None
    write(console, luis(console), f"{line.said[EN].text} 😀", language=EN)
    shown = page(console, marta(console), f"/review/{FLOW}")
    assert "😀" in shown and "hay que arreglarlo" in shown
    assert "Todavía es un borrador" in shown and "Publicar ahora" not in shown


def test_with_one_publisher_alone_the_way_to_an_admin_is_told(console: Console) -> None:
    """All who may publish wrote in it."""
    sent(console, marta(console), NEW_ES)
    console.account(Role.ADMIN, organization=None, name="Rosa Ixchel")
    history = [each for each in _publishers(console) if each != marta(console).id]
    for id in history:
        _set_active(console, id, False)
    try:
        shown = page(console, marta(console), f"/review/{FLOW}")
    finally:
        for id in history:
            _set_active(console, id, True)
    assert "al menos dos personas" in shown and "Rosa Ixchel" in shown


def _publishers(console: Console) -> list[int]:
    return [each.id for each in ChangeHistory(console.desk.engine).publishers()]


def _set_active(console: Console, id: int, active: bool) -> None:
    with console.desk.engine.begin() as connection:
        connection.execute(update(User).where(User.id == id).values(active=active))
