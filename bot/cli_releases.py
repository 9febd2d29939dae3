"""``flask --app webhook content releases``, ``export`` and ``import``: what was published, as files, and files as drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from bot import content
from bot.cli_users import TERMINAL
from bot.clock import clock_for
from bot.escalation.viewer import Role, Viewer
from bot.scripts.catalogs import in_line
from bot.scripts.errors import ScriptsError
from bot.scripts.incoming import Difference
from bot.scripts.release import Release
from bot.scripts.sources import FOLDERS, Sources, is_source
from bot.settings import Settings
from bot.store.changes import Changes
from bot.store.database import engine_for
from bot.store.errors import KeyMissing, ReleaseDamaged, StoreDown, StoreError
from bot.store.incoming_files import IncomingFiles, Taken
from bot.store.keys import load_release_key
from bot.store.people import People
from bot.store.releases import Releases
from bot.wording.merge import template_bytes

WRITER = Viewer(TERMINAL.user, TERMINAL.name, frozenset({Role.VOLUNTEER, Role.PUBLISHER}))
"""Whoever has the machine may write drafts; to publish them takes somebody of the console."""
TEMPLATE = "locales/messages.pot"


@contextmanager
def _stores() -> Iterator[tuple[Releases, Changes]]:
    settings: Settings = current_app.config["SETTINGS"]
    engine, clock = engine_for(settings.sql_url), clock_for(settings)
    try:
        releases = Releases(engine, load_release_key(settings.data_dir), clock)
        yield releases, Changes(engine, releases, People(engine, clock), clock)
    except (StoreError, ScriptsError) as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()


def published() -> Release:
    """What families get: the current release, or the repository's files where no database has one. ``ClickException`` in words."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        key = load_release_key(settings.data_dir)
        releases = Releases(engine_for(settings.sql_url), key, clock_for(settings))
        sources = releases.current().sources
        releases.engine.dispose()
    except (KeyMissing, StoreDown):
        sources = content.sources_of()
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    try:
        return content.release_of(sources)
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None


def settled() -> str:
    """What became of the repository's files that are another than those that were published; empty while they are the truth."""
    with _stores() as (_, changes):
        return IncomingFiles(changes).settle()


@click.command("releases")
@with_appcontext
def content_releases() -> None:
    """List what was published, the newest first, every one verified to the last bit."""
    with _stores() as (releases, _):
        history = releases.history()
        if not history:
            click.echo("Nobody has published from the console yet: families get the files of flows/ and locales/.")
        for each in history:
            day = datetime.fromtimestamp(each.made, UTC).strftime("%Y-%m-%d %H:%M UTC")
            what = ", ".join(each.flows) or ("the files of the repository" if each.number == 0 else "")
            again = f"brings {each.again} back" if each.again is not None else ""
            who = f"user {each.by}" if each.by is not None else ""
            said = "; ".join(filter(None, (day, who, what, again, each.note, _damage(releases, each.number))))
            click.echo(f"{each.number}: {said}")
        for withdrawn in releases.withdrawals():
            click.echo(f"withdrawn: {withdrawn.flow}: {withdrawn.why}")


def _damage(releases: Releases, number: int) -> str:
    try:
        releases.stored(number)
    except ReleaseDamaged as damaged:
        return f"DAMAGED: {damaged.what} does not fit"
    return ""


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--release", "number", type=int, help="Another one than what families get now.")
@with_appcontext
def content_export(folder: Path, number: int | None) -> None:
    """Write what families get into flows/ and locales/ of a FOLDER, byte for byte; files of answers that are no more go there."""
    with _stores() as (releases, _):
        stored = releases.current() if number is None else releases.stored(number)
        write(stored.sources, folder)
    click.echo(f"Release {stored.number}: {len(stored.sources)} files in {folder}.")


def write(sources: Sources, folder: Path) -> None:
    """Puts the files of a release into a folder, as they stand in the repository."""
    for name in FOLDERS:
        for path in (folder / name).rglob("*"):
            told = path.relative_to(folder).as_posix()
            if is_source(told) and told not in sources:
                path.unlink()
    for told, data in sources.items():
        (folder / told).parent.mkdir(parents=True, exist_ok=True)
        (folder / told).write_bytes(data)
    merged = in_line(content.load_flows(folder / "flows"), content.load_catalogs(folder))
    (folder / TEMPLATE).write_bytes(template_bytes(merged.template))


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def content_import(folder: Path, yes: bool) -> None:
    """Make drafts of the flows/ and locales/ of a FOLDER. Shows first what would change; nothing goes out before somebody publishes it.

    Marks of reviews and approvals are not taken over: who said so says it in the console.
    """
    with _stores() as (_, changes):
        incoming = IncomingFiles(changes)
        found = incoming.differences(content.sources_of(folder))
        for line in _lines(found):
            click.echo(line)
        if not found:
            click.echo("These files are what families get: nothing to do.")
            return
        if not yes:
            click.confirm("Make drafts of this?", abort=True)
        for line in _taken(incoming.take(WRITER, found)):
            click.echo(line)


def _lines(found: Difference) -> Iterator[str]:
    for flow in found.flows:
        yield str(flow)
        for text in flow.texts:
            yield f"  {text.key} ({text.language})"
            yield f"    - {text.was}"
            yield f"    + {text.text}"
    yield from (f"{path}: another file" for path in found.others)


def _taken(taken: Taken) -> Iterator[str]:
    yield f"{len(taken.drafts)} drafts: {', '.join(taken.drafts)}" if taken.drafts else "No draft was made."
    yield from (f"left: {what}: {why}" for what, why in taken.left)
