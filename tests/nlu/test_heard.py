"""Judged sentences get into the files: in one form and order whatever comes first, never where they would spoil or measure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from heard import FORM, MEASURES, Refused, take_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_back import is_kept_back, read_kept_back
from lint import MOST_KICHE, Fewest, check
from sentences import folded, read_sentences

FEW = Fewest(1, 1, 1)
GREETINGS = (
    "wenas a todos",
    "k tal como les va",
    "hola buenas quien contesta",
    "holi",
    "saludos desde aca",
    "hey buenas",
)


def come(*texts: str, language: str = "es", intent: str = "greet") -> list[dict[str, str]]:
    return [{"id": text, "language": language, "intent": intent, "text": text} for text in texts]


def files(project: Path) -> dict[str, bytes]:
    """Every file that a sentence can get into."""
    paths = [*project.glob("data/*/*.yml"), *project.glob("kept_back/*")]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}


def learned(project: Path) -> set[str]:
    return {each.text for each in read_sentences(project)[0]}


def test_what_comes_is_learned_but_for_every_fifth(project: Path) -> None:
    outcome = take_in(project, come(*GREETINGS), FEW)
    assert set(outcome.learned) | set(outcome.kept_back) == set(GREETINGS) and outcome.left == {}
    assert set(outcome.kept_back) == {text for text in GREETINGS if is_kept_back(text)} != set()
    assert set(outcome.learned) <= learned(project) and not set(outcome.kept_back) & learned(project)
    assert {each.text for each in read_kept_back(project)} == set(outcome.kept_back)
    assert check(project, FEW)[1] == []


def test_the_files_are_the_same_whatever_comes_first_and_how_often(project: Path, tmp_path: Path) -> None:
    import shutil

    other = shutil.copytree(project, tmp_path / "other")
    take_in(project, [*come(*GREETINGS), *come("ya estan aqui los de la migra oigan", intent="agents_here_now")], FEW)
    take_in(other, come("ya estan aqui los de la migra oigan", intent="agents_here_now"), FEW)
    for text in reversed(GREETINGS):
        take_in(other, come(text), FEW)
    assert files(project) == files(other)
    again = take_in(project, come(*GREETINGS), FEW)
    assert set(again.there) == set(GREETINGS) and files(project) == files(other)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("¡HOLA!", "there"),
        ("esta la migra en mi puerta!", None),
        ("La migra está en mi puerta", "other topic: agents_here_now"),
        ("están tocando los de ise", "lint: nearly the same"),
        ("buenas # no", FORM),
        ("vivo en [Xela](town)", FORM),
        ("con \x07 campana", FORM),
        ("¿cómo les va señores?", MEASURES),
        ("medida en la calibracion", MEASURES),
    ],
)
def test_one_by_one(project: Path, text: str, why: str | None) -> None:
    (project / "held_out").mkdir()
    (project / "held_out" / "es.tsv").write_text("intent\ttext\ngreet\tComo les va, señores\n", "utf-8")
    (project / "data" / "calibration").mkdir()
    (project / "data" / "calibration" / "es.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  metadata: {language: es, part: calibration}\n'
        "  examples: |\n    - Medida en la calibración\n",
        "utf-8",
    )
    before = files(project)
    outcome = take_in(project, come(text), FEW)
    if why is None:
        assert outcome.learned + outcome.kept_back == [text]
        return
    assert files(project) == before
    assert outcome.there == [text] if why == "there" else outcome.left[text].startswith(why)


def test_a_worn_pattern_is_left_out_and_the_rest_is_taken(project: Path) -> None:
    worn = [
        f"me puede usted decir si {word}" for word in ("abren", "cierran", "llueve", "hay", "viene", "sale", "toca")
    ]
    outcome = take_in(project, come(*worn, "wenas a todos"), FEW)
    assert "wenas a todos" in outcome.learned + outcome.kept_back
    assert outcome.left and all(why.startswith("lint: es greet") for why in outcome.left.values())
    assert check(project, FEW)[1] == []


def test_what_people_wrote_is_no_guess(project: Path) -> None:
    who, how_many = "nan tat ali ala achi ixoq".split(), "jun keb oxib kajib job waqib wuqub".split()
    many = [f"saqirik {a} {b}" for a in who for b in how_many]
    outcome = take_in(project, come(*many, language="quc"), FEW)
    assert len(outcome.learned) > MOST_KICHE and outcome.left == {}


def test_nothing_is_written_where_the_files_are_wrong_already(project: Path) -> None:
    (project / "domain.yml").write_text('version: "3.1"\nintents: [greet]\n', "utf-8")
    before = files(project)
    with pytest.raises(Refused, match="agents_here_now stands in intents"):
        take_in(project, come(*GREETINGS), FEW)
    assert files(project) == before
    (project / "data" / "es" / "broken.yml").write_text("not: [closed", "utf-8")
    with pytest.raises(Refused, match="cannot be read"):
        take_in(project, come(*GREETINGS), FEW)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60))
def test_any_text_is_read_again_as_it_was_or_left_out(project: Path, text: str) -> None:
    outcome = take_in(project, come(text), FEW)
    if outcome.learned:
        assert folded(text) in {folded(each) for each in learned(project)}
    assert check(project, FEW)[1] == []


def test_the_share_that_is_kept_back_is_fixed() -> None:
    """Another share would move sentences from one side to the other, and a model would be measured with what it learned."""
    kept = [text for text in (f"frase {n}" for n in range(1000)) if is_kept_back(text)]
    assert 150 < len(kept) < 250
    assert [text for text in GREETINGS if is_kept_back(text)] == ["hey buenas"]
    assert is_kept_back("¡Hey, BUENAS!")


def test_the_command_reads_and_prints_json(project: Path) -> None:
    """With too few sentences for its lint: it says what is wrong and writes nothing."""
    command = [sys.executable, str(project / "heard.py")]
    before = files(project)
    done = subprocess.run(command, input=json.dumps(come("wenas a todos")), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "es greet is thin" in done.stderr and files(project) == before
