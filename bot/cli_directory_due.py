"""``flask --app webhook directory due``, ``confirm``, ``gaps``: who has to be called, that somebody did, and what was not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine

from bot.cli_releases import published
from bot.clock import clock_for
from bot.directory import gaps
from bot.directory.call_again import call_again, told, where
from bot.directory.call_list import City, answer_sheet, call_list
from bot.directory.call_page import call_page
from bot.directory.call_words import LANGUAGES
from bot.directory.confirming import Call, ConfirmationRefused, confirmed
from bot.directory.errors import DirectoryError
from bot.directory.fold import fold
from bot.directory.gazetteer import read_gazetteer
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import HOW_VERIFIED
from bot.directory.listed import listed
from bot.directory.state_points import state_points
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_seed import FILE, read_seed
from bot.store.errors import StoreError
from bot.store.gap_counts import gap_counts
from bot.store.keys import load_release_key, utc_day
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.wording.catalog import replace_files

_FOLDER = REPOSITORY / "directory"


@click.command("due")
@click.option("--days", default=14, show_default=True, help="Also what will be over 90 days old within so many days.")
@click.option("--city", default="", help='Only this city or state: "Chicago", "IL".')
@click.option("--launch", is_flag=True, help="The list with which volunteers launch a city, by city.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="With --launch: the folder for its files."
)
@click.option("--language", type=click.Choice(LANGUAGES), default="es", show_default=True, help="Of the launch list.")
@with_appcontext
def due(days: int, city: str, launch: bool, out: Path | None, language: str) -> None:
    """Who has to be called, the most urgent first: numbers that families say fail, never confirmed ones, old ones."""
    if out and not launch:
        raise click.UsageError("--out is for --launch.")
    with _in_words():
        package, _ = _read()
        rows = listed(package, _flagged())
        if launch:
            cities = _only(call_list(rows, published().hotlines.values(), _today()), city)
            _launch(cities, package, out, language)
            return
        calls = [each for each in call_again(rows, _today(), days) if _named(city, where(each.listed))]
        held = sum(1 for each in rows if each.held_back and each.has_a_door)
        click.echo(told(calls) or "Nothing is due.")
        click.echo(
            f"\n{len(calls)} to call. {held} more are held back, most for want of a number: `directory due --launch`."
        )


@click.command("confirm")
@click.argument("code")
@click.option("--by", required=True, help="Who called: a name.")
@click.option("--how", type=click.Choice(HOW_VERIFIED), required=True, help="In which way.")
@click.option("--phone", default="", help="Which number, where there are several.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day, where it was not today (UTC).")
@with_appcontext
def confirm(code: str, by: str, how: str, phone: str, on: datetime | None) -> None:
    """Record that somebody of the network called CODE, and that its number is right. A flag on it is settled."""
    with _in_words():
        package, version = _read()
        if version is None:
            raise click.ClickException("The database has no directory yet. Run `db upgrade` first.")
        call = Call(code, by, how, on.date() if on else _today(), phone)
        done = confirmed(package, call, _today())
        _store().apply(done.changes, by=call.by.strip(), expected=version)
        click.echo(f"{code}: {done.what} is confirmed on {call.on} by {call.by.strip()} ({how}).")
        _settle(done.records)


@click.command("gaps")
@click.option("--weeks", type=click.IntRange(1, 56), default=13, show_default=True, help="Of so many weeks.")
@with_appcontext
def gaps_command(weeks: int) -> None:
    """What families asked for where nothing was near, by state and kind, with the nearest that is known."""
    with _in_words():
        package, _ = _read()
        found = gaps.gaps(gap_counts(_engine(), _today() - timedelta(weeks=weeks)))
        if not found:
            click.echo(f"Nothing was counted in {weeks} weeks. Counts under five come in when their week is over.")
            return
        states = state_points(read_gazetteer(_FOLDER / "places.tsv.gz"))
        click.echo(gaps.told(found, listed(package, {}), states, _today()))


COMMANDS = (due, confirm, gaps_command)
"""For the group ``directory``."""


def _launch(cities: Sequence[City], package: Package, out: Path | None, language: str) -> None:
    if out is None:
        for city in cities:
            click.echo(
                f"{city.name}: {len(city.entries)} calls, {city.to_find} numbers to find, {city.minutes} minutes"
            )
        click.echo("With --out FOLDER it is written there: a page to print, and a sheet for the answers.")
        return
    sheet = f"calls-{language}.csv"
    files = {
        f"calls-{language}.html": call_page(cities, language, _today(), sheet).encode(),
        sheet: answer_sheet(cities, package),
    }
    for name in files:
        if (out / name).exists():
            raise click.ClickException(f"{out / name} is there and may be filled in. Name another folder with --out.")
    replace_files({out / name: data for name, data in files.items()})
    for name in files:
        click.echo(out / name)


def _only(cities: Sequence[City], wanted: str) -> list[City]:
    found = [city for city in cities if _named(wanted, city.name)]
    if not found:
        raise click.ClickException(f"There is nobody to call in {wanted!r}. Leave --city away to see all cities.")
    return found


def _named(wanted: str, name: str) -> bool:
    """Whether the words of ``wanted`` stand in the name: "chicago", "IL", "ciudad de guatemala"."""
    return set(fold(wanted).split()) <= set(fold(name).split())


def _read() -> tuple[Package, int | None]:
    """The directory and its version; what the seed file says, without a version, while SQL was never filled."""
    store = _store()
    return store.read() if store.seeded() else (_seed(), None)


def _seed() -> Package:
    return read_seed((REPOSITORY / FILE).read_bytes(), clock_for(_settings())())


def _flagged() -> dict[str, int]:
    """How often families said of a record that it does not work, in all weeks."""
    sums: dict[str, int] = {}
    for flag in _flags().flags():
        sums[flag.record] = sums.get(flag.record, 0) + flag.n
    return sums


def _settle(records: Sequence[str]) -> None:
    try:
        for record in records:
            _flags().resolve(record)
    except StoreError:
        click.echo(
            "What families said of it in the last minutes waits in Redis, which does not answer: say it again later."
        )


def _flags() -> DirectoryFlags:
    return DirectoryFlags(_engine(), connect(redis_url(_settings())))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _engine() -> Engine:
    return engine_for(_settings().sql_url)


def _store() -> DirectoryStore:
    return DirectoryStore(_engine(), load_release_key(_settings().data_dir), clock_for(_settings()))


def _today() -> date:
    return utc_day(clock_for(_settings())())


@contextmanager
def _in_words() -> Iterator[None]:
    """What can be wrong with the directory, the files and the store, without a traceback."""
    try:
        yield
    except ConfirmationRefused as refused:
        raise click.ClickException(str(refused)) from None
    except StoreError as error:
        raise click.ClickException(f"{error}. Nothing was changed.") from None
    except ValueError as error:
        raise click.ClickException(f"{error}. Nothing was changed.") from None
    except (DirectoryError, OSError) as error:
        raise click.ClickException(str(error)) from None
