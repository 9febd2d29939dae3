"""What is wrong with training sentences is found, named with its file, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lint import FRAME_FEWEST, MOST_KICHE, Fewest
from lint import main as lint_main

Write = Callable[..., None]


FEW = Fewest(1, 1, 1)


def main(project: Path, fewest: Fewest = FEW) -> int:
    """Checks a project that is sound but for its few sentences."""
    return lint_main([], project, fewest)


@pytest.fixture
def write(project: Path) -> Write:
    """Adds sentences to the sound project."""

    def add(language: str, intent: str, *texts: str) -> None:
        path = project / "data" / language / f"more_{intent}.yml"
        lines = "".join(f"    - {text}\n" for text in texts)
        path.write_text(
            f'version: "3.1"\nnlu:\n- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: |\n{lines}',
            "utf-8",
        )

    return add


def test_a_sound_project_passes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(project) == 0
    assert "18 training sentences, 0 problems" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "intent", "text", "found"),
    [
        ("es", "greet", "HOLA!!", "twice"),
        ("es", "agents_here_now", "Holaa", None),
        ("es", "agents_here_now", "¡Buenos dias!", "twice"),
        ("quc", "greet", "saqirik’", "twice"),
        ("en", "greet", "saqirik", None),
        ("en", "agents_here_now", "saqirik", "twice"),
        ("es", "greet", "la migra esta en la puerta", "nearly the same"),
        ("es", "greet", "hay agentes afuera de mi casa ahorit", "nearly the same"),
        ("es", "greet", "puerta la migra en esta noche mi tia", None),
        ("es", "greet", "buen día # guess", "comment"),
        ("es", "greet", "vivo en [Xela](town)", "entity mark"),
    ],
    ids=[
        "twice in one intent",
        "a letter more in a short word",
        "twice in two intents",
        "twice but for an apostrophe",
        "the same word in two languages",
        "a word of two languages with two meanings",
        "other empty words",
        "a letter less",
        "other sentence of the same words",
        "a comment in the text",
        "an entity mark in the text",
    ],
)
def test_a_sentence(
    project: Path,
    write: Write,
    capsys: pytest.CaptureFixture[str],
    language: str,
    intent: str,
    text: str,
    found: str | None,
) -> None:
    write(language, intent, text)
    assert main(project) == (1 if found else 0)
    told = capsys.readouterr().err
    if found:
        assert found in told and f"more_{intent}.yml" in told


def test_an_unknown_intent(project: Path, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("es", "gret", "qué tal todos")
    assert main(project) == 1
    assert "'gret' in data/es is not an intent" in capsys.readouterr().err


def test_an_intent_without_sentences_in_a_language(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data/quc/greet.yml").unlink()
    assert main(project) == 1
    assert "greet has no sentence in quc" in capsys.readouterr().err


def test_the_two_lists_of_intents_must_agree(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "domain.yml").write_text('version: "3.1"\nintents: [greet, agents_here_now, extra]\n', "utf-8")
    assert main(project) == 1
    assert "extra stands in domain.yml only" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("held_out/es.tsv", "intent\ttext\ngreet\t¿Cómo están ustedes hoy?\n"),
        ("held_out/quc.tsv", "intent\ttext\tes\tbasis\ngreet\t¿Cómo están ustedes hoy?\tglosa\tguess: loans\n"),
        (
            "data/calibration/es.yml",
            'version: "3.1"\nnlu:\n- intent: greet\n  metadata: {language: es, part: calibration}\n'
            "  examples: |\n    - ¿Cómo están ustedes hoy?\n",
        ),
    ],
    ids=["held out", "held out, with more columns", "calibration"],
)
def test_a_sentence_that_judges_is_not_learned_from(
    project: Path, write: Write, capsys: pytest.CaptureFixture[str], file: str, content: str
) -> None:
    (project / file).parent.mkdir()
    (project / file).write_text(content, "utf-8")
    assert main(project) == 0
    write("es", "greet", "como estan ustedes hoy")
    assert main(project) == 1
    told = capsys.readouterr().err
    assert f"in {file.rpartition('/')[0]}" in told and "¿Cómo" not in told


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("not: [closed", "cannot be read"),
        ("other: things", "cannot be read"),
        ("nlu:\n- intent: greet\n  examples: |\n    - buenas\n", "says language ''"),
        ("nlu:\n- intent: greet\n  metadata: {language: en}\n  examples: |\n    - buenas\n", "says language 'en'"),
        ("nlu:\n- intent: greet\n  metadata: {language: es}\n  examples: |\n    buenas\n", "begins with '- '"),
    ],
    ids=["no YAML", "no sentences", "no language", "wrong language", "no dash"],
)
def test_a_file_that_is_not_right(project: Path, capsys: pytest.CaptureFixture[str], content: str, found: str) -> None:
    (project / "data/es/broken.yml").write_text(content, "utf-8")
    assert main(project) == 1
    told = capsys.readouterr().err
    assert found in told and "data/es/broken.yml" in told


def test_worn_patterns(project: Path, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("ana", "juan", "pedro", "sebastiana", "guadalupe", "maximiliano")[:FRAME_FEWEST]
    write("es", "greet", *(f"buenas yo me llamo señora {name}" for name in names))
    assert main(project) == 1
    assert "yo me llamo señora" in capsys.readouterr().err


def test_a_thin_intent(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(project, Fewest(ordinary=4, urgent=3, out_of_scope=1)) == 1
    told = capsys.readouterr().err
    assert "es greet is thin: 3 of 4" in told and "agents_here_now" not in told


def test_no_more_guesses_in_kiche_than_anybody_could_vouch_for(
    project: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce".split()
    write("quc", "greet", *[f"{a} saqirik {b}" for a in numbers for b in numbers[:3]][:MOST_KICHE])
    assert main(project) == 1
    assert f"quc greet has {MOST_KICHE + 3}" in capsys.readouterr().err
