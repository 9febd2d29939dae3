"""The lawyer's sheet: whole answers with their facts go out, and only a yes with a name and a licence approves one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from bot.engine.flow import Approval, Flow, Group, Script
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import fact_names, words_of
from bot.scripts.errors import SheetError
from bot.scripts.release import Release
from bot.scripts.sheets import cells, lawyer
from bot.scripts.sheets.approve import with_approval
from bot.scripts.sheets.corrections import KNOWN
from bot.scripts.sheets.page import lawyer_page
from bot.scripts.sheets.told import told_verdicts
from bot.scripts.sheets.verdicts import Answered, read_verdicts
from bot.settings import REPOSITORY
from bot.wording.catalog import Entry
from tests.scripts.filling import TODAY, WHOLE, lawyers, why, with_entry

pytestmark = pytest.mark.slow

RIGHTS = [replace(flow, approved_by=None) for flow in WHOLE.script.flows.values() if flow.group is Group.RIGHTS]
HOME = replace(WHOLE.script.flows["home_visit"], approved_by=None)
WORDS = words_of(HOME, WHOLE.catalogs, WHOLE.facts)
YES = {"yes/change/no": "yes", "name": "Inventada Abogada", "licence or DOJ accreditation": "CA bar 000000"}
SIGNED = Approval("Inventada Abogada", "CA bar 000000", "2026-11-25", WORDS)


def answered(data: bytes, release: Release = WHOLE) -> Answered:
    return read_verdicts(cells.read(data, (*KNOWN, *lawyer.COLUMNS)), release, TODAY)


def told(data: bytes, release: Release = WHOLE) -> str:
    return "\n".join(told_verdicts(answered(data, release)))


def signed(release: Release = WHOLE) -> Release:
    """The release in which home_visit is approved."""
    return replace(release, script=Script.of({**release.script.flows, HOME.name: replace(HOME, approved_by=SIGNED)}))


# What goes out


def test_a_block_holds_all_that_an_approval_binds() -> None:
    """Every word that the hash covers stands in the sheet: nobody approves what she has not seen."""
    (block,) = [block for block in lawyer.blocks(WHOLE) if block.flow.name == "home_visit"]
    rows = list(lawyer.rows(block))
    assert {row["version"] for row in rows} == {f"words-{words_of(HOME, WHOLE.catalogs, WHOLE.facts)}"}
    english, spanish = ("\n".join(row.get(column, "") for row in rows) for column in ("en", "es"))
    for sentence in HOME.sentences:
        assert sentence.english in english
        assert WHOLE.catalogs[Language.ES].entries[sentence.key].text in spanish
        assert not sentence.fact or f"[while the fact {sentence.fact} holds]" in english
    facts = {row["part"].removeprefix("fact "): row for row in rows if row["part"].startswith("fact ")}
    assert list(facts) == list(fact_names(HOME))
    for name, row in facts.items():
        fact = WHOLE.facts[name]
        assert (row["en"], row["source"], row["source_date"]) == (fact.says, fact.source, fact.source_date)
        assert (row["checked"], row["valid_until"]) == (str(fact.checked), str(fact.valid_until))
        assert row["volatile"] == ("changing now" if fact.volatile else "no")


def test_every_rights_flow_goes_out_and_no_other() -> None:
    assert [block.flow.name for block in lawyer.blocks(WHOLE)] == [flow.name for flow in RIGHTS]
    for name in ("menu", "pizza"):
        with pytest.raises(SheetError, match=f"'{name}' is no rights flow"):
            lawyer.blocks(WHOLE, [name])


def test_the_english_that_families_get_is_the_one_that_is_shown() -> None:
    key = "home_visit.first.say"
    release = with_entry(
        Language.EN, Entry(key, HOME.first.say.english if HOME.first.say else "", "Open the door."), WHOLE
    )
    (block,) = lawyer.blocks(release, ["home_visit"])
    assert block.answers[0].english[0] == "Open the door." and block.version != f"words-{WORDS}"


def test_a_fact_of_which_nobody_read_a_source_says_so() -> None:
    fact = replace(WHOLE.facts["silence"], checked=None, evidence="recalled")
    assert lawyer.fact_cells(fact)["checked"] == "nobody has read a source yet"


def test_the_printed_page_has_room_for_a_hand() -> None:
    page = lawyer_page(lawyer.blocks(signed(), ["home_visit"]))
    assert "yes / change / no" in page and "licence or DOJ accreditation" in page and f"words-{WORDS}" in page
    assert "Approved in these words already." in page
    assert "<script" not in page and "http-equiv" not in page and "src=" not in page
    assert "Not approved in these words." in lawyer_page(lawyer.blocks(WHOLE, ["home_visit"]))


# What comes back


def test_an_empty_sheet_says_nothing() -> None:
    assert answered(lawyers({})) == Answered((), (), len(lawyer.blocks(WHOLE)))


def test_a_yes_with_name_and_licence_approves_these_words() -> None:
    (verdict,) = answered(lawyers(YES)).verdicts
    assert (verdict.flow, verdict.approval) == (HOME, SIGNED)
    (verdict,) = answered(lawyers(YES | {"date": "11/20/2026"})).verdicts
    assert verdict.approval == replace(SIGNED, date="2026-11-20")


def test_a_change_in_any_row_is_told_and_takes_an_approval_away() -> None:
    answer = lawyers({"yes/change/no": "change", "name": "Inventada Abogada", "changes": "Say 'may' and not 'can'."})
    (verdict,) = answered(answer, signed()).verdicts
    assert verdict.approval is None
    assert "wanted: the whole flow: Say 'may' and not 'can'." in told(answer, signed())
    assert "the approval by Inventada Abogada of 2026-11-25 is taken away" in told(answer, signed())
    assert "home_visit: not approved by somebody without a name" in told(lawyers({"yes/change/no": "no"}))


STEP = f"first answer of '{HOME.title.english}'"
NOT_TAKEN: dict[str, tuple[dict[str, str], str, str]] = {
    "yes without a name": (YES | {"name": ""}, "", "by whom"),
    "yes without a licence": (YES | {"licence or DOJ accreditation": ""}, "", "without a licence"),
    "yes with a licence that is none": (YES | {"licence or DOJ accreditation": "n/a"}, "", "without a licence"),
    "yes by a sentence": (YES | {"name": "I am not sure: ask me?"}, "", "does not look like a person's name"),
    "yes, and changes": (YES | {"changes": "Say may."}, "", "yes, and changes are asked for"),
    "a name alone": ({"name": "Inventada Abogada"}, "", "nothing stands under 'yes/change/no'"),
    "changes alone, in the row of a step": ({"changes": "Say may."}, STEP, f"What is wanted: {STEP}: Say may."),
    "another answer": (YES | {"yes/change/no": "ok"}, "", "'ok' under 'yes/change/no' is none of the three"),
    "other words": (YES | {"version": "words-000000000000"}, "", "changed since the sheet was made"),
    "a hash that a spreadsheet took for a number": (
        YES | {"version": "1.2E+11"},
        "",
        "changed since the sheet was made",
    ),
    "another flow": (YES | {"flow": "pizza"}, "", "no rights flow of this name"),
    "a flow that nobody approves": (YES | {"flow": "menu"}, "", "no rights flow of this name"),
    "a day to come": (YES | {"date": "2026-12-01"}, "", "still to come"),
    "a damaged name": (YES | {"name": "InÃ©s Inventada"}, "", "accents became other signs"),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not_taken_says_why(name: str) -> None:
    answers, part, said = NOT_TAKEN[name]
    read = answered(lawyers(answers, part=part))
    assert read.verdicts == () and len(read.refusals) == 1 and said in why(read)[0], why(read)


def test_yes_here_and_no_there_is_neither() -> None:
    data = lawyers(YES).decode("utf-8-sig")
    rows = cells.read(data.encode(), lawyer.COLUMNS).rows
    answers = [dict(row.cells) | ({"yes/change/no": "no"} if row["part"] == STEP else {}) for row in rows]
    read = answered(cells.written(lawyer.COLUMNS, answers))
    assert read.verdicts == () and "different things stand under 'yes/change/no': yes, no" in why(read)[0]


def test_a_no_to_older_words_does_not_touch_an_approval_of_these() -> None:
    read = answered(
        lawyers({"yes/change/no": "no", "version": "words-000000000000", "changes": "All of it."}), signed()
    )
    assert read.verdicts == () and "What is wanted: the whole flow: All of it." in why(read)[0]


# In the file


def source(flow: Flow) -> bytes:
    """The file of a flow, without the approval that it may have."""
    path = REPOSITORY / "flows" / flow.group / f"{flow.name}.yml"
    return with_approval(path.read_bytes(), WHOLE.script.flows[flow.name], None)


@pytest.mark.parametrize("flow", RIGHTS, ids=lambda flow: flow.name)
def test_an_approval_is_written_and_taken_out_and_every_other_byte_stays(flow: Flow) -> None:
    before = source(flow)
    written = with_approval(before, flow, SIGNED)
    added = written.replace(before[: before.index(b"\nsteps:") + 1], b"").removesuffix(
        before[before.index(b"\nsteps:") + 1 :]
    )
    assert added.decode() == (
        "approved_by:\n  name: Inventada Abogada\n  licence: CA bar 000000\n"
        f"  date: '2026-11-25'\n  words: {yaml_text(WORDS)}\n"
    )
    approved = replace(flow, approved_by=SIGNED)
    other = replace(SIGNED, name="Otra Inventada")
    assert with_approval(with_approval(written, approved, other), replace(flow, approved_by=other), None) == before
    assert with_approval(before, flow, None) == before


def yaml_text(words: str) -> str:
    """A hash of digits, or one that reads as a number such as 12e4, stands in quotes."""
    return f"'{words}'" if words.replace("e", "", 1).isdigit() else words


TITLE = f"title: {HOME.title.english}\n".encode()
FILES = {
    "Windows line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "comments everywhere": lambda data: (
        b"# one\n" + data.replace(b"\nsteps:", b"\n# two\n\nsteps: # three") + b"# four\n"
    ),
    "no line end at the end": lambda data: data.rstrip(b"\n"),
    "steps before the title": lambda data: data.replace(TITLE, b"") + TITLE,
}


@pytest.mark.parametrize("name", FILES)
def test_files_as_people_write_them(name: str) -> None:
    before = FILES[name](source(HOME))
    written = with_approval(before, HOME, SIGNED)
    assert written != before and with_approval(written, replace(HOME, approved_by=SIGNED), None) == before


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(
            b'approved_by: {name: "A", licence: B,\n  date: "2026-01-01", words: c}\n', id="in one line or two"
        ),
        pytest.param(
            b"approved_by:\n  name: A\n\n  licence: B\n  date: '2026-01-01' # then\n  words: c\n", id="with gaps"
        ),
    ],
)
def test_an_approval_that_a_person_wrote_is_replaced_whole(block: bytes) -> None:
    before = source(HOME)
    by_hand = before.replace(b"steps:\n", block + b"# about the steps\nsteps:\n", 1)
    flow = replace(HOME, approved_by=Approval("A", "B", "2026-01-01", "c"))
    assert with_approval(by_hand, flow, None) == before.replace(b"steps:\n", b"# about the steps\nsteps:\n", 1)
    assert b"Inventada" in with_approval(by_hand, flow, SIGNED)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"name: home_visit\n", id="no steps"),
        pytest.param(source(HOME).replace(b"judge", b"judges"), id="another flow than was read"),
        pytest.param(b"\tx: [\nsteps:\n", id="no YAML"),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_alone(data: bytes) -> None:
    with pytest.raises(SheetError, match=r"flows/rights/home_visit\.yml"):
        with_approval(data, HOME, SIGNED)


PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), min_size=1).map(
    lambda text: " ".join(text.split())
).filter(bool)  # fmt: skip


@pytest.mark.slow
@given(PRINTED, PRINTED, st.from_regex(r"[0-9a-f]{12}", fullmatch=True))
def test_whatever_a_name_or_a_hash_looks_like_it_is_read_as_it_was(name: str, licence: str, words: str) -> None:
    approval = Approval(name, licence, "2026-11-25", words)
    written = with_approval(source(HOME), HOME, approval)
    assert with_approval(written, replace(HOME, approved_by=approval), None) == source(HOME)


@pytest.mark.slow
def test_content_with_an_approval_is_loaded_and_the_flow_counts_as_approved(tree: Path) -> None:
    path = tree / "flows" / "rights" / "home_visit.yml"
    path.write_bytes(with_approval(source(HOME), HOME, SIGNED))
    assert "home_visit" in content.load(tree).approved
    path.write_bytes(with_approval(path.read_bytes(), replace(HOME, approved_by=SIGNED), None))
    assert "home_visit" not in content.load(tree).approved
