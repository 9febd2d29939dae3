"""Merging by key: no text ever moves, none is lost unseen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.frozen import replace
from bot.language import Language
from bot.wording.catalog import Catalog, Entry
from bot.wording.merge import MergeReport, annotated, merge, restated, template_bytes
from bot.wording.state import State, review

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
DAY = date(2026, 11, 23)
DOOR = Entry("home_visit.first.say", "Do not open.", "No abra.")
LAWYER = Entry(
    "home_visit.first.choice.1",
    "lawyer",
    "abogado",
    State.REVIEWED,
    review=review(ES, DAY, "Ana", {EN: "lawyer", ES: "abogado"}),
)
EMPTY = Entry("home_visit.papers.say", "Ask for the warrant.")


def english_of(*entries, **changed):
    return {entry.key: changed.get(entry.text, entry.english) for entry in entries}


def test_nothing_changed():
    assert merge([DOOR, LAWYER, EMPTY], english_of(DOOR, LAWYER, EMPTY)) == (
        (LAWYER, DOOR, EMPTY),
        MergeReport(),
    )


def test_a_new_step_is_an_empty_draft_even_where_an_old_one_reads_alike():
    keys = english_of(DOOR) | {"car_stop.first.say": "Do not open.", "car_stop.second.say": "Do not open!"}
    merged, report = merge([DOOR], keys)
    assert merged == (
        Entry("car_stop.first.say", "Do not open."),
        Entry("car_stop.second.say", "Do not open!"),
        DOOR,
    )
    assert report == MergeReport(added=("car_stop.first.say", "car_stop.second.say"))


def test_a_changed_sentence_keeps_its_text_and_says_that_the_meaning_changed():
    (entry,), report = merge([LAWYER], {LAWYER.key: "a lawyer, now"})
    assert (entry.english, entry.text) == ("a lawyer, now", "abogado")
    assert (entry.state, entry.meaning_changed, entry.review) == (State.STALE, True, LAWYER.review)
    assert report == MergeReport(changed=(LAWYER.key,))


def test_a_change_of_wording_is_stale_without_a_change_of_meaning():
    (entry,), _ = merge([DOOR], {DOOR.key: "Don't open."}, wording_only=True)
    assert (entry.state, entry.meaning_changed) == (State.STALE, False)


def test_a_change_of_wording_does_not_take_back_a_change_of_meaning():
    once, _ = merge([DOOR], {DOOR.key: "Open."})
    (entry,), _ = merge(once, {DOOR.key: "Open!"}, wording_only=True)
    assert entry.meaning_changed


def test_an_empty_text_cannot_be_stale():
    (entry,), report = merge([EMPTY], {EMPTY.key: "Ask to see the warrant."})
    assert entry == Entry(EMPTY.key, "Ask to see the warrant.")
    assert report.changed == (EMPTY.key,)


def test_a_step_that_went_is_reported_with_its_text():
    merged, report = merge([DOOR, LAWYER], english_of(LAWYER))
    assert merged == (LAWYER,)
    assert report == MergeReport(removed=(DOOR,))


KEYS = st.sampled_from(["a.one.say", "a.one.choice.1", "a.two.say", "b.one.say", "b.two.say"])
ENGLISH = st.sampled_from(["Do not open.", "Do not open!", "Stay calm.", "Ask for a lawyer."])
SPANISH = st.sampled_from(["", "No abra.", "Calma.", "Pida un abogado."])
STATES = st.sampled_from([State.DRAFT, State.STALE])


@st.composite
def old_entries(draw):
    old = draw(st.dictionaries(KEYS, st.tuples(ENGLISH, SPANISH, STATES, st.booleans())))
    return [
        Entry(
            key,
            english,
            text,
            state if text else State.DRAFT,
            meaning_changed=bool(text) and state is State.STALE and changed,
        )
        for key, (english, text, state, changed) in old.items()
    ]


@given(old_entries(), st.dictionaries(KEYS, ENGLISH), st.booleans())
def test_laws_of_merging(old, keys, wording_only):
    merged, report = merge(old, keys, wording_only=wording_only)
    before = {entry.key: entry for entry in old}

    assert {entry.key: entry.english for entry in merged} == keys
    # Nothing's Spanish lands under another key, and none is lost unless it is reported.
    assert all(entry.text == (before[entry.key].text if entry.key in before else "") for entry in merged)
    assert {entry.key for entry in report.removed} == before.keys() - keys.keys()
    # What did not change is not touched.
    assert all(before[key] in merged for key in keys if key in before and before[key].english == keys[key])
    # What changed is never taken for a text that somebody approved.
    assert all(entry.state is not State.REVIEWED for entry in merged if entry.key in report.changed)
    assert merge(merged, keys, wording_only=wording_only) == (merged, MergeReport())


@given(old_entries(), old_entries(), st.dictionaries(KEYS, ENGLISH))
def test_a_key_is_merged_by_itself(some, others, keys):
    merged = {entry.key: entry for entry in merge(some, keys)[0]}
    kept = {entry.key: entry for entry in some}
    joined = [*some, *(entry for entry in others if entry.key not in kept)]
    again = {entry.key: entry for entry in merge(joined, keys)[0]}
    assert all(again[key] == merged[key] for key in keys if key in kept)


def test_a_kiche_text_turns_stale_when_its_spanish_was_edited():
    texts = {EN: "lawyer", ES: "abogado", QUC: "abogado"}
    kiche = Entry(LAWYER.key, "lawyer", "abogado", State.REVIEWED, review=review(QUC, DAY, "Ana", texts))
    other = Entry(DOOR.key, "Do not open.", "utz")
    english = english_of(LAWYER, DOOR)
    assert restated([kiche, other], english, {LAWYER.key: "abogado", DOOR.key: "No abra."}) == (kiche, other)
    stale, draft = restated([kiche, other], english, {LAWYER.key: "un abogado", DOOR.key: "No abra."})
    assert (stale.state, stale.meaning_changed, draft) == (State.STALE, False, other)


def test_template_holds_every_key_and_no_text():
    told = annotated([DOOR, EMPTY], {DOOR.key: ("first answer",)}, {DOOR.key: "flows/rights/home_visit.yml"})
    data = template_bytes(reversed(told))
    assert data == template_bytes(told)
    assert b'"Language: \\n"' in data
    found = Catalog.parse(data, ES, "messages.pot").entries
    assert found == {
        DOOR.key: replace(told[0], text=""),
        EMPTY.key: Entry(EMPTY.key, EMPTY.english),
    }


def test_what_a_translator_is_told_is_replaced_and_nothing_else():
    once = annotated([DOOR, LAWYER], {DOOR.key: ("old",)}, {DOOR.key: "old.yml", LAWYER.key: "old.yml"})
    door, lawyer = annotated(once, {LAWYER.key: ("menu line 1",)}, {LAWYER.key: "home_visit.yml"})
    assert door == DOOR
    assert lawyer == replace(LAWYER, extracted=("menu line 1",), references=("home_visit.yml",))
