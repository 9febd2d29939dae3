"""The oracle of the chaos runs itself: it tells a right answer from a lost, a doubled and a wrong one, and knows nothing of ours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.chaos import carrier, oracle, person, script
from tests.chaos.oracle import Asked, Kind, Trouble, Verdict, judge
from tests.chaos.person import Person
from tests.chaos.script import label_of, menu_in

MENU = """¿Qué necesita? Escriba un numero, o pregunte con sus palabras:
1 la migra esta aqui
3 abogado
6 ri ya'tal chi we / mis derechos
0 una persona"""
RIGHTS = "Sus derechos:\n1 si vienen a mi casa\n9 regresar"
HOME = "Hable con la puerta cerrada. No tiene que abrir sin orden firmada por un juez.\n1 la orden"
LOST = f"Perdone, perdí el hilo y ese número ya no me dice nada.\n{MENU}"
NO_MEMORY = "Tengo un problema y ahora no puedo seguir la platica. Escribame otra vez."
NEAR = "Cerca de 60629 (Chicago, IL):\n- {}, 5 mi\nMAS muestra otros."
RIGHTS_ASKED = Asked("6", Kind.CHOICE, ("Sus derechos",))
HOME_ASKED = Asked("1", Kind.CHOICE, ("Hable con la puerta cerrada",))
SECOND = Asked("MAS", Kind.MORE, ("Cerca de 60629",), "all", 1)
FREE = Asked("que hago si viene la migra", Kind.FREE, ("Hable con la puerta cerrada",))
GONE = frozenset({Trouble.MEMORY})


@pytest.mark.parametrize(
    ("asked", "answer", "troubles", "verdict"),
    [
        pytest.param(RIGHTS_ASKED, RIGHTS, (), Verdict.RIGHT, id="what the line said"),
        pytest.param(RIGHTS_ASKED, RIGHTS, GONE, Verdict.RIGHT, id="what the line said, after a loss too"),
        pytest.param(RIGHTS_ASKED, HOME, (), Verdict.WRONG, id="the digit was applied to the next menu"),
        pytest.param(RIGHTS_ASKED, MENU, (), Verdict.WRONG, id="the former menu again"),
        pytest.param(RIGHTS_ASKED, HOME, GONE, Verdict.WRONG, id="guessed after a loss"),
        pytest.param(RIGHTS_ASKED, RIGHTS + "\n" + RIGHTS, (), Verdict.DOUBLED, id="twice in one answer"),
        pytest.param(RIGHTS_ASKED, "", (), Verdict.LOST, id="silence"),
        pytest.param(RIGHTS_ASKED, LOST, (), Verdict.LOST, id="the place is lost and Redis was there"),
        pytest.param(RIGHTS_ASKED, LOST, GONE, Verdict.PLACE_LOST, id="the place is lost with Redis"),
        pytest.param(RIGHTS_ASKED, NO_MEMORY, (), Verdict.LOST, id="no memory and Redis was there"),
        pytest.param(RIGHTS_ASKED, NO_MEMORY, GONE, Verdict.NO_MEMORY, id="no memory"),
        pytest.param(RIGHTS_ASKED, f"{RIGHTS}\n{NO_MEMORY}", GONE, Verdict.WRONG, id="guessed without memory"),
        pytest.param(SECOND, NEAR.format("PASO"), (), Verdict.RIGHT, id="the second page"),
        pytest.param(
            SECOND, NEAR.format("Centro de los Derechos del Migrante"), (), Verdict.DOUBLED, id="the third page"
        ),
        pytest.param(SECOND, NEAR.format("Mujeres Latinas en Acción"), (), Verdict.LOST, id="the first page again"),
        pytest.param(SECOND, MENU, (), Verdict.WRONG, id="no page at all"),
        pytest.param(FREE, HOME, (), Verdict.RIGHT, id="understood"),
        pytest.param(FREE, "Perdone, no le entendí.", (), Verdict.WRONG, id="not understood, with the model"),
        pytest.param(
            FREE, "Perdone, no le entendí.", (Trouble.MODEL,), Verdict.NO_MODEL, id="not understood without it"
        ),
        pytest.param(FREE, RIGHTS, (Trouble.MODEL,), Verdict.WRONG, id="misunderstood without it"),
        pytest.param(Asked("STOP", Kind.SILENT), "", (), Verdict.RIGHT, id="silence where the carrier has spoken"),
        pytest.param(Asked("STOP", Kind.SILENT), "Done", (), Verdict.WRONG, id="words where the carrier has spoken"),
    ],
)
def test_it_judges(asked: Asked, answer: str, troubles: tuple[Trouble, ...], verdict: Verdict) -> None:
    assert judge(asked, answer, frozenset(troubles)) is verdict


def test_a_menu_is_read_as_it_was_sent() -> None:
    assert menu_in(MENU) == {"1": "la migra esta aqui", "3": "abogado", "6": "mis derechos", "0": "una persona"}


def test_a_person_chooses_only_what_the_last_message_offered() -> None:
    somebody = Person(0, 1, 400, model=False)
    for _ in range(400):
        asked = somebody.write()
        if asked.kind is Kind.CHOICE:
            assert asked.text in somebody.menu
        somebody.hear(asked, MENU if asked.says == ("¿Qué necesita?",) else RIGHTS)


def test_no_two_lines_of_a_menu_that_lead_elsewhere_have_the_same_answer() -> None:
    of = script.script()
    for menu in (MENU, RIGHTS):
        openings = [of.choices[label] for label in menu_in(menu).values() if label in of.choices]
        assert len(openings) == len(set(openings)) > 0
    assert label_of("Ri ya'tal / MIS DERECHOS") in of.choices


@pytest.mark.parametrize("module", [oracle, person, script, carrier], ids=lambda module: module.__name__)
def test_it_imports_nothing_of_the_program(module: object) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))  # type: ignore[attr-defined]
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in names if name.split(".")[0] in ("bot", "webhook")]
    assert {name for name in names if name.startswith("tests.")} <= {"tests.chaos.script", "tests.chaos.oracle"}
