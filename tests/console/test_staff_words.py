"""What rules and files say in English stands on a Spanish page in Spanish: reasons of the way, lines of an import, where texts stand."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from bot.console.directory_import_words import import_words
from bot.console.editor_steps import Teller
from bot.console.finding_words import why_refused
from bot.console.steps_refused import REASONS, steps_refused
from bot.console.words import words
from bot.language import Language
from bot.scripts import change_steps
from bot.scripts.change_steps import remove_step
from bot.scripts.change_yaml import StepsRefused
from bot.scripts.checks.paths import DEAD_END
from bot.settings import REPOSITORY
from bot.store.errors import ReleaseRefused
from tests.console.browsing import Console
from tests.scripts.filling import WHOLE

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def on_a_spanish_page(console: Console) -> Iterator[None]:
    with console.app.extensions["console"].app().test_request_context("/console/", headers={"Accept-Language": "es"}):
        yield


def test_every_reason_of_the_way_has_its_words() -> None:
    calls = [each for each in ast.walk(ast.parse(inspect.getsource(change_steps))) if isinstance(each, ast.Call)]
    raised = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id == "StepsRefused"]
    named = [each.args[1].value for each in raised if len(each.args) > 1 and isinstance(each.args[1], ast.Constant)]
    assert len(raised) > 10 and set(named) <= {*REASONS}
    # What only a program can ask for has the message alone: a part that is none.
    assert len(raised) - len(named) <= 2


def test_a_step_that_others_lead_to_is_refused_in_the_words_of_the_page() -> None:
    flow = WHOLE.script.flows["home_visit"]
    yaml = (REPOSITORY / "flows/rights/home_visit.yml").read_text()
    with pytest.raises(StepsRefused) as refused:
        remove_step(yaml, flow, "papers")
    assert steps_refused(refused.value).startswith("otros pasos llevan aquí (first")
    assert steps_refused(StepsRefused("x.yml is not YAML")) == "los pasos no encajan (x.yml is not YAML)"


LINES = {
    "goes with all its services": "se quita con todos sus servicios",
    "its service is not offered any more: active -> inactive": "su servicio ya no se ofrece: Activa -> En pausa",
    "the confirmed phone 773-508-5300 goes": "se quita el teléfono confirmado 773-508-5300",
    "the phone 773-508-5309 is not confirmed: the confirmation of 2026-01-05 was of 773-508-5300": (
        "el teléfono 773-508-5309 no está confirmado: el 2026-01-05 se confirmó 773-508-5300"
    ),
    "the confirmation of its service goes back from 2026-02-01 to 2026-01-05": (
        "la confirmación de su servicio retrocede de 2026-02-01 a 2026-01-05"
    ),
    "holds from now on: closed 2026-12-24": "vale desde ahora: cerrado 2026-12-24",
    "new: phone 773-508-5300": "nuevo: teléfono 773-508-5300",
    "hours of Legal help: Mo 9-17 -> Tu 9-17": "horario de Legal help: Mo 9-17 -> Tu 9-17",
    "phone: 773-508-5300 -> 773-508-5309": "teléfono: 773-508-5300 -> 773-508-5309",
    "hoja.csv was read in the encoding of Windows, which lacks letters; UTF-8 is safer.": (
        "hoja.csv se leyó en la codificación de Windows, a la que le faltan letras; UTF-8 es más seguro."
    ),
    "eligibility: nothing -> todas": "Quién puede ir: nothing -> todas",
    "address Clark St, Chicago, address 1: 6216 -> 6218": "dirección Clark St, Chicago, Calle y número: 6216 -> 6218",
    "something that nobody foresaw": "something that nobody foresaw",
}


@pytest.mark.parametrize("line", LINES)
def test_lines_of_an_import(line: str) -> None:
    assert import_words(line) == LINES[line]


@pytest.mark.parametrize("flow", sorted(WHOLE.script.flows))
def test_every_text_of_an_answer_is_told_where_it_stands(flow: str) -> None:
    """Else pages fall back on the English of the catalogs, and the editor has no field for it."""
    told = Teller(WHOLE, Language.ES, words).steps(WHOLE.script.flows[flow])
    assert {text.key for step in told for text in step.texts} == {
        sentence.key for sentence in WHOLE.script.flows[flow].sentences
    }


def test_what_the_checks_keep_from_going_out_is_told_in_the_words_of_the_pages() -> None:
    finding = DEAD_END.broken("flows/rights/asylum.yml", "asylum.first", "the answer ends here")
    said = why_refused(ReleaseRefused((str(finding),), (finding,)))
    assert said.startswith("Aquí termina sin ninguna opción (asylum.first).")
    assert why_refused(ReleaseRefused(("no file",))) == "no file"
