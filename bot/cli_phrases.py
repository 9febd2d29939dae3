"""``flask --app webhook phrases``: sentences to learn from. What volunteers judged in the console goes into nlu/data from here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from bot import content
from bot.clock import clock_for
from bot.escalation.viewer import Role, Viewer
from bot.scripts.phrases import OUT_OF_SCOPE, Verdict, without_gaps
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.phrases import Origin, Phrase, Phrases
from bot.store.phrases_learned import NLU, every_language

phrases = AppGroup("phrases", help="Sentences that the model learns from.")
by_option = click.option("--by", required=True, help="Your name, for the audit.")
_WHY = {
    "measures": "the model is measured with it",
    "form": "it has signs that no training file takes",
    "other topic": "it is learned as another topic already",
    "lint": "nlu/lint.py objects",
}


@contextmanager
def _store() -> Iterator[Phrases]:
    """The store; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    engine = engine_for(settings.sql_url)
    try:
        yield Phrases(engine, clock_for(settings))
    except (StoreError, ValueError) as error:
        raise click.ClickException(f"Nothing was changed: {error}.") from None
    finally:
        engine.dispose()


def _terminal(by: str) -> Viewer:
    """Whoever has the machine has the files too, and may do what is done with them, under her name."""
    return Viewer(0, by, frozenset({Role.ADMIN, Role.PUBLISHER}))


@phrases.command("try")
@click.argument("text")
def try_text(text: str) -> None:
    """Which urgent phrase a TEXT holds, if any. The model is asked on the page "Try a phrase" of the console."""
    found = content.load_phrases(REPOSITORY / "nlu" / "phrases").match(text)
    click.echo(f"{found[0]} ({found[1]})" if found else "no urgent phrase")


@phrases.command("list")
@click.option("--texts", is_flag=True, help="Each judged sentence, with its topic.")
def list_phrases(texts: bool) -> None:
    """How many sentences wait, were judged, and are exported, in each language."""
    with _store() as store:
        me = _terminal("terminal")
        waiting, judged = store.waiting(me), store.judged(me)
    for language in every_language():
        mine = [each for each in judged if each.language == language]
        fresh = [each for each in mine if not each.exported]
        waits = sum(each.language == language for each in waiting)
        click.echo(f"{language}: {waits} to look at, {len(fresh)} judged, {len(mine) - len(fresh)} exported")
        for each in fresh if texts else ():
            click.echo(f"  {_topic(each)}: {each.text}")
    if any(each.origin is Origin.AGREED for each in (*waiting, *judged) if not each.exported):
        click.echo("What a family agreed to keep goes within 30 days of when it was written.")
    if oldest := min((each.quarter for each in judged if not each.exported), default=""):
        click.echo(f"The oldest that is not exported is of {oldest}; it goes when the quarter after that is over.")


@phrases.command("add")
@click.argument("language", type=click.Choice(every_language()))
@click.argument("topic")
@click.argument("text")
@by_option
def add(language: str, topic: str, text: str, by: str) -> None:
    """Add a sentence TEXT in LANGUAGE that is about TOPIC (a name of nlu/intents.yml)."""
    with _store() as store:
        added = store.add(_terminal(by), language, topic, text)
    click.echo(f"Kept: {added.text}")


@phrases.command("export")
@click.option(
    "--nlu",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=NLU,
    help="The Rasa project to write into.",
)
@by_option
def export(nlu: Path, by: str) -> None:
    """Write the judged sentences into nlu/data, every fifth into nlu/kept_back, and say what was added."""
    with _store() as store:
        fresh = [each for each in store.judged(_terminal(by)) if not each.exported]
        outcome = _taken_in(nlu, fresh)
        store.mark_exported(_terminal(by), [*outcome["learned"], *outcome["kept_back"], *outcome["there"]])
    _tell(outcome, {each.id: each for each in fresh})


def _taken_in(nlu: Path, fresh: Sequence[Phrase]) -> Mapping[str, Any]:
    """What nlu/heard.py did. It stands there because the form of the files, and what spoils them, is that project's."""
    coming = [
        {"id": each.id, "language": each.language, "intent": _topic(each), "text": without_gaps(each.text)}
        for each in fresh
    ]
    done = subprocess.run(  # nosec B603 # noqa: S603 - our own script
        [sys.executable, str(nlu / "heard.py")],
        input=json.dumps(coming),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"Nothing was written, {nlu} has to be mended first:\n{done.stderr.strip()}")
    outcome: Mapping[str, Any] = json.loads(done.stdout)
    return outcome


def _tell(outcome: Mapping[str, Any], fresh: Mapping[str, Phrase]) -> None:
    for name, said in (("learned", "to learn"), ("kept_back", "kept back, to measure with"), ("there", "there before")):
        click.echo(f"{len(outcome[name])} {said}")
        counts = Counter((fresh[id].language, _topic(fresh[id])) for id in outcome[name])
        for (language, topic), count in sorted(counts.items()):
            click.echo(f"  {language} {topic}: {count}")
    for id, why in sorted(outcome["left"].items()):
        kind, _, more = why.partition(": ")
        # A line that measures is read by nobody, not even here.
        text = "a sentence" if kind == "measures" else fresh[id].text
        click.echo(f"left out: {text} ({_topic(fresh[id])}): {_WHY[kind]}{f' ({more})' if more else ''}")
    if outcome["learned"] or outcome["kept_back"]:
        click.echo("Look at the difference in nlu/, then: make train")


def _topic(phrase: Phrase) -> str:
    return OUT_OF_SCOPE if phrase.verdict is Verdict.NONE else phrase.topic
