"""A change in a release: every text that was written stands there, what nobody touched stays to the byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.flow import Approval, Target
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import words_of
from bot.scripts.catalogs import in_line
from bot.scripts.change import Draft, NewText, version_of
from bot.scripts.change_applied import Sources, applied, changed, texts_of_flow
from bot.scripts.change_costs import cost_changes
from bot.scripts.change_steps import lead, remove_choice
from bot.scripts.change_ways import leading_here, stuck, way_changes
from bot.scripts.change_words import Kind, Piece, pieces
from bot.scripts.change_yaml import StepsRefused, flow_of, flow_path, written
from bot.scripts.release import Release
from bot.scripts.texts import catalog_file
from bot.wording.catalog import catalog_bytes
from bot.wording.state import State, review
from tests.scripts.small import Small

ES, EN, QUC = Language.ES, Language.EN, Language.QUC
SAY, INNER = "home.first.say", "home.inner.say"


def in_order(small: Small) -> tuple[Sources, Release]:
    """A release whose catalogs are in line with its flows, and its files."""
    release = small.release()
    release = replace(release, catalogs=in_line(release.script.flows, release.catalogs).catalogs)
    sources = {
        catalog_file(each): catalog_bytes(words.entries.values(), each) for each, words in release.catalogs.items()
    }
    for name, (group, value) in small.flows.items():
        sources[flow_path(name, group)] = written({"name": name, "title": "a title", "intents": [], **value}).encode()
    return sources, release


SOURCES, RELEASE = in_order(Small())
TEXTS = texts_of_flow(RELEASE, "home")
WORDS = (
    st.text(st.sampled_from("abc ñá'$%\"\\é. "), min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


def new(key: str, language: Language, text: str, meaning: bool | None = False, settled: bool = True) -> NewText:
    """A text of a change of these."""
    return NewText(key, language, text, TEXTS[key][language], meaning, settled)


def state(release: Release, key: str, language: Language) -> State:
    """What the catalog says of a text."""
    entry = release.catalogs[language].entry(key)
    assert entry is not None
    return entry.state


SAVES = st.lists(
    st.tuples(st.sampled_from(sorted(TEXTS)), st.sampled_from(list(Language)), WORDS, st.booleans(), st.booleans()),
    max_size=8,
    unique_by=lambda save: save[:2],
)


@given(SAVES)
@settings(max_examples=60, deadline=None)
def test_any_texts_in_any_order_are_all_there_and_nothing_else_moved(
    saves: list[tuple[str, Language, str, bool, bool]],
) -> None:
    draft = Draft("home", tuple(new(*save) for save in saves))
    files, conflicts = applied(SOURCES, RELEASE, draft)
    assert conflicts == ()
    again = changed(RELEASE, draft).release
    said = {(key, language): text for key, language, text, *_ in saves}
    for language, words in again.catalogs.items():
        assert files[catalog_file(language)] == catalog_bytes(words.entries.values(), language)
        for key, entry in words.entries.items():
            was = RELEASE.catalogs[language].entries[key]
            if (key, language) in said:
                text = said[key, language]
                assert entry.text == ("" if language is EN and text == entry.english else text)
            elif not (language is EN and entry.meaning_changed):
                assert entry.text == was.text
            if not key.startswith("home."):
                assert entry == was
    assert {path: data for path, data in files.items() if path.endswith(".yml")} == {
        path: data for path, data in SOURCES.items() if path.endswith(".yml")
    }


def test_a_change_of_nothing_changes_no_byte() -> None:
    texts = tuple(new(key, each, TEXTS[key][each]) for key in TEXTS for each in Language if TEXTS[key][each])
    files, _ = applied(SOURCES, RELEASE, Draft("home"))
    assert files == SOURCES
    assert applied(SOURCES, RELEASE, Draft("home", texts))[0] == SOURCES


@pytest.mark.parametrize("language", list(Language))
def test_a_new_meaning_leaves_the_two_others_behind_and_mended_wording_nobody(language: Language) -> None:
    for meaning in (True, False):
        after = changed(RELEASE, Draft("home", (new(SAY, language, "Quite another text.", meaning),))).release
        others = set(Language) - {language}
        assert {each for each in others if state(after, SAY, each) is State.STALE} == (others if meaning else set())
        assert state(after, SAY, language) is State.DRAFT


def test_whoever_finds_it_still_right_clears_her_language_alone() -> None:
    texts = (new(SAY, ES, "Otra cosa."), new(SAY, QUC, TEXTS[SAY][QUC], settled=True))
    after = changed(RELEASE, Draft("home", (replace(texts[0], meaning=True), texts[1]))).release
    assert (state(after, SAY, QUC), state(after, SAY, EN)) == (State.DRAFT, State.STALE)


def test_two_languages_that_were_written_one_after_the_other_do_not_leave_each_other_behind() -> None:
    texts = (new(SAY, ES, "Otra cosa.", True), new(SAY, EN, "Another thing.", True), new(SAY, QUC, "utz abogado"))
    after = changed(RELEASE, Draft("home", texts)).release
    assert {state(after, SAY, each) for each in Language} == {State.DRAFT}
    before = (replace(texts[0], settled=False), *texts[1:])
    assert state(changed(RELEASE, Draft("home", before)).release, SAY, ES) is State.STALE


def test_a_review_goes_stale_by_wording_and_says_who_had_read_it() -> None:
    mark = review(QUC, date(2026, 11, 20), "Rosa Tzoc", TEXTS[SAY])
    read = changed(RELEASE, Draft("home", (replace(new(SAY, QUC, TEXTS[SAY][QUC]), review=mark),))).release
    assert state(read, SAY, QUC) is State.REVIEWED
    after = changed(read, Draft("home", (new(SAY, ES, "Buenos días."),))).release
    entry = after.catalogs[QUC].entry(SAY)
    assert entry and (entry.state, entry.review, entry.meaning_changed) == (State.STALE, mark, False)


def test_a_text_that_changed_below_is_a_conflict_and_both_are_told() -> None:
    moved = changed(RELEASE, Draft("home", (new(SAY, ES, "Lo de ellas."),))).release
    files, (conflict,) = applied(SOURCES, moved, Draft("home", (new(SAY, ES, "Lo mío."), new(INNER, ES, "Y esto."))))
    assert (conflict.key, conflict.language) == (SAY, ES)
    assert (conflict.mine, conflict.theirs, conflict.was) == ("Lo mío.", "Lo de ellas.", TEXTS[SAY][ES])
    assert b"Y esto." in files[catalog_file(ES)]
    assert changed(moved, Draft("home", (new(SAY, ES, "Lo de ellas."),))).conflicts == ()
    assert version_of(conflict.mine, conflict.theirs) != version_of(conflict.mine)


def test_a_line_that_goes_takes_its_texts_along_in_every_language() -> None:
    yaml = SOURCES["flows/rights/home.yml"].decode()
    flow = flow_of(yaml, "home", RELEASE.script.flows["home"].group)
    edited = remove_choice(yaml, flow, "first", 1)
    draft = Draft("home", yaml=edited.yaml, yaml_was=yaml, keys=edited.keys)
    files, conflicts = applied(SOURCES, RELEASE, draft)
    assert conflicts == () and files["flows/rights/home.yml"] == edited.yaml.encode()
    after = changed(RELEASE, draft).release
    for language in Language:
        old, now = (each.catalogs[language].entries for each in (RELEASE, after))
        assert now["home.first.choice.1"].text == old["home.first.choice.2"].text
        assert "home.first.choice.2" not in now
        assert now["home.first.choice.1"].state is old["home.first.choice.2"].state
        assert files[catalog_file(language)] == catalog_bytes(now.values(), language)
    (gone,) = way_changes(RELEASE, after, "home")
    assert gone.after is None and gone.before and gone.before.flow == "services_near"
    assert any(name == "home" for name, _ in leading_here(RELEASE, "services_near"))


def test_a_choice_that_leads_elsewhere_is_told_with_where_it_led() -> None:
    yaml = SOURCES["flows/rights/home.yml"].decode()
    edited = lead(yaml, RELEASE.script.flows["home"], "first", "choice.2", Target(flow="greet"))
    after = changed(RELEASE, Draft("home", yaml=edited.yaml, yaml_was=yaml)).release
    (way,) = way_changes(RELEASE, after, "home")
    assert way.before and way.after and (way.before.to_step, way.after.flow) == ("inner", "greet")
    assert [(each.rule.name, each.where) for each in stuck(after, "home")] == [("unreachable step", "home.inner")]


def test_steps_of_a_flow_that_went_meanwhile_are_refused_in_words() -> None:
    without = replace(
        RELEASE, script=replace(RELEASE.script, flows={k: v for k, v in RELEASE.script.flows.items() if k != "home"})
    )
    with pytest.raises(StepsRefused, match="archived"):
        changed(without, Draft("home", yaml="x"))


def test_an_approval_holds_for_the_words_that_it_names_alone() -> None:
    draft = Draft("home", (new(SAY, ES, "Guarde silencio."),))
    after = changed(RELEASE, draft).release
    words = words_of(after.script.flows["home"], after.catalogs, after.facts)
    approval = Approval("Ana Ruiz", "IL 1234", "2026-11-26", words)
    files, _ = applied(SOURCES, RELEASE, replace(draft, approval=approval))
    assert b"approved_by" in files["flows/rights/home.yml"]
    assert "home" in changed(RELEASE, replace(draft, approval=approval)).release.approved
    other = replace(draft, texts=(new(SAY, ES, "Guarde mucho silencio."),), approval=approval)
    assert b"approved_by" not in applied(SOURCES, RELEASE, other)[0]["flows/rights/home.yml"]
    assert "home" not in changed(RELEASE, other).release.approved


def test_what_an_answer_costs_is_told_before_and_after() -> None:
    after = changed(RELEASE, Draft("home", (new(INNER, ES, "Quédese ahí y espere. " * 9),))).release
    costs = cost_changes(RELEASE, after, "home")
    mine = [
        each for each in costs if (each.where, each.part, each.language, each.channel) == ("home.inner", "", ES, "sms")
    ]
    assert len(mine) == 1 and mine[0].before and mine[0].after and mine[0].more == 1
    assert mine[0].price(0.01) == pytest.approx((0.01 * mine[0].before.segments, 0.01 * mine[0].after.segments))
    assert not any(each.language is EN for each in costs)
    assert cost_changes(RELEASE, RELEASE, "home") == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Abren a las 9.", "Abren a las 10.", "=Abren a las|-9.|+10."),
        ("", "Hola", "+Hola"),
        ("Hola a todos", "Hola", "=Hola|-a todos"),
        ("No firme nada", "No firme nada", "=No firme nada"),
    ],
    ids=["a word", "all of it", "words out", "nothing"],
)
def test_words_that_go_and_words_that_come(before: str, after: str, told: str) -> None:
    signs = {Kind.SAME: "=", Kind.OUT: "-", Kind.IN: "+"}
    assert "|".join(f"{signs[each.kind]}{each.words}" for each in pieces(before, after)) == told


@given(WORDS, WORDS)
def test_the_pieces_are_both_texts_again(before: str, after: str) -> None:
    def joined(other: Kind) -> str:
        return " ".join(each.words for each in pieces(before, after) if each.kind is not other)

    assert joined(Kind.IN) == before and joined(Kind.OUT) == after
    assert all(isinstance(each, Piece) and each.words for each in pieces(before, after))
