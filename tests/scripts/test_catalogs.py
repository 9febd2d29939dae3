"""Editing flows: real files, the real loader, and what a Spanish-speaking family then gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import content
from bot.content import ContentError
from bot.engine.flow import Flow, Group, Script
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.language import Language
from bot.scripts.catalogs import Merged, in_line
from bot.scripts.release import Release
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog, Entry, replace_files
from bot.wording.errors import CannotMove
from bot.wording.kiche import load_words
from bot.wording.state import State
from bot.wording.voice import Voice

# Each test reads the whole content anew, or walks all of it.
pytestmark = pytest.mark.slow

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
# Two flows of our own among the real ones: what volunteers write may change from day to day.
KNOCK = """\
name: knock
title: if somebody knocks
steps:
  first:
    say: Do not open.
    choices:
      1: {label: warrants, go: judge}
      2: {label: family plan, flow: family_plan}
      3: {label: lawyer, flow: services_legal}
  judge:
    say: Read what a judge's paper lets them do. Sign nothing, and call a lawyer.
    also:
      - id: memo
        text: ICE says that it may force its way in.
    choices:
      1: {label: after they leave, go: after}
      2: {label: lawyer, flow: services_legal}
  after:
    say: Write down who came.
    choices:
      1: {label: somewhere else, flow: elsewhere}
"""
ELSEWHERE = """\
name: elsewhere
title: somewhere else
intents: []
steps:
  first:
    say: Stay calm.
    choices:
      1: {label: lawyer, flow: services_legal}
"""
SPANISH = {
    "knock.title": "si alguien toca",
    "knock.first.say": "No abra.",
    "knock.first.choice.1": "la orden",
    "knock.first.choice.2": "plan familiar",
    "knock.first.choice.3": "abogado",
    "knock.judge.say": "Lea qué les permite hacer el papel del juez. No firme nada y llame a un abogado.",
    "knock.judge.also.memo": "ICE dice que puede entrar a la fuerza.",
    "knock.judge.choice.1": "cuando ya se fueron",
    "knock.judge.choice.2": "abogado",
    "knock.after.say": "Apunte quién vino.",
    "knock.after.choice.1": "en otro lugar",
    "elsewhere.title": "en otro lugar",
    "elsewhere.first.say": "Mantenga la calma.",
    "elsewhere.first.choice.1": "abogado",
}
# The last group of nlu/intents.yml gets it: which one is no matter here.
INTENT = "  knock: Somebody knocks.\n"
SAY, MEMO = "knock.judge.say", "knock.judge.also.memo"
ENGLISH = "Read what a judge's paper lets them do. Sign nothing, and call a lawyer."


BASE = content.load()
INTENTS = content.load_intents(REPOSITORY / "nlu" / "intents.yml")
KICHE = load_words(REPOSITORY / "locales" / "quc" / "words.csv")


def flows_of(root: Path) -> dict[str, Flow]:
    """The flows of these files; one that nobody touched is not read again."""
    flows = dict(BASE.script.flows)
    for path in sorted((root / "flows").glob("*/*.yml")):
        name = path.relative_to(root).as_posix()
        committed = REPOSITORY / name
        if not committed.is_file() or path.read_bytes() != committed.read_bytes():
            flows[path.stem] = read_flow(content.read_yaml(path), name, Group(path.parent.name))
    return flows


@pytest.fixture
def tree(tree: Path) -> Path:
    """The content with two flows of our own, whose Spanish is written."""
    (tree / "flows" / "rights" / "knock.yml").write_text(KNOCK, "utf-8")
    (tree / "flows" / "rights" / "elsewhere.yml").write_text(ELSEWHERE, "utf-8")
    with (tree / "nlu" / "intents.yml").open("a", encoding="utf-8") as intents:
        intents.write(INTENT)
    merged = in_line(flows_of(tree), content.load_catalogs(tree))
    entries = {
        key: replace(entry, text=SPANISH.get(key, entry.text)) for key, entry in merged.catalogs[ES].entries.items()
    }
    replace_files(content.catalog_files(tree, replace(merged, catalogs={**merged.catalogs, ES: Catalog(ES, entries)})))
    loaded(tree)
    return tree


def edit(root: Path, old: str, new: str, name: str = "rights/knock") -> None:
    path = root / "flows" / f"{name}.yml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), "utf-8")


def merge(root: Path, **how: object) -> Merged:
    """``content merge`` on these files."""
    merged = in_line(flows_of(root), content.load_catalogs(root), **how)  # type: ignore[arg-type]
    replace_files(content.catalog_files(root, merged))
    return merged


def write(root: Path, key: str, text: str, language: Language = ES) -> None:
    """A translator writes one text and clears what marked it."""
    merged = in_line(flows_of(root), content.load_catalogs(root))
    old = merged.catalogs[language].entries
    new = {**old, key: Entry(key, old[key].english, text)}
    replace_files(content.catalog_files(root, Merged({**merged.catalogs, language: Catalog(language, new)}, {}, ())))


def loaded(root: Path) -> Release:
    """The flows and words of these files, refused as ``content.load`` refuses them; places and numbers are not read again."""
    script = Script.of(flows_of(root))
    release = replace(BASE, script=script, catalogs=content.load_catalogs(root))
    if errors := content.judge_of(root)(release).errors:
        raise ContentError("\n".join(map(str, errors)))
    return release


def heard(root: Path, key: str, language: Language = ES) -> str:
    """What a family gets under this key, from a release that was loaded and checked."""
    release = loaded(root)
    sentences = {s.key: s for flow in release.script.flows.values() for s in flow.sentences}
    return Voice(release.texts, language, frozenset(), {}).say(sentences[key])


def spanish(root: Path, key: str) -> str:
    return content.load_catalogs(root)[ES].entries[key].text


def test_nothing_to_do_changes_no_byte(tree: Path) -> None:
    merge(tree)
    before = {path: path.read_bytes() for path in (tree / "locales").rglob("*.po*")}
    merge(tree)
    assert {path: path.read_bytes() for path in (tree / "locales").rglob("*.po*")} == before


def test_a_sentence_reworded_slightly_keeps_its_spanish(tree: Path) -> None:
    old = spanish(tree, SAY)
    edit(tree, "Sign nothing, and call a lawyer.", "Sign nothing and call a lawyer.")
    merge(tree, wording_only=True)
    entry = content.load_catalogs(tree)[ES].entries[SAY]
    assert (entry.state, entry.meaning_changed) == (State.STALE, False)
    assert heard(tree, SAY) == old
    assert content.load(tree).catalogs[ES].entries[SAY].text == old


def test_a_sentence_reworded_wholly_goes_out_as_its_durable_text(tree: Path) -> None:
    edit(
        tree,
        ENGLISH,
        "Open the door slowly and give them the keys of the car.\n    durable: Stay silent and sign nothing.",
    )
    merge(tree)
    with pytest.raises(ContentError, match=r"knock\.judge\.durable \(es\): there is no Spanish"):
        loaded(tree)
    write(tree, "knock.judge.durable", "Guarde silencio y no firme nada.")
    assert heard(tree, SAY) == "Guarde silencio y no firme nada."
    write(tree, SAY, "Abra despacio.")
    assert heard(tree, SAY) == "Abra despacio."


@pytest.mark.parametrize("wording_only", [False, True], ids=["as it is", "called a matter of wording by mistake"])
def test_without_a_durable_text_a_changed_meaning_does_not_go_out(tree: Path, wording_only: bool) -> None:
    edit(tree, ENGLISH, "Open at once.")
    merge(tree, wording_only=wording_only)
    with pytest.raises(ContentError, match=r"knock\.judge\.say \(es\): the English means something else now"):
        loaded(tree)


def test_a_menu_line_that_slipped_is_no_matter_of_wording(tree: Path) -> None:
    """A new line 2 pushes the others down: under the key of line 2 stands the Spanish of another line."""
    plan, lawyer = "{label: family plan, flow: family_plan}", "{label: lawyer, flow: services_legal}"
    edit(tree, f"      2: {plan}\n      3: {lawyer}\n", f"      2: {lawyer}\n      3: {plan}\n")
    merge(tree, wording_only=True)
    with pytest.raises(ContentError, match=r"knock\.first\.choice\.2 \(es\): the English means something else"):
        loaded(tree)


def test_a_menu_line_that_slipped_onto_one_that_reads_alike_is_no_matter_of_wording(tree: Path) -> None:
    edit(tree, "label: family plan,", "label: a lawyer,")
    merge(tree)
    write(tree, "knock.first.choice.2", "un abogado")
    edit(tree, "{label: a lawyer, flow: family_plan}", "{label: lawyer, flow: services_legal}")
    edit(tree, "      3: {label: lawyer, flow: services_legal}", "      3: {label: a lawyer, flow: family_plan}")
    merge(tree, wording_only=True)
    with pytest.raises(ContentError, match=r"knock\.first\.choice\.2 \(es\): the English means something else"):
        loaded(tree)


def test_a_near_copy_of_a_step_gets_no_spanish_of_the_other(tree: Path) -> None:
    edit(tree, "  after:\n", f"  judge_two:\n    say: {ENGLISH} Today.\n    go: after\n  after:\n")
    edit(tree, "{label: after they leave, go: after}", "{label: after they leave, go: judge_two}")
    merge(tree)
    assert spanish(tree, "knock.judge_two.say") == ""
    with pytest.raises(ContentError, match=r"knock\.judge_two\.say \(es\): there is no Spanish"):
        loaded(tree)


def test_a_renamed_step_takes_its_texts_along_when_told(tree: Path) -> None:
    write(tree, SAY, "Kub'an utz.", QUC)
    old = {key: spanish(tree, key) for key in (SAY, "knock.judge.choice.1", "knock.judge.choice.2")}
    edit(tree, "  judge:\n", "  real_warrant:\n")
    edit(tree, "go: judge}", "go: real_warrant}")
    report = merge(tree, ways={"knock.judge": "knock.real_warrant"}).reports[ES]
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert {key: spanish(tree, key.replace("judge", "real_warrant")) for key in old} == old
    assert content.load_catalogs(tree)[QUC].entries["knock.real_warrant.say"].text == "Kub'an utz."


def test_a_renamed_step_of_which_nobody_told_does_not_go_out(tree: Path) -> None:
    old = spanish(tree, SAY)
    edit(tree, "  judge:\n", "  real_warrant:\n")
    edit(tree, "go: judge}", "go: real_warrant}")
    report = merge(tree).reports[ES]
    assert old in {entry.text for entry in report.removed}, "the text is somebody's work: it is told"
    with pytest.raises(ContentError, match=r"knock\.real_warrant\.say \(es\): there is no Spanish"):
        loaded(tree)


def test_a_sentence_moved_to_another_flow_takes_its_spanish_along_when_told(tree: Path) -> None:
    text = "        text: ICE says that it may force its way in.\n"
    edit(tree, f"    also:\n      - id: memo\n{text}", "")
    edit(tree, "    choices:\n", f"    also:\n      - id: paper\n{text}    choices:\n", "rights/elsewhere")
    report = merge(tree, ways={MEMO: "elsewhere.first.also.paper"}).reports[ES]
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert heard(tree, "elsewhere.first.also.paper") == SPANISH[MEMO]


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        pytest.param({"knock.pizza": "knock.x"}, "nothing under knock.pizza", id="from nowhere"),
        pytest.param({"knock.judge": "knock.after"}, "a text stands there", id="onto another step"),
        pytest.param({"knock.jud": "knock.x"}, "nothing under knock.jud", id="half a name"),
    ],
)
def test_a_move_that_would_lose_a_text_is_refused(tree: Path, ways: dict[str, str], said: str) -> None:
    with pytest.raises(CannotMove, match=said):
        in_line(flows_of(tree), content.load_catalogs(tree), ways=ways)


# A small script, and whatever an editor may do to it in one sitting.
STEPS = ("first", "papers", "judge")
SENTENCES = ("Do not open.", "Do not open!", "Do not open the door.", "Stay calm.", "Ask for a lawyer.")
SCRIPT = st.dictionaries(
    st.sampled_from(STEPS),
    st.tuples(st.sampled_from(SENTENCES), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3)),
    min_size=1,
)


def script(steps: dict[str, tuple[str, list[str]]]) -> dict[str, Flow]:
    body = {
        name: {
            "say": say,
            "choices": {n: {"label": label, "flow": "menu"} for n, label in enumerate(labels, 1)},
        }
        for name, (say, labels) in steps.items()
    }
    value = {"name": "door", "title": "the door", "steps": body}
    return {"door": read_flow(value, "flows/rights/door.yml", Group.RIGHTS)}


def as_written(language: Language, key: str, english: str) -> str:
    """A text that says whose it is, and for which English it was written."""
    return f"{language} {key}: {english}"


@given(st.lists(SCRIPT, min_size=2, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5))
@settings(deadline=None)
def test_no_key_ever_gets_the_text_of_another_key(
    edits: list[dict[str, tuple[str, list[str]]]], said: list[bool]
) -> None:
    catalogs = {language: Catalog(language) for language in Language}
    for steps, wording_only in zip(edits, said, strict=False):
        merged = in_line(script(steps), catalogs, wording_only=wording_only).catalogs
        for language in (ES, QUC):
            for key, entry in merged[language].entries.items():
                fits = entry.text == as_written(language, key, entry.english)
                assert not entry.text or entry.text.startswith(as_written(language, key, ""))
                assert not entry.text or fits or entry.state is State.STALE, "an older text says that it is one"
        catalogs = {
            language: Catalog.of(
                (
                    entry if entry.text else replace(entry, text=as_written(language, key, entry.english))
                    for key, entry in merged[language].entries.items()
                ),
                language,
            )
            for language in (ES, QUC)
        } | {EN: merged[EN]}
