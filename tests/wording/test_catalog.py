"""Catalogs: what is read from a PO, what is written, and what is refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import Language
from bot.wording.catalog import Catalog, Entry, catalog_bytes, replace_files
from bot.wording.errors import (
    BrokenCatalog,
    BrokenReview,
    CatalogError,
    DuplicateKey,
    MissingKey,
    UnwritableText,
)
from bot.wording.state import State, review

ES, QUC = Language.ES, Language.QUC
HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
DOOR = 'msgctxt "home_visit.first.say"\nmsgid "Do not open."\nmsgstr "No abra."\n'


def read(text, language=ES):
    return Catalog.parse(text.encode(), language, "answers.po")


def marked(*lines, text="No abra."):
    return read(HEADER + "".join(f"{line}\n" for line in lines) + DOOR.replace("No abra.", text)).entry(
        "home_visit.first.say"
    )


def test_a_catalog_of_poedit_is_read():
    catalog = read(
        "# SOME TITLE\n#, fuzzy\n" + HEADER + "#. from the flow\n#: flows/rights/home_visit.yml:3\n"
        '# Rosa asks: abrir?\n#, fuzzy\n#| msgctxt "old"\n#| msgid "Don\'t open."\n'
        'msgctxt "home_visit.first.say"\nmsgid ""\n"Do not "\n"open."\n'
        'msgstr ""\n"No \\"abra\\".\\n"\n"\\\\ Espere."\n\n'
        '#~ msgctxt "gone.first.say"\n#~ msgid "Old."\n#~ msgstr "Viejo."\n'
    )
    assert list(catalog.entries) == ["home_visit.first.say"]
    entry = catalog.entry("home_visit.first.say")
    assert (entry.english, entry.text) == ("Do not open.", 'No "abra".\n\\ Espere.')
    assert (entry.state, entry.notes) == (State.STALE, ("Rosa asks: abrir?",))


def test_a_loose_obsolete_text_does_not_land_under_the_next_key():
    catalog = read(HEADER + '# Rosa: gone?\n#~ msgstr "Abra."\n' + DOOR)
    assert catalog.entry("home_visit.first.say").text == "No abra."


def test_no_entry_is_none():
    assert read(HEADER).entry("home_visit.first.say") is None


def test_one_english_sentence_may_stand_under_many_keys():
    catalog = read(HEADER + DOOR + "\n" + DOOR.replace("home_visit", "car_stop").replace("No abra", "No la abra"))
    assert {key: entry.text for key, entry in catalog.entries.items()} == {
        "home_visit.first.say": "No abra.",
        "car_stop.first.say": "No la abra.",
    }


REVIEWED = "# reviewed 2026-11-23 by Rosa Tzoc against en:1a2b3c es:4d5e6f"


@pytest.mark.parametrize(
    ("lines", "text", "state", "meaning_changed"),
    [
        pytest.param((), "No abra.", State.DRAFT, False, id="no mark"),
        pytest.param((REVIEWED,), "No abra.", State.REVIEWED, False, id="reviewed"),
        pytest.param((REVIEWED, "#, fuzzy"), "No abra.", State.STALE, False, id="reviewed, then wording changed"),
        pytest.param((REVIEWED, "# meaning changed", "#, fuzzy"), "No abra.", State.STALE, True, id="then meaning"),
        pytest.param(("# meaning changed", "#, fuzzy"), "No abra.", State.STALE, True, id="a draft, then meaning"),
        pytest.param(("# meaning changed",), "No abra.", State.DRAFT, False, id="fuzzy cleared by a translator"),
        pytest.param((REVIEWED, "#, fuzzy"), "", State.DRAFT, False, id="text taken out"),
    ],
)
def test_state_as_the_file_says_it(lines, text, state, meaning_changed):
    entry = marked(*lines, text=text)
    assert (entry.state, entry.meaning_changed) == (state, meaning_changed)
    assert bool(entry.review) == (REVIEWED in lines and bool(text))


@pytest.mark.parametrize(
    ("text", "error", "line", "evidence"),
    [
        pytest.param(HEADER + DOOR + "\n" + DOOR, DuplicateKey, 11, "line 7", id="same key, same English"),
        pytest.param(
            HEADER + DOOR + "\n" + DOOR.replace("Do not", "Never"),
            DuplicateKey,
            11,
            "line 7",
            id="same key, other English",
        ),
        pytest.param(HEADER + 'msgid "Do not open."\nmsgstr "No abra."\n', MissingKey, 6, "msgctxt", id="no msgctxt"),
        pytest.param('msgid "Do not open."\nmsgstr "No abra."\n', MissingKey, 1, "msgctxt", id="no msgctxt, no header"),
        pytest.param(HEADER + DOOR.replace("home_visit.first.say", ""), MissingKey, 7, "msgctxt", id="empty msgctxt"),
        pytest.param(HEADER + DOOR.replace("Do not open.", ""), BrokenCatalog, 7, "no English", id="no English"),
        pytest.param(HEADER + DOOR[:-2] + "\n", BrokenCatalog, 8, "No abra.", id="quote not closed"),
        pytest.param(HEADER + DOOR.replace('"No abra."', "No abra."), BrokenCatalog, 8, "No abra.", id="no quotes"),
        pytest.param(HEADER + DOOR.replace("No ", 'No "la" '), BrokenCatalog, 8, "la", id="quote inside"),
        pytest.param(HEADER + DOOR.replace("No abra", "\\u4e00"), BrokenCatalog, 8, "u4e00", id="unknown escape"),
        pytest.param(HEADER + "<<<<<<< HEAD\n" + DOOR, BrokenCatalog, 6, "<<<<<<< HEAD", id="conflict of git"),
        pytest.param(HEADER + DOOR + 'msgstr "Abra."\n', BrokenCatalog, 9, "after msgstr", id="two texts"),
        pytest.param(HEADER + 'msgstr "Abra."\n' + DOOR, BrokenCatalog, 6, "after msgstr", id="a text without key"),
        pytest.param(HEADER + DOOR + 'msgctxt "a.b.say"\n' + DOOR, BrokenCatalog, 10, "after msgctxt", id="two keys"),
        pytest.param(HEADER + DOOR.replace("msgstr", "msgid"), BrokenCatalog, 8, "after msgid", id="two English"),
        pytest.param(HEADER + DOOR.split("msgstr")[0], BrokenCatalog, 8, "ends after msgid", id="end cut off"),
        pytest.param(HEADER + DOOR.split("msgid")[0], BrokenCatalog, 7, "ends after msgctxt", id="end cut off early"),
        pytest.param('"No abra."\n', BrokenCatalog, 1, "no keyword", id="words of nothing"),
        pytest.param(HEADER + DOOR + '# note\n"Abra."\n', BrokenCatalog, 10, "no keyword", id="words behind a comment"),
        pytest.param(HEADER + DOOR.replace("msgstr", "# note\nmsgstr"), BrokenCatalog, 8, "comment", id="comment inside"),
        pytest.param(
            HEADER + DOOR.replace("msgstr", 'msgid_plural "Do not."\nmsgstr[0]'),
            BrokenCatalog,
            8,
            "msgid_plural",
            id="plural",
        ),
        pytest.param(HEADER + "# reviewed by Rosa\n" + DOOR, BrokenReview, 8, "reviewed by Rosa", id="half a review"),
    ],
)
def test_a_broken_catalog_is_refused_with_file_line_and_mend(text, error, line, evidence):
    with pytest.raises(CatalogError) as caught:
        read(text)
    assert type(caught.value) is error
    assert (caught.value.file, caught.value.line) == ("answers.po", line)
    assert evidence in caught.value.problem
    assert caught.value.mend and caught.value.mend in str(caught.value)


def test_a_file_in_another_encoding_is_refused():
    with pytest.raises(BrokenCatalog) as caught:
        Catalog.parse((HEADER + DOOR.replace("No abra.", "Mañana.")).encode("latin-1"), ES, "answers.po")
    assert caught.value.line == 8


def test_windows_line_ends_and_byte_order_mark_are_read():
    data = b"\xef\xbb\xbf" + (HEADER + DOOR).replace("\n", "\r\n").encode()
    assert Catalog.parse(data, ES, "answers.po").entry("home_visit.first.say").text == "No abra."


def test_the_written_form(tmp_path):
    path = tmp_path / "quc" / "LC_MESSAGES" / "answers.po"
    texts = {Language.EN: "Stay calm.", ES: "Mantenga la calma.", QUC: "Utz."}
    entries = [
        Entry(
            "home_visit.first.say",
            "Stay calm.",
            "Utz.",
            State.STALE,
            ("Utz",),
            True,
            ("ja",),
            None,
            ("ask Ana",),
            ("first answer of 'if agents come to my home'", "es: Mantenga  la calma."),
            ("flows/rights/home_visit.yml",),
        ),
        Entry("car_stop.first.say", 'Say "no".\n' + "word " * 22, ""),
        Entry(
            "car_stop.first.choice.1",
            "Stay calm.",
            "Utz.",
            State.REVIEWED,
            review=review(QUC, date(2026, 11, 23), "Ana", texts),
        ),
    ]
    replace_files({path: catalog_bytes(entries, QUC)})
    assert path.read_text("utf-8") == (
        "# Puente: the sentences that families receive. People edit msgstr and the comments, nothing else.\n"
        'msgid ""\n'
        'msgstr ""\n'
        '"Project-Id-Version: puente\\n"\n'
        '"Language: quc\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        "\n"
        "# reviewed 2026-11-23 by Ana against en:d718c9 es:d66b8d quc:07a08b\n"
        'msgctxt "car_stop.first.choice.1"\n'
        'msgid "Stay calm."\n'
        'msgstr "Utz."\n'
        "\n"
        'msgctxt "car_stop.first.say"\n'
        'msgid ""\n'
        '"Say \\"no\\".\\n"\n'
        '"word word word word word word word word word word word word word word word word word word word "\n'
        '"word word word "\n'
        'msgstr ""\n'
        "\n"
        "# ask Ana\n"
        "# meaning changed\n"
        "# cites: [Utz]\n"
        "# guess: [ja]\n"
        "#. first answer of 'if agents come to my home'\n"
        "#. es: Mantenga la calma.\n"
        "#: flows/rights/home_visit.yml\n"
        "#, fuzzy\n"
        'msgctxt "home_visit.first.say"\n'
        'msgid "Stay calm."\n'
        'msgstr "Utz."\n'
    )
    assert [file.name for file in path.parent.iterdir()] == ["answers.po"]
    assert Catalog.load(path, QUC).entry("car_stop.first.choice.1") == entries[2]


def test_files_are_written_all_or_none(tmp_path):
    first, blocked, new = tmp_path / "es" / "answers.po", tmp_path / "quc", tmp_path / "new.po"
    replace_files({first: b"old"})
    (blocked / "something").mkdir(parents=True)
    with pytest.raises(OSError):
        replace_files({first: b"new", new: b"new", blocked: b"a folder stands here"})
    assert first.read_bytes() == b"old" and not new.exists()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["answers.po", "es", "quc", "something"]


@pytest.mark.parametrize("entry", [Entry("a.b.say", ""), Entry("", "Hello."), Entry("a.b.say", "A", notes=("\ud83d",))])
def test_what_could_not_be_read_again_is_not_written(entry):
    with pytest.raises(UnwritableText):
        catalog_bytes([entry], ES)


WORDS = st.text(
    st.one_of(
        st.sampled_from('"\\\n\r\t nrtñá\u02bc$#~\x0b\x1c\x85\u2028 -'),
        st.characters(exclude_categories=["Cs"]),
    )
)
LONG = st.lists(WORDS, max_size=12).map(" ".join)
CITATION = st.lists(
    st.text(st.sampled_from("ab:,'-("), min_size=1, max_size=60)
    | st.sampled_from(["[x]", "cites:", "guess:", "reviewed"]),
    min_size=1,
    max_size=4,
).map(" ".join)
ONE_WORD = st.text(st.sampled_from("abk'ʼꞌñ"), min_size=1, max_size=8)


@st.composite
def entries(draw):
    text = draw(LONG)
    done = draw(
        st.none() | st.builds(lambda day, by: review(QUC, day, by, dict.fromkeys(Language, text)), st.dates(), ONE_WORD)
    )
    state = State.DRAFT
    if text:
        state = draw(st.sampled_from([State.STALE, State.REVIEWED if done else State.DRAFT]))
    return Entry(
        key=draw(st.from_regex(r"[a-z_]{1,6}\.[a-z]{1,3}\.(say|choice\.[1-8])", fullmatch=True) | WORDS.filter(bool)),
        english=draw(LONG.filter(bool)),
        text=text,
        state=state,
        citations=tuple(draw(st.lists(CITATION, max_size=2, unique=True))),
        meaning_changed=state is State.STALE and draw(st.booleans()),
        guesses=tuple(draw(st.lists(ONE_WORD, max_size=9, unique=True))),
        review=done if text else None,
        notes=tuple(
            draw(
                st.lists(
                    st.sampled_from(["ask Ana", ", fuzzy", "~ msgid", ": x", "¿k'o?"]),
                    max_size=3,
                )
            )
        ),
        extracted=tuple(draw(st.lists(st.sampled_from(["menu line 1", "es: ¿Qué?", "fields: $orr"]), unique=True))),
        references=draw(st.sampled_from([(), ("flows/rights/home_visit.yml",)])),
    )


@pytest.mark.slow
@given(st.lists(entries(), max_size=6, unique_by=lambda entry: entry.key))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again_to_the_byte(written):
    data = catalog_bytes(written, QUC)
    catalog = Catalog.parse(data, QUC, "answers.po")
    assert list(catalog.entries.values()) == sorted(written, key=lambda entry: entry.key)
    assert catalog_bytes(catalog.entries.values(), QUC) == data
    assert catalog_bytes(reversed(written), QUC) == data


@given(st.text(st.sampled_from('msgctxidr "\\#~,fuzzy\n\r[0]a'), max_size=200))
@settings(max_examples=200, deadline=None)
def test_nonsense_is_refused_in_our_own_words_or_read(text):
    try:
        catalog = read(text)
    except CatalogError as error:
        assert 1 <= error.line <= text.count("\n") + 1
    else:
        assert all(catalog.entries)
