"""docs/transcripts: each flow as a reviewer reads it on paper. The pages are up to date, and nothing of a flow is missing on them."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from bot import content
from bot.cli_documents import first_words, page_settings, pages
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.transcript import FOLDER, TranscriptError, opening, transcripts
from bot.scripts.walker import Walker
from bot.settings import REPOSITORY
from bot.wording.gsm7 import fold_for_sms

# Each test reads the whole content anew, or walks all of it.
pytestmark = pytest.mark.slow

RELEASE = content.load()
FLOWS = RELEASE.script.flows


@functools.cache
def made() -> dict[str, str]:
    return pages()


def plain(page: str) -> str:
    """A page without its marks, each reply in one line."""
    return page.replace("\\\n> ", " ").replace("\\", "")


@pytest.mark.always
def test_the_pages_are_up_to_date() -> None:
    there = {str(path.relative_to(REPOSITORY)): path for path in (REPOSITORY / FOLDER).rglob("*.md")}
    old = [name for name, text in made().items() if name not in there or there[name].read_text("utf-8") != text]
    gone = sorted(set(there) - set(made()))
    assert not old + gone, f"{len(old) + len(gone)} pages, {(old + gone)[0]} first: run make transcripts"


@pytest.mark.parametrize("flow", [name for name in FLOWS if name != NOTICES])
def test_everything_that_a_flow_says_stands_on_its_page(flow: str) -> None:
    page = plain(made()[f"{FOLDER}/en/{flow}.md"])
    for step in FLOWS[flow].steps.values():
        # A change of language is said in the language that was chosen first.
        if step.say and flow not in ("change_language", "other_language"):
            assert fold_for_sms(step.say.english.split("$")[0]) in page, f"{flow}.{step.name}"


def test_a_page() -> None:
    page = made()[f"{FOLDER}/es/home_visit.md"]
    words = first_words()["home_visit"]["es"]
    assert page.startswith("# home_visit: if agents come to my home (Spanish)\n\n`flows/rights/home_visit.yml`")
    assert f"**{words}**\n\n> Hable con la puerta cerrada." in page
    assert "> *3 SMS*" in page and "[services_legal](services_legal.md)" in page
    assert "**1**, `papers`" in page and "**1 > 2**, `agency`" in page
    assert page.count("Solo con ese papel no tiene que abrir") == 1, "each step once"


def test_in_kiche_the_spanish_stands_beside_the_draft() -> None:
    page = made()[f"{FOLDER}/quc/home_visit.md"]
    assert "Hable con la puerta cerrada." in page and "K'iche' (no revisado):" in page


def test_a_flow_that_only_a_choice_leads_to_begins_with_another_flow_s_message() -> None:
    first = first_words()["agents_here_now"]["en"]
    assert f"**{first} > 1**" in made()[f"{FOLDER}/en/away_from_home.md"]


def test_the_notices_are_all_there() -> None:
    page = made()[f"{FOLDER}/en/{NOTICES}.md"]
    said = [step.name for step in FLOWS[NOTICES].steps.values() if step.say]
    assert len(said) > 40 and [name for name in said if f"`{name}.say`" not in page] == []


def test_the_files_stand_where_a_reader_looks_for_them() -> None:
    assert {Path(name).parent.name for name in made()} == {language.value for language in Language}
    assert len(made()) == len(FLOWS) * len(Language)


def walker_with(name: str) -> Walker:
    """A walker through the flows and one more that no choice leads to."""
    value = {"name": name, "title": name, "intents": [], "steps": {"first": {"say": "Stay silent.", "end": True}}}
    flow = read_flow(value, f"flows/rights/{name}.yml", Group.RIGHTS)
    release = replace(RELEASE, script=Script.of({**FLOWS, name: flow}))
    return Walker(release, page_settings(), Language.EN, Channel.SMS)


def test_a_flow_that_nothing_leads_to_is_named() -> None:
    with pytest.raises(TranscriptError, match="nothing leads to lonely. Write a first message, or lead to it"):
        opening(walker_with("lonely"), "lonely", first_words())


def test_a_first_message_that_is_answered_by_another_flow_is_named() -> None:
    words = {"school_rights": {"es": "la migra esta en mi puerta", "en": "x", "quc": "x"}}
    with pytest.raises(TranscriptError, match="school_rights, es: this is answered by another flow"):
        dict(transcripts(RELEASE, page_settings(), {**first_words(), **words}))
