"""``flask --app webhook content reseal``: seals what stands in the database anew, where the key is lost or somebody mended rows by hand."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine

from bot.clock import clock_for
from bot.settings import Settings
from bot.store import audit
from bot.store.database import engine_for, is_current
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile
from bot.store.errors import StoreError
from bot.store.keys import has_release_key, load_release_key, make_release_key
from bot.store.release_file import ReleaseFiles
from bot.store.releases import Releases
from bot.store.resealing import Unfit, look, reseal_all
from bot.store.withdrawals import Withdrawals

_MOST = 20
"""So many records are named; of a lost key nobody has to read them all."""


@click.command("reseal")
@click.option("--by", default="", help="Your name, for the audit; wanted with --yes.")
@click.option("--yes", is_flag=True, help="Do it. Without it, it is only told what would be done.")
@with_appcontext
def content_reseal(by: str, yes: bool) -> None:
    """Seal releases, the directory, notices and withdrawals anew, as they stand in the database now. Tells first what does not fit.

    Only after somebody has looked that nobody changed them: a seal makes what stands there count as written by the team.
    """
    settings: Settings = current_app.config["SETTINGS"]
    engine = engine_for(settings.sql_url)
    try:
        _named(by, yes)
        if not is_current(engine):
            raise click.ClickException("The database is not up to date: run `flask --app webhook db upgrade` first.")
        for line in _told(settings, engine):
            click.echo(line)
        if not yes:
            click.echo("Nothing was sealed. Look first whether this is what the team wrote (docs/operations.md); then --yes --by NAME.")
            return
        done = reseal_all(engine, make_release_key(settings.data_dir), clock_for(settings)(), by)
        _write_files(settings, engine)
        click.echo("Sealed anew: " + ", ".join(f"{number} {name}" for name, number in done.items()) + ".")
        click.echo("Copy DATA_DIR/keys to the other hosts and to its safe place, and start web and worker again everywhere.")
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()


def _named(by: str, yes: bool) -> None:
    if yes and not by.strip():
        raise click.UsageError("Whoever seals says who they are: add --by NAME.")
    try:
        audit.check_words(by, audit.LONGEST_ACTOR)
    except ValueError as error:
        raise click.UsageError(f"--by: {error}.") from None


def _told(settings: Settings, engine: Engine) -> Iterator[str]:
    known = has_release_key(settings.data_dir)
    found = look(engine, load_release_key(settings.data_dir) if known else b"")
    yield "To be sealed anew: " + ", ".join(f"{number} {name}" for name, number in found.rows.items()) + "."
    yield "Not the audit (it is a chain without a key: `audit verify`), nor what families wrote (docs/keys.md)."
    if not known:
        yield "The key DATA_DIR/keys/releases is missing: a new one is made, and nobody can tell what fitted under the old one."
        return
    yield from _unfit(found)


def _unfit(found: Unfit) -> Iterator[str]:
    """What does not fit under the key that is there."""
    lines = [
        *(f"release {number}" for number in found.releases),
        *(f"notice {number}" for number in found.notices),
        *(f"withdrawal {number}" for number in found.withdrawals),
        *(f"{name}: rows were added, taken away or put back" for name in found.sets),
        *(place.removesuffix(" seal") for place in found.records),
    ]
    yield f"{len(lines)} do not fit their seal:" if lines else "All of it fits its seal: there is nothing to do."
    yield from (f"  {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"  and {len(lines) - _MOST} more"


def _write_files(settings: Settings, engine: Engine) -> None:
    """The files of this host with which it answers without the database, under the new seals."""
    key, clock = load_release_key(settings.data_dir), clock_for(settings)
    files, releases = ReleaseFiles(settings.data_dir, key), Releases(engine, key, clock)
    if releases.number():
        files.write(releases.current())
    files.write_withdrawn(Withdrawals(engine, key, clock).held().flows)
    store = DirectoryStore(engine, key, clock)
    if store.seeded():
        DirectoryFile(settings.data_dir, key).write(store.stored())
