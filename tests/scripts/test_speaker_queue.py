"""What a language waits for: urgent first, doubts never done, and words of the list that help."""

from __future__ import annotations

import pytest

from bot import content
from bot.frozen import replace
from bot.language import Language
from bot.scripts.speaker_queue import TO_DO, Standing, Want, progress, queue
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog
from bot.wording.glossary import fitting, load_rows
from bot.wording.state import State

QUC, ES, EN = Language.QUC, Language.ES, Language.EN
RELEASE = content.load()
URGENT = frozenset({"agents_here_now", "danger_now"})
NOW = Standing(RELEASE.script.flows, RELEASE.catalogs, URGENT)
SAY, TPS = "agents_here_now.first.say", "tps.first.say"


def with_entry(key: str, **more: object) -> Standing:
    """The answers with another state of one K'iche' text."""
    entries = dict(RELEASE.catalogs[QUC].entries)
    entries[key] = replace(entries[key], **more)
    return replace(NOW, catalogs={**RELEASE.catalogs, QUC: Catalog(QUC, entries)})


def test_urgent_first_then_what_is_read_most_and_main_words_before_menus() -> None:
    found = queue(NOW, QUC, {"tps": 50, "daca": 9}, {})
    assert [each.urgent for each in found] == sorted((each.urgent for each in found), reverse=True)
    rest = [each for each in found if not each.urgent]
    said = [each for each in rest if each.key.endswith((".say", ".child", ".minimum"))]
    assert rest[: len(said)] == said
    reads = [each.read for each in said]
    assert reads == sorted(reads, reverse=True)
    assert {each.want for each in found} == {Want.MISSING}
    assert all(not each.text for each in found) and any(each.spanish for each in found)


@pytest.mark.parametrize(
    ("more", "want"),
    [
        ({"text": ""}, Want.MISSING),
        ({"state": State.STALE}, Want.STALE),
        ({"state": State.DRAFT}, Want.DRAFT),
        ({"state": State.REVIEWED}, None),
    ],
    ids=["missing", "stale", "draft", "reviewed"],
)
def test_why_a_text_is_waited_for(more: dict[str, object], want: Want | None) -> None:
    found = {each.key: each.want for each in queue(with_entry(TPS, **more), QUC, {}, {}, tuple(Want))}
    assert found.get(TPS) == want


def test_what_may_be_wrong_comes_before_what_is_missing() -> None:
    first = queue(with_entry(SAY, state=State.STALE), QUC, {}, {})[0]
    assert (first.key, first.want) == (SAY, Want.STALE)
    doubted = queue(NOW, QUC, {}, {SAY: 7})[0]
    assert (doubted.key, doubted.want) == (SAY, Want.UNSURE)


def test_what_she_doubted_herself_comes_last_to_her() -> None:
    assert queue(NOW, QUC, {}, {SAY: 7}, me=7)[-1].key == SAY
    assert queue(NOW, QUC, {}, {SAY: 7}, me=8)[0].key == SAY


def test_a_doubt_is_never_done_even_of_what_was_read() -> None:
    read = with_entry(SAY, state=State.REVIEWED)
    sure, doubted = progress(read, QUC, {}), progress(read, QUC, {SAY: 7})
    assert (sure.done, sure.urgent_done, sure.read) == (doubted.done + 1, doubted.urgent_done + 1, doubted.read + 1)
    assert doubted.all == sure.all and sure.urgent < sure.all


def test_done_and_waited_for_make_all() -> None:
    for language in Language:
        how_far = progress(NOW, language, {})
        assert how_far.done + len(queue(NOW, language, {}, {}, TO_DO)) == how_far.all


def test_english_that_stands_in_the_flow_is_not_missing() -> None:
    assert Want.MISSING not in {each.want for each in queue(NOW, EN, {}, {})}


def test_what_is_being_reviewed_waits_for_nobody() -> None:
    found = queue(replace(NOW, locked=frozenset({"agents_here_now"})), QUC, {}, {})
    assert found and all(each.flow != "agents_here_now" for each in found)


def test_words_that_help() -> None:
    rows = load_rows(REPOSITORY / "locales" / "quc" / "words.csv")
    found = fitting(rows, "No firme el papel. Trabajo.", "Man kajuch' ta la ri wuj.")
    words = [row.word for row in found]
    assert words[0] == "kajuch'" and "chak" in words and "wuj" in words
    assert "man" not in words and "abogado" not in [row.word for row in fitting(rows, "Un abogado", "")]
    assert fitting(rows, "", "") == () and len(fitting(rows, " ".join(row.es for row in rows), "")) == 12


def test_an_entry_that_is_not_there_is_missing() -> None:
    entries = {key: entry for key, entry in RELEASE.catalogs[QUC].entries.items() if key != TPS}
    bare = replace(NOW, catalogs={**RELEASE.catalogs, QUC: Catalog(QUC, entries)})
    assert {each.key: each.want for each in queue(bare, QUC, {}, {})}[TPS] is Want.MISSING
