"""``flask --app webhook directory import`` and ``export``: the directory comes in and goes out as a file, never without a look at it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from bot.clock import clock_for
from bot.directory.errors import DirectoryError, DirectoryFormatError
from bot.directory.formats.flat import write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.limits import LARGEST_FILE, LARGEST_UNPACKED, MOST_FILES
from bot.directory.formats.read import Read
from bot.directory.formats.source import read_any
from bot.directory.formats.tabular import read_tabular, write_zip
from bot.directory.formats.workbook import write_workbook
from bot.directory.hsds.package import Package
from bot.directory.importing.preview import Preview, preview
from bot.directory.importing.shown import shown
from bot.directory.importing.words import WIDTH, lines
from bot.settings import Settings
from bot.store import audit
from bot.store.database import engine_for, is_current
from bot.store.directory import DirectoryStore
from bot.store.errors import DirectoryMoved, StoreDown, StoreError
from bot.store.keys import load_release_key, utc_day
from bot.wording.catalog import replace_files

directory = AppGroup("directory", help="Organizations that families may be sent to (docs/directory.md).")

_WIDEST = 110
_WRITERS: dict[str, Callable[[Package], bytes]] = {
    "package": write_zip,
    "json": write_json,
    "csv": write_flat,
    "xlsx": write_workbook,
}
_AS_TEXT = ("json", "csv")
_STDOUT = Path("-")
_NOTHING = "Nothing was stored."


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also remove what the file does not have; else that stays.")
@click.option("--all", "everything", is_flag=True, help="Show every change, error and duplicate.")
@click.option("--yes", is_flag=True, help="Store without asking, where nothing is wrong.")
@click.option("--by", default="", help="Who does it: a name for the history. Without it nothing is stored.")
def import_command(file: Path, replace: bool, everything: bool, yes: bool, by: str) -> None:
    """Show what FILE would change, ask, and store all of it or nothing. Exits with 1 where something is wrong.

    FILE is a sheet (CSV, xlsx), an HSDS package (zip, or a folder of its CSV files), or HSDS as JSON.
    """
    _named(by, yes)
    with _in_words(), _opened() as (store, today):
        current, version = store.read()
        seen = preview(current, _read(file, current), today, replace=replace)
        for line in lines(seen, everything=everything, width=_width()):
            click.echo(line)
        click.echo()
        if seen.problems:
            raise click.ClickException(f"{_NOTHING} Mend what is wrong and import the file again.")
        if not seen.changes:
            click.echo("There is nothing to change.")
        elif not by:
            click.echo(f"{_NOTHING} To store it, say who you are: --by NAME.")
        elif _agreed(yes):
            _apply(store, seen, by, version)


def _apply(store: DirectoryStore, seen: Preview, by: str, version: int) -> None:
    try:
        now = store.apply(seen.changes, by=by, expected=version)
    except DirectoryMoved as error:
        raise click.ClickException(f"{_NOTHING} {_sentence(error)}. Run it again.") from None
    except StoreDown as error:
        told = f"{_sentence(error)}. All of it was stored or nothing: run it again, and it says which."
        raise click.ClickException(told) from None
    except StoreError as error:
        raise click.ClickException(f"{_NOTHING} {_sentence(error)}.") from None
    click.echo(f"Stored: the directory is at version {now}. The bot answers with it within seconds.")


def _agreed(yes: bool) -> bool:
    """Whether it is to be stored. Where nobody can be asked, it is not, and the command fails."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.ClickException(f"{_NOTHING} Nobody can be asked here: add --yes.")
    if click.confirm("Store these changes?"):
        return True
    click.echo(_NOTHING)
    return False


@directory.command("export")
@click.option(
    "--format", "form", type=click.Choice(list(_WRITERS)), required=True, help="package: HSDS tables in a zip."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file; - prints json and csv.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def export_command(form: str, out: Path, force: bool) -> None:
    """Write the directory into a file. The same directory gives the same bytes."""
    if out == _STDOUT and form not in _AS_TEXT:
        raise click.UsageError(f"A {form} is no text: name a file with --out.")
    with _in_words(), _opened() as (store, _):
        package, version = store.read()
        data = _WRITERS[form](package)
        if out == _STDOUT:
            sys.stdout.buffer.write(data)
            return
        _put(out, data, force)
    count = len(package.tables["organization"])
    click.echo(f"{shown(str(out))}: {count:,} organizations, {len(data):,} bytes, version {version} of the directory.")


def _put(out: Path, data: bytes, force: bool) -> None:
    name = shown(str(out))
    if out.is_dir():
        raise click.ClickException(f"{name} is a folder: name a file in it.")
    if out.exists() and not force:
        raise click.ClickException(f"{name} is there already: name another file, or add --force to write over it.")
    if not out.parent.is_dir():
        raise click.ClickException(f"There is no folder {shown(str(out.parent))}: make it first.")
    replace_files({out: data})


def _read(path: Path, current: Package) -> Read:
    """The file or folder, read against the directory. Raises DirectoryFormatError, OSError."""
    if path.is_dir():
        return read_tabular(_folder(path), current, path.name)
    if not path.exists():
        raise click.ClickException(f"There is no file {shown(str(path))}.")
    if not path.is_file():
        raise click.ClickException(f"{shown(str(path))} is no file.")
    # Looked at before it is read: what is far too large would fill the memory.
    _small_enough(path.name, path.stat().st_size, LARGEST_FILE)
    return read_any(path.name, path.read_bytes(), current)


def _folder(path: Path) -> dict[str, bytes]:
    files = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    if len(files) > MOST_FILES:
        raise DirectoryFormatError(path.name, f"It holds {len(files)} files.", f"Keep {MOST_FILES} at most in it.")
    _small_enough(path.name, sum(each.stat().st_size for each in files), LARGEST_UNPACKED)
    return {each.name: each.read_bytes() for each in files}


def _small_enough(name: str, size: int, most: int) -> None:
    if size > most:
        raise DirectoryFormatError(name, f"It has {size // 1_000_000} MB.", f"Send {most // 1_000_000} MB at most.")


@contextmanager
def _opened() -> Iterator[tuple[DirectoryStore, date]]:
    """The store, and the day by which a confirmation lies in the future. Raises StoreError, ClickException."""
    settings: Settings = current_app.config["SETTINGS"]
    engine, clock = engine_for(settings.sql_url), clock_for(settings)
    try:
        if not is_current(engine):
            raise click.ClickException("The database is not up to date: run `flask --app webhook db upgrade` first.")
        yield DirectoryStore(engine, load_release_key(settings.data_dir), clock), utc_day(clock())
    finally:
        engine.dispose()


def _named(by: str, yes: bool) -> None:
    """Refuses, before anything is read, a name that the history would not take."""
    if yes and not by.strip():
        raise click.UsageError("Whoever stores says who they are: add --by NAME.")
    try:
        audit.check_words(by, audit.LONGEST_ACTOR)
    except ValueError as error:
        raise click.UsageError(f"--by: {error}.") from None
    if by and not by.strip():
        raise click.UsageError("--by: a name is wanted.")


def _width() -> int:
    return max(min(shutil.get_terminal_size((WIDTH, 24)).columns, _WIDEST), 40)


def _sentence(error: Exception) -> str:
    text = shown(str(error))
    return text[:1].upper() + text[1:]


@contextmanager
def _in_words() -> Iterator[None]:
    """What can be wrong with files and database, without a traceback; a file's own signs never reach the terminal as they are."""
    try:
        yield
    except DirectoryError as error:
        raise click.ClickException(shown(str(error))) from None
    except StoreError as error:
        raise click.ClickException(f"{_sentence(error)}. {_NOTHING}") from None
    except OSError as error:
        name = shown(str(error.filename or "the file"))
        raise click.ClickException(f"{name} cannot be read or written ({error.strerror}).") from None
