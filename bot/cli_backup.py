"""``flask --app webhook backup``: copies of what the network has made, of the lasting keys apart from them, and back again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from bot.clock import clock_for
from bot.privacy import RETENTION
from bot.settings import Settings
from bot.store.audit import verify
from bot.store.backup_file import new_file, read_head
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.secret_files import refuse_open, write_once

SUFFIX = ".backup"
KEYS = ("keys/routing", "keys/opt_out", "keys/releases", "console.key")
"""The files that are copied once, apart from backups. Not the master key, nor anything of the key store."""

backup = AppGroup("backup", help="Backups and restoring (docs/operations.md).")


@contextmanager
def _in_words() -> Iterator[Settings]:
    """The settings; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        yield settings
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'the disk'}: {error.strerror}. Nothing was changed.") from None


@backup.command("make")
@click.argument("folder", type=click.Path(path_type=Path, allow_dash=True))
def make(folder: Path) -> None:
    """Write a backup of this moment into FOLDER, and delete those there that are over 30 days old.

    With - for FOLDER it goes to the standard output, to be encrypted before it is on any disk: `... backup make - | age -r KEY`.
    """
    from bot.store.backup import back_up  # Alembic is loaded by nobody else.

    with _in_words() as settings:
        now = clock_for(settings)()
        engine = engine_for(settings.sql_url)
        try:
            if str(folder) == "-":
                back_up(engine, sys.stdout.buffer, now)
                return
            _refuse_place(settings, folder, ("opt_out", *KEYS), "the keys: together they show who wrote STOP")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = folder / f"puente-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
            with new_file(file) as out:
                rows = back_up(engine, out, now)
        finally:
            engine.dispose()
        read_head(file)
        gone = _drop_old(folder, now)
    click.echo(f"{file}: {rows} rows, read again and whole. {gone} older than {RETENTION['backup'].days} days deleted.")


def _drop_old(folder: Path, now: float) -> int:
    """Deletes what is over its time: who came back after a STOP, or left the staff, is not to stand there for ever."""
    limit = datetime.fromtimestamp(now, UTC) - RETENTION["backup"]
    old = [file for file in folder.glob(f"puente-*{SUFFIX}") if file.name < f"puente-{limit:%Y%m%dT%H%M%SZ}"]
    for file in old:
        file.unlink()
    return len(old)


@backup.command("keys")
@click.argument("folder", type=click.Path(path_type=Path))
def keys(folder: Path) -> None:
    """Copy the lasting keys into FOLDER, once. It is to lie apart from every backup."""
    with _in_words() as settings:
        _refuse_place(settings, folder, (f"*{SUFFIX}",), "backups: together they show who wrote STOP")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_open(folder, "700")
        for name in KEYS:
            write_once(folder / Path(name).name, (settings.data_dir / name).read_bytes())
            if (folder / Path(name).name).read_bytes() != (settings.data_dir / name).read_bytes():
                raise click.ClickException(f"{folder} holds another {name} already: it is kept. Take an empty folder.")
    click.echo(f"{', '.join(Path(name).name for name in KEYS)} are in {folder}. Keep them away from the backups.")


@backup.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Read every byte of a backup and say of when it is. Exits with 1 when it is damaged."""
    with _in_words():
        head = read_head(file)
    click.echo(f"Whole. Made {_when(head.made)}, tables of version {head.schema}.")


@backup.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--keys", "kept", type=click.Path(path_type=Path), help="The folder of `backup keys`, where DATA_DIR has none."
)
def restore(file: Path, kept: Path | None) -> None:
    """Make the database out of a backup. It must be empty or not there yet: run this before `db upgrade`, with everything stopped."""
    from bot.store.backup import bring_back

    with _in_words() as settings:
        read_head(file)
        if kept is not None:
            _put_back(settings, kept)
        head = bring_back(settings.sql_url, settings.data_dir, file)
        engine = engine_for(settings.sql_url)
        try:
            found = verify(engine)
        finally:
            engine.dispose()
    click.echo(f"Brought back as of {_when(head.made)}. The audit holds: {found.rows} rows, newest {found.seq}.")
    click.echo("Now run `db upgrade`, start Puente, and do by hand what nobody could restore (docs/operations.md):")
    click.echo("  - block again who left the staff since then, and look at the roles")
    click.echo("  - withdraw again the answers that were withdrawn since then")
    click.echo("  - take DATA_DIR/releases away on each host, if it is still there")


def _put_back(settings: Settings, kept: Path) -> None:
    """The keys into DATA_DIR. Those that lie there already are kept; whether they fit the backup is seen then."""
    (settings.data_dir / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in KEYS:
        write_once(settings.data_dir / name, (kept / Path(name).name).read_bytes())


def _refuse_place(settings: Settings, folder: Path, patterns: tuple[str, ...], what: str) -> None:
    if folder.resolve().is_relative_to(settings.data_dir.resolve()):
        raise click.ClickException(f"{folder} lies in DATA_DIR, and dies with it. Take a folder on another disk.")
    if any(True for pattern in patterns for _ in folder.glob(pattern)):
        raise click.ClickException(f"{folder} holds {what}. Take another folder, and another disk.")


def _when(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
