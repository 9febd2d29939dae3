"""Measures on held_out/ how well messages are understood; writes docs/nlu-report.md and docs/nlu-confusions.svg.

    .venv/bin/python nlu/report.py

Runs in the web environment, so that what answers families is what is measured, and starts the real model server,
which needs the model of the present data: `make nlu-report` sees to both.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from fingerprint import PROJECT
from sentences import LANGUAGES, read_sentences

# The bot is no installed package: its modules are found from the repository.
sys.path.insert(0, str(PROJECT.parent))

from components.parts import LEARN
from reporting.asking import Unanswered
from reporting.held_out import read_messages
from reporting.judged import Measured
from reporting.matrix import matrix
from reporting.measuring import measure
from reporting.page import PICTURE, About, page, summary
from reporting.serving import NLU_PYTHON, NoServer, Serving, serving, started

from bot import content
from bot.scripts.errors import ScriptsError

DOCS = PROJECT.parent / "docs"


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 when there is no content or no model to measure."""
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    try:
        release = content.load()
        with started() as running:
            measured = measure(release, PROJECT, running.server)
            served = serving(running, read_messages(PROJECT / "held_out"))
    except (ScriptsError, NoServer, Unanswered) as error:
        print(error, file=sys.stderr)
        return 1
    write(measured, served, running.server.model)
    print(summary(measured))
    return 0


def write(measured: Measured, served: Serving, model: str) -> None:
    """The two files."""
    about = About(datetime.now(timezone.utc).date(), model, sentences_by_language(PROJECT))
    (DOCS / "nlu-report.md").write_text(page(measured, served, about), "utf-8")
    subprocess.run(  # nosec B603 # noqa: S603 - our own environment and script
        [str(NLU_PYTHON), str(PROJECT / "reporting" / "picture.py"), str(DOCS / PICTURE)],
        input=json.dumps(matrix(measured)),
        text=True,
        check=True,
    )


def sentences_by_language(project: Path) -> dict[str, int]:
    """How many sentences the model learns from."""
    counts = Counter(each.language for each in read_sentences(project)[0] if each.part == LEARN)
    return {language: counts[language] for language in LANGUAGES}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
