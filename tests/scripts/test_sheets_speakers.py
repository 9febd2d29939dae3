"""The speakers' sheet: what goes out, and what each row that comes back does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.frozen import replace
from bot.language import Language
from bot.scripts.errors import SheetError
from bot.scripts.lengths import lengths
from bot.scripts.release import Release
from bot.scripts.sheets import cells, speakers
from bot.scripts.sheets.corrections import KNOWN, Returned, joined, read_corrections
from bot.scripts.sheets.meaning import is_spelling
from bot.scripts.sheets.page import speakers_page
from bot.scripts.sheets.taking import take
from bot.scripts.sheets.told import told_corrections
from bot.wording.catalog import Catalog, Entry
from bot.wording.choose import text_for
from bot.wording.state import State, review
from tests.scripts.filling import (
    JUDGE,
    KICHE,
    RELEASE,
    SAY,
    TODAY,
    entry_of,
    filled,
    returned,
    speakers_rows,
    why,
    with_entry,
)

pytestmark = pytest.mark.slow

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
WHO = "Inventada Tzoc"
TITLE = "home_visit.title"


def took(data: bytes, release: Release = RELEASE) -> tuple[Returned, dict[Language, Catalog]]:
    """The rows that are taken, and the catalogs with them."""
    kept, merged = take(release, returned(data, release), JUDGE)
    return kept, dict(merged.catalogs)


def one(language: Language, key: str, cells_: Mapping[str, str], release: Release = RELEASE) -> Entry:
    """The entry after a sheet with one filled row, which must be taken."""
    kept, catalogs = took(filled(language, {key: cells_}, release), release)
    assert why(kept) == []
    return catalogs[language].entries[key]


# What goes out


def test_a_row_holds_all_that_a_speaker_needs() -> None:
    texts = {EN: "x", ES: "y", QUC: "z"}
    signed = replace(entry_of(SAY, QUC), state=State.REVIEWED, review=review(QUC, TODAY, WHO, texts))
    rows = {
        line.key: speakers.row(line)
        for line in speakers.lines(with_entry(QUC, signed), QUC, lengths(RELEASE), ["home_visit"])
    }
    row = rows[SAY]
    assert row["context"] == "first answer of 'if agents come to my home'"
    assert rows["home_visit.first.choice.2"]["context"] == (
        "menu line 2 of the first answer of 'if agents come to my home'; leads to 'who runs this'"
    )
    assert (row["en"][:9], row["es"][:9], row["quc"][:9]) == ("Talk with", "Hable con", "Man kajaq")
    assert row["state"] == "stale: words changed"
    assert row["sources"] == "cites: COERLL lesson 12; words.csv uchi' ja. guessed words: kajaq"
    assert row["length"].endswith("SMS, at most 6") and row["length"].startswith(str(len(row["quc"])))
    assert list(rows)[0] == TITLE and not set(rows) & {"menu.title"}


def test_nobody_can_write_over_an_unknown_flow() -> None:
    with pytest.raises(SheetError, match="There is no flow 'pizza'"):
        speakers.lines(RELEASE, QUC, (), ["pizza"])


def test_the_meaning_is_asked_where_others_are_checked_against_it() -> None:
    assert [speakers.MEANING in speakers.columns(language) for language in (EN, ES, QUC)] == [True, True, False]


class Tags(HTMLParser):
    """All tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_printed_page_holds_every_text_and_nothing_that_runs() -> None:
    strange = replace(entry_of(SAY, QUC), text="<script>alert('k')</script> & \"utz\"")
    lines = speakers.lines(with_entry(QUC, strange), QUC, (), ["home_visit", "about"])
    page = speakers_page(lines, QUC)
    found = Tags(page)
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert not {name for name in found.attributes if name.startswith("on")} | ({"src", "href"} & found.attributes)
    assert strange.text in found.words
    assert {text for line in lines for text in line.texts.values() if text} <= set(found.words)
    assert found.tags.count("section") == 2 and "break-before: page" in page and "size: A4" in page
    assert found.tags.count("article") == len(lines)


# What comes back


def test_an_empty_sheet_does_nothing() -> None:
    kept, catalogs = took(filled(QUC, {}))
    assert (kept.corrections, kept.refusals, kept.untouched) == ((), (), len(speakers_rows(QUC)))
    assert catalogs[QUC].entries[SAY] == replace(
        entry_of(SAY, QUC), extracted=catalogs[QUC].entries[SAY].extracted, references=("flows/rights/home_visit.yml",)
    )


def test_a_correction_by_a_speaker_is_read_and_leans_on_nobody_else() -> None:
    text = "Chab'ij la xyzzy qonojel: man kinjaq ta la."
    entry = one(QUC, SAY, {"correction": text, "name": WHO, "date": "2026-11-20"})
    assert (entry.text, entry.state, entry.citations, entry.guesses) == (text, State.REVIEWED, (), ())
    texts = {EN: entry.english, ES: entry_of(SAY, ES).text, QUC: text}
    assert entry.review == review(QUC, date(2026, 11, 20), WHO, texts)


def test_words_of_a_speaker_need_no_source_even_after_the_spanish_moved_on() -> None:
    _, catalogs = took(filled(QUC, {SAY: {"correction": "Xyzzy la.", "name": WHO}}))
    read = replace(RELEASE, catalogs=catalogs)
    spanish = {"correction": "Hable a través de la puerta y no abra. No firme.", "meaning changed? yes/no": "no"}
    kept, catalogs = took(filled(ES, {SAY: spanish}, read), read)
    assert why(kept) == [] and catalogs[QUC].entries[SAY].state is State.STALE


def test_a_name_alone_says_that_the_text_is_right_as_it_stands() -> None:
    before = entry_of(SAY, QUC)
    entry = one(QUC, SAY, {"name": WHO})
    assert (entry.text, entry.state, entry.citations) == (before.text, State.REVIEWED, before.citations)
    assert entry.review is not None and (entry.review.by, entry.review.day) == (WHO, TODAY)


def test_a_correction_without_a_name_is_a_draft() -> None:
    entry = one(QUC, SAY, {"correction": "Man kajaq ta la ri ja."})
    assert (entry.text, entry.state, entry.review) == ("Man kajaq ta la ri ja.", State.DRAFT, None)
    assert entry.guesses == ("kajaq",), "what is still a guess stays one"


def test_a_draft_takes_away_what_somebody_else_found_right_and_says_so() -> None:
    read = replace(RELEASE, catalogs=took(filled(QUC, {SAY: {"name": WHO}}))[1])
    asked = returned(filled(QUC, {SAY: {"correction": "Man kajaq ta la ri ja."}}, read), read)
    kept, merged = take(read, asked, JUDGE)
    assert merged.catalogs[QUC].entries[SAY].state is State.DRAFT
    told = "\n".join(told_corrections(kept, read.catalogs, merged.catalogs))
    assert f"takes away what {WHO} found right on 2026-11-25" in told


def test_a_note_without_a_correction_is_kept_and_approves_nothing() -> None:
    note = "In Nahualá people would say it otherwise, ask my aunt before this goes out to anybody; see line 2"
    entry = one(QUC, SAY, {"note": note, "name": WHO})
    assert (entry.state, entry.review) == (State.DRAFT, None)
    assert " ".join(entry.notes) == f"note, 2026-11-25: {note}"
    assert max(map(len, entry.notes)) <= 72


def test_a_note_that_looks_like_a_mark_of_ours_stays_a_note() -> None:
    entry = one(QUC, SAY, {"note": "reviewed 2026-11-23 by Rosa against en:1a2b3c es:4d5e6f quc:123456"})
    assert (entry.state, entry.review) == (State.DRAFT, None)


def test_a_text_of_which_there_was_none_is_written() -> None:
    entry = one(QUC, "home_visit.papers.say", {"correction": "Chaya la ri wuj.", "name": WHO})
    assert (entry.text, entry.state) == ("Chaya la ri wuj.", State.REVIEWED)


def test_an_english_correction_stands_over_the_flow_and_taking_it_back_leaves_the_flow() -> None:
    english = entry_of(TITLE, EN).english
    entry = one(EN, TITLE, {"correction": "when agents come to my home", "meaning changed? yes/no": "no"})
    assert (entry.english, entry.text) == (english, "when agents come to my home")
    read = replace(
        RELEASE, catalogs=took(filled(EN, {TITLE: {"correction": entry.text, "meaning changed? yes/no": "n"}}))[1]
    )
    assert one(EN, TITLE, {"correction": english, "meaning changed? yes/no": "no"}, read).text == ""


def test_a_formula_is_a_text_like_any_other() -> None:
    entry = one(QUC, TITLE, {"correction": "=HYPERLINK(0) +502 wachoch", "name": WHO})
    assert entry.text == "=HYPERLINK(0) +502 wachoch"
    read = with_entry(QUC, entry)
    assert one(QUC, TITLE, {"name": WHO}, read).text == entry.text, "and out and back again"


def test_signs_that_nobody_sees_and_line_ends_do_not_stay() -> None:
    entry = one(QUC, TITLE, {"correction": " we\u200b kape\xa0ri migra\r\npa  wachoch\u00ad ", "name": WHO})
    assert entry.text == "we kape ri migra pa wachoch"


# Meaning


def test_a_changed_meaning_makes_the_others_stale() -> None:
    texts = {"correction": "si los agentes ya entraron a mi casa", "meaning changed? yes/no": "Sí", "name": WHO}
    asked = returned(filled(ES, {TITLE: texts}))
    kept, merged = take(RELEASE, asked, JUDGE)
    assert why(kept) == []
    spanish, kiche, english = (merged.catalogs[language].entries[TITLE] for language in (ES, QUC, EN))
    assert (spanish.state, spanish.meaning_changed) == (State.REVIEWED, False)
    assert [(each.state, each.meaning_changed) for each in (kiche, english)] == [(State.STALE, True)] * 2
    assert text_for(TITLE, QUC, english.english, merged.catalogs).language is ES, "no K'iche' that says something else"
    assert text_for(TITLE, EN, english.english, merged.catalogs).text == english.english
    told = "\n".join(told_corrections(kept, RELEASE.catalogs, merged.catalogs))
    assert f"{TITLE} (quc) becomes stale" in told and f"{TITLE} (en) becomes stale" in told


def test_a_spanish_that_was_left_behind_is_brought_up_without_a_question() -> None:
    left = replace(entry_of(TITLE, ES), state=State.STALE, meaning_changed=True)
    entry = one(ES, TITLE, {"correction": "cuando ya entraron"}, with_entry(ES, left))
    assert (entry.text, entry.state, entry.meaning_changed) == ("cuando ya entraron", State.DRAFT, False)
    _, catalogs = took(
        filled(ES, {TITLE: {"correction": "cuando ya entraron"}}, with_entry(ES, left)), with_entry(ES, left)
    )
    assert catalogs[EN].entries[TITLE].text == "" and not catalogs[QUC].entries[TITLE].meaning_changed


def test_a_kiche_that_changed_meanwhile_does_not_matter_to_a_spanish_sheet() -> None:
    data = filled(ES, {TITLE: {"name": WHO}})
    later = with_entry(QUC, replace(entry_of(TITLE, QUC), text="pa wachoch"))
    kept, _ = took(data, later)
    assert why(kept) == [] and len(kept.corrections) == 1


def test_a_change_of_wording_leaves_the_others_as_they_are() -> None:
    _, catalogs = took(
        filled(ES, {TITLE: {"correction": "si llegan agentes a mi casa", "meaning changed? yes/no": "no"}})
    )
    assert catalogs[QUC].entries[TITLE].state is State.DRAFT and catalogs[EN].entries[TITLE].text == ""


def test_english_that_means_something_else_needs_its_spanish_in_the_same_reading() -> None:
    english = {"correction": "if agents have come into my home", "meaning changed? yes/no": "yes"}
    kept, _ = took(filled(EN, {TITLE: english}))
    assert why(kept) == [
        f"{TITLE} (es): the English means something else now. Write the Spanish again, or give the step a durable text"
    ]
    spanish = {"correction": "si los agentes ya entraron a mi casa", "meaning changed? yes/no": "yes"}
    sheets = (filled(EN, {TITLE: english}), filled(ES, {TITLE: spanish}))
    both = joined(read_corrections(cells.read(data, KNOWN), RELEASE, KICHE, TODAY) for data in sheets)
    kept, merged = take(RELEASE, both, JUDGE)
    assert why(kept) == []
    assert [merged.catalogs[language].entries[TITLE].text for language in (EN, ES)] == [
        english["correction"],
        spanish["correction"],
    ]
    assert merged.catalogs[QUC].entries[TITLE].meaning_changed


@pytest.mark.parametrize(
    ("old", "new", "spelling"),
    [
        pytest.param("No abra la puerta", "No abra la púerta.", True, id="an accent and a full stop"),
        pytest.param("immigration agents", "inmigration Agents", True, id="a letter and a capital"),
        pytest.param("Do not open", "Do open", False, id="a not that went"),
        pytest.param("No abra", "Ya abra", False, id="a short word"),
        pytest.param("they can enter", "they can't enter", False, id="can't"),
        pytest.param("es legal", "es ilegal", False, id="another beginning"),
        pytest.param("No, abra", "No abra", False, id="a comma that turns it round"),
        pytest.param("call 12345", "call 12346", False, id="a number"),
        pytest.param("call $orr1 now", "call $orr2 now", False, id="a field"),
        pytest.param("a lawyer helps", "helps a lawyer", False, id="another order"),
        pytest.param("", "Abra", False, id="nothing before"),
    ],
)
def test_what_counts_as_spelling(old: str, new: str, spelling: bool) -> None:
    assert is_spelling(old, new) is spelling


# Rows that are not taken

UNTOUCHED = took(filled(QUC, {}))[1]

LONG = "Hable con la puerta cerrada y no abra. " * 20
NOT_TAKEN: dict[str, tuple[Language, str, dict[str, str], str]] = {
    "an unknown key": (QUC, TITLE, {"key": "pizza.first.say", "name": WHO}, "no text of this key"),
    "a version that is gone": (QUC, TITLE, {"version": "", "name": WHO}, "'version' does not hold what was in it"),
    "a version that a spreadsheet took for a number": (QUC, TITLE, {"version": "1.2E+11", "name": WHO}, "does not hold"),
    "a text that changed since": (QUC, TITLE, {"version": "quc-000000", "name": WHO}, "changed since the sheet was made"),
    "a field that is missing": (
        QUC, "about.first.say", {"correction": "Puente ri nub'i'.", "name": WHO}, "$owner is missing",
    ),
    "a field that is new": (QUC, TITLE, {"correction": "wachoch $orr", "name": WHO}, "$orr is too much"),
    "a field that is none": (QUC, TITLE, {"correction": "wachoch $pizza", "name": WHO}, "$pizza is no field"),
    "a dollar alone": (QUC, TITLE, {"correction": "5 $ wachoch", "name": WHO}, "is no field"),
    "K'iche' without a source or a name": (QUC, TITLE, {"correction": "xyzzy wachoch"}, "xyzzy: not in locales/quc/words.csv"),
    "a typed number": (ES, TITLE, {"correction": "si vienen agentes 1-800-203-7001", "name": WHO, "meaning changed? yes/no": "no"},
                       "'1-800-203-7001' is typed"),
    "a word of the carrier": (
        ES, "home_visit.first.choice.1", {"correction": "Stop", "meaning changed? yes/no": "no"}, "the carrier takes",
    ),
    "a letter that is not in an SMS": (QUC, TITLE, {"correction": "wachoch ❤", "name": WHO}, "does not fit into an SMS"),
    "too long": (ES, SAY, {"correction": LONG, "meaning changed? yes/no": "no"}, "home_visit.first (es): 6 SMS segments"),
    "too long beside the K'iche'": (QUC, SAY, {"correction": "utz " * 300, "name": WHO}, "home_visit.first (quc): "),
    "a meaning about which nothing is said": (
        ES, SAY, {"correction": "Abra la puerta."}, "does the text mean something else now? Write yes or no",
    ),
    "a meaning that is neither yes nor no": (
        ES, SAY, {"correction": "Abra la puerta.", "meaning changed? yes/no": "perhaps"}, "Write yes or no",
    ),
    "a name that is a sentence": (QUC, TITLE, {"name": "We kape ri migra pa wachoch, man kajaq ta la ri uchi' ja rech"},
                                  "does not look like a person's name"),
    "columns that were swapped": (QUC, TITLE, {"correction": WHO, "name": "we kape ri migra pa wachoch"}, "Have the columns been swapped?"),
    "a name that is a date": (QUC, TITLE, {"name": "2026-11-20"}, "does not look like a person's name"),
    "a yes in the place of a name": (QUC, TITLE, {"name": "Sí"}, "does not look like a person's name"),
    "a mark in the place of a name": (QUC, TITLE, {"name": "x"}, "does not look like a person's name"),
    "a day to come": (QUC, TITLE, {"name": WHO, "date": "2026-11-26"}, "still to come"),
    "a day that could be two": (QUC, TITLE, {"name": WHO, "date": "03/04/2026"}, "could be two days"),
    "a day that is none": (QUC, TITLE, {"name": WHO, "date": "2026-02-30"}, "is no day"),
    "a day in words": (QUC, TITLE, {"name": WHO, "date": "ayer"}, "is no day"),
    "only a day": (QUC, TITLE, {"date": "2026-11-20"}, "neither a correction nor a name"),
    "a name where there is no text": (QUC, "home_visit.papers.say", {"name": WHO}, "no text yet that could be found right"),
    "a correction in the wrong column": (QUC, TITLE, {"quc": "we kape migra"}, "the text in the column quc was written over"),
    "another text that was written over": (QUC, TITLE, {"es": "otra cosa", "name": WHO}, "the column es is not as it went out"),
    "letters that were lost": (QUC, TITLE, {"correction": "pa wach\ufffdch", "name": WHO}, "a letter was lost"),
    "letters that became others": (ES, TITLE, {"correction": "maÃ±ana", "name": WHO}, "accents became other signs"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_row_that_is_not_taken_says_why_and_changes_nothing(name: str) -> None:
    language, key, answers, said = NOT_TAKEN[name]
    kept, catalogs = took(filled(language, {key: answers}))
    assert len(kept.refusals) == 1 and said in kept.refusals[0].why, why(kept)
    assert kept.corrections == ()
    assert catalogs == UNTOUCHED


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        pytest.param("2026-11-20", date(2026, 11, 20), id="as we write it"),
        pytest.param("11/20/2026", date(2026, 11, 20), id="as Excel in the US writes it"),
        pytest.param("20/11/2026", date(2026, 11, 20), id="as Excel in Guatemala writes it"),
        pytest.param("20.11.26", date(2026, 11, 20), id="a short year"),
        pytest.param("11/11/2026", date(2026, 11, 11), id="the same either way"),
        pytest.param("2026-11-20 00:00:00", date(2026, 11, 20), id="with a time"),
        pytest.param("", TODAY, id="none"),
    ],
)
def test_days(cell: str, when: date) -> None:
    (correction,) = returned(filled(QUC, {TITLE: {"name": WHO, "date": cell}})).corrections
    assert correction.day == when


def test_good_rows_are_taken_beside_bad_ones() -> None:
    kept, catalogs = took(filled(QUC, {TITLE: {"name": WHO}, SAY: {"correction": "xyzzy"}}))
    assert [each.key for each in kept.corrections] == [TITLE]
    assert [each.what for each in kept.refusals] == [SAY]
    assert (
        catalogs[QUC].entries[TITLE].state is State.REVIEWED
        and catalogs[QUC].entries[SAY].text == entry_of(SAY, QUC).text
    )


def twice(first: Mapping[str, str], second: Mapping[str, str]) -> Returned:
    """Two people return the same sheet."""
    sheets = {"a.csv": filled(QUC, {TITLE: first}), "b.csv": filled(QUC, {TITLE: second})}
    return joined(
        read_corrections(cells.read(data, KNOWN, name), RELEASE, KICHE, TODAY) for name, data in sheets.items()
    )


def test_two_people_who_want_different_things_are_both_asked_again() -> None:
    read = twice({"correction": "wachoch", "name": WHO}, {"correction": "pa wachoch", "name": "Pedro Inventado"})
    assert read.corrections == ()
    assert why(read) == ["row 2 of a.csv, row 2 of b.csv ask for different things. Leave one of them"] * 2


def test_of_two_people_who_say_the_same_one_name_is_kept_and_the_other_is_told() -> None:
    read = twice({"correction": "wachoch"}, {"correction": "wachoch", "name": WHO})
    assert [each.by for each in read.corrections] == [WHO]
    assert why(read) == ["row 2 of b.csv says the same, and a text keeps one name"]


def test_the_same_sheet_twice_is_the_sheet_once() -> None:
    read = twice({"name": WHO}, {"name": WHO})
    assert (len(read.corrections), read.refusals) == (1, ())


def test_a_sheet_read_a_second_time_asks_for_nothing_that_it_did_not_see() -> None:
    data = filled(QUC, {SAY: {"correction": "Utz la.", "name": WHO}})
    read = replace(RELEASE, catalogs=took(data)[1])
    kept, _ = took(data, read)
    assert kept.corrections == () and "changed since the sheet was made" in why(kept)[0]


def test_a_sheet_saved_in_an_old_encoding_is_read_where_no_letter_was_lost() -> None:
    data = filled(ES, {TITLE: {"correction": "si vienen agentes a mi casa mañana", "meaning changed? yes/no": "no"}})
    rows = [row for row in data.decode("utf-8-sig").split("\r\n") if row.startswith(("key,", TITLE))]
    narrow = "\r\n".join(rows).encode("cp1252")
    kept, catalogs = took(narrow)
    assert why(kept) == [] and catalogs[ES].entries[TITLE].text == "si vienen agentes a mi casa mañana"
    lost = narrow.decode("cp1252").replace("mañana", "ma?ana").encode("cp1252")
    assert "a letter that was lost" in why(took(lost)[0])[0]


def test_missing_columns_are_named() -> None:
    rows = [{"key": TITLE, "version": "quc-000000", "correction": "x"}]
    with pytest.raises(SheetError, match="lacks note, name, date"):
        returned(cells.written(("key", "version", "correction"), rows))
    all_but_one = [column for column in speakers.columns(ES) if column != speakers.MEANING]
    with pytest.raises(SheetError, match="lacks meaning changed"):
        returned(cells.written(all_but_one, speakers_rows(ES)))
