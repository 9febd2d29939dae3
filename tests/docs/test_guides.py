"""The pages tell what is there: links, pictures, commands, settings, targets of make, and the words on the buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from bot.console.words import CONSOLE_PO
from bot.settings import REPOSITORY, Settings
from tests.docs import crops
from tests.docs.reading import DOCS, PICTURE, anchors, codes, commands, hooks, links, wrong_in
from tests.test_legal_pages import PAGES as HELD_THERE

HOOKS = hooks()
WRITTEN_BY_COMMANDS = "transcripts"
ALL = sorted({
    *(path for path in DOCS.rglob("*.md") if WRITTEN_BY_COMMANDS not in path.parts),
    *(REPOSITORY / path for path in HOOKS.BESIDE),
})  # fmt: skip
HERE = [page for page in ALL if page not in HELD_THERE]
"""Those whose links and commands tests/test_legal_pages.py does not try."""
GUIDES = sorted((DOCS / "guides").glob("*.md"))
IN_TWO_LANGUAGES = [path for path in GUIDES if path.name.endswith(".es.md")]
OF_THE_SYSTEM = {"WEB_CONCURRENCY", "PUENTE_CLOCK_FILE", "NLU_PYTHON", "LOG_LEVEL"}
"""Variables that are no settings of ours."""


VALUE = re.compile(r"%\(\w+\)s")
PART = re.compile(r"(tests|bot|nlu|docs|directory|flows|locales)/[\w/.-]+")


def _name(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


pages = pytest.mark.parametrize("page", HERE, ids=_name)


@pytest.fixture(scope="module")
def app(app_with: Callable[..., Flask]) -> Flask:
    return app_with()


@pages
def test_every_link_and_picture_is_there(page: Path) -> None:
    gone = []
    for path, anchor in links(page.read_text("utf-8")):
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            gone.append(path)
        elif anchor and anchor not in anchors(target.read_text("utf-8")):
            gone.append(f"{path}#{anchor}")
    assert gone == []


@pages
def test_every_file_named_is_there(page: Path) -> None:
    named = [code for code in codes(page.read_text("utf-8")) if PART.fullmatch(code)]
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


@pages
def test_every_command_is_there(app: Flask, page: Path) -> None:
    wrong = [wrong_in(app.cli, typed) for typed in commands(page.read_text("utf-8"))]
    assert [each for each in wrong if each] == []


@pages
def test_every_target_of_make_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", _makefile(), re.MULTILINE))
    text = page.read_text("utf-8")
    named = re.findall(r"\bmake ((?:[A-Z_]+=\S+ )*)([a-z][a-z-]*)", "\n".join(codes(text)))
    named += re.findall(r"^    +(?:[A-Z]+=\S+ )*(make) ([a-z-]+)", text, re.MULTILINE)
    assert {target for _, target in named} - targets == set()


@pages
def test_every_setting_is_one(page: Path) -> None:
    known = {field.name.upper() for field in fields(Settings)} | OF_THE_SYSTEM | _constants()
    known |= set(re.findall(r"^(?:[a-z-]+: )?([A-Z_]+) \??=", _makefile(), re.MULTILINE))
    named = {code.partition("=")[0] for code in codes(page.read_text("utf-8"))}
    assert {name for name in named if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", name)} - known == set()


@cache
def _makefile() -> str:
    return (REPOSITORY / "Makefile").read_text("utf-8")


@cache
def _constants() -> set[str]:
    """Names in capitals that the code gives to something."""
    sources = [REPOSITORY / "webhook.py", *(REPOSITORY / "bot").rglob("*.py")]
    named = re.compile(r"^ *([A-Z][A-Z_]+)(?::.*)? = ", re.MULTILINE)
    return {name for path in sources for name in named.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("page", ALL, ids=_name)
def test_every_picture_says_what_it_shows(page: Path) -> None:
    pictures = PICTURE.findall(page.read_text("utf-8"))
    assert [picture for words, picture in pictures if len(words.split()) < 4] == []
    # A page in one language shows pages in that language.
    language = page.name.split(".")[1]
    if language in ("es", "en"):
        assert [name for _, name in pictures if f"-{language}-" not in name] == []


@cache
def _on_pages(language: str) -> tuple[re.Pattern[str], ...]:
    """The words of the console: a value in them may be anything, a mark at their end may be missing."""
    with open(CONSOLE_PO, "rb") as file:
        catalog = read_po(file, locale="es")
    said = [str(each.string if language == "es" else each.id) for each in catalog if each.id]
    # What is hardly more than a value would fit everything.
    tellable = [text for text in said if len(re.findall(r"[^\W\d_]", VALUE.sub("", text))) > 2]
    return tuple(re.compile(".+".join(map(re.escape, VALUE.split(text.rstrip(".:")))) + "[.:]?") for text in tellable)


def on_the_pages(words: str, language: str) -> bool:
    """Whether these words stand on a page of the console."""
    return any(pattern.fullmatch(words) for pattern in _on_pages(language))


def quoted(page: Path) -> Iterable[str]:
    """The words of the screen in a guide: in «» in Spanish, in bold in English."""
    text = re.sub(r"\s+", " ", page.read_text("utf-8"))
    return re.findall(r"«([^«»]+)»", text) if page.name.endswith(".es.md") else re.findall(r"\*\*([^*]+)\*\*", text)


@pytest.mark.parametrize("page", [page for page in GUIDES if page.name.count(".") == 2], ids=_name)
def test_every_word_of_the_screen_is_on_a_page(page: Path) -> None:
    language = page.name.split(".")[1]
    said = list(quoted(page))
    assert len(said) > 20
    assert [words for words in said if not on_the_pages(words, language)] == []


def test_what_stands_on_no_page_is_noticed() -> None:
    assert on_the_pages("Guardar", "es") and on_the_pages("Persona 4YDS", "es") and on_the_pages("Take it", "en")
    assert not on_the_pages("Guardar", "en") and not on_the_pages("Take it away", "en")


@pytest.mark.parametrize("spanish", IN_TWO_LANGUAGES, ids=_name)
def test_two_languages_tell_the_same(spanish: Path) -> None:
    texts = [path.read_text("utf-8") for path in (spanish, spanish.with_name(spanish.name.replace(".es.", ".en.")))]
    for mark in (r"^#+ ", r"^\| ", r"^- ", r"^\d+\. ", r"!\["):
        found = [len(re.findall(mark, text, re.MULTILINE)) for text in texts]
        assert found[0] == found[1], mark


def test_every_page_is_in_the_navigation_and_in_the_index() -> None:
    there = {path.relative_to(DOCS).as_posix() for path in ALL if path.is_relative_to(DOCS)}
    nav = re.findall(r"^ +- (?:.+: )?(\S+\.md)$", (REPOSITORY / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(nav) == sorted({*there, *HOOKS.BESIDE.values()})
    index = {path for path, _ in links((DOCS / "README.md").read_text("utf-8"))}
    assert {path for path in there if not path.startswith("decisions/0")} - index == {"README.md"}


def test_every_decision_is_listed() -> None:
    listed = {path for path, _ in links((DOCS / "decisions" / "README.md").read_text("utf-8"))}
    assert listed == {path.name for path in (DOCS / "decisions").glob("0*.md")}
    for number, path in enumerate(sorted(listed), 1):
        text = (DOCS / "decisions" / path).read_text("utf-8")
        assert path.startswith(f"{number:04d}-") and text.startswith(f"# {number}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_every_picture_that_is_cut_is_shown_and_no_other() -> None:
    shown = {Path(picture).name for page in GUIDES for _, picture in PICTURE.findall(page.read_text("utf-8")) if "pictures/" in picture}
    cut = {crops.name(page, language) for page in crops.HEIGHTS for language in crops.LANGUAGES}
    assert shown == cut == {path.name for path in crops.TO.iterdir()}
