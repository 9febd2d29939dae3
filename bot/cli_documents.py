"""The pages of docs/ that are made from the content: ``flask --app webhook content walk`` and ``content transcripts``."""

from __future__ import annotations

from pathlib import Path

import click

from bot import content
from bot.scripts.errors import ScriptsError
from bot.scripts.transcript import FOLDER, FirstWords, transcripts
from bot.scripts.walk_checks import faults
from bot.scripts.walk_report import sms_walks, walk_page
from bot.settings import REPOSITORY, Settings, from_environment

WALK_PAGE = "docs/content-walk.md"
FIRST_WORDS = "flows/first_words.yml"


def page_settings() -> Settings:
    """The settings that the pages are written with, whoever writes them: everything shown, nothing approved."""
    return from_environment({"ENVIRONMENT": "test"})


def first_words(root: Path = REPOSITORY) -> FirstWords:
    """For each flow a first message in each language; ``ContentError`` for a file that is broken."""
    words: FirstWords = content.read_yaml(root / FIRST_WORDS)
    return words


def pages(root: Path = REPOSITORY) -> dict[str, str]:
    """Every transcript: its path in the repository and its Markdown."""
    return dict(transcripts(content.load(root), page_settings(), first_words(root)))


@click.command("walk")
@click.option("--write", is_flag=True, help=f"Write {WALK_PAGE} instead of printing it.")
def content_walk(write: bool) -> None:
    """Walk every flow and print how many messages and segments it takes a family to get help; exits with 1 on a dead end."""
    try:
        walks = sms_walks(content.load(REPOSITORY), page_settings())
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None
    page = walk_page(walks)
    if write:
        (REPOSITORY / WALK_PAGE).write_text(page, "utf-8")
    else:
        click.echo(page, nl=False)
    found = [fault for each in walks.values() for fault in faults(each)]
    if found:
        raise click.ClickException("\n".join(found))


@click.command("transcripts")
def content_transcripts() -> None:
    """Write docs/transcripts anew: each flow in each language, to be read on paper."""
    try:
        written = pages()
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None
    for path in (REPOSITORY / FOLDER).rglob("*.md"):
        if str(path.relative_to(REPOSITORY)) not in written:
            path.unlink()
    for name, text in written.items():
        path = REPOSITORY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    click.echo(f"{len(written)} pages in {FOLDER}")
