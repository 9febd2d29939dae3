"""``flask --app webhook notice``: what a coordinator confirms for an area, for some hours. Nobody is written to."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import current_app
from flask.cli import AppGroup

from bot import content
from bot.clock import clock_for
from bot.directory.place import Place
from bot.language import Language
from bot.scripts.area_notice import LARGEST_RADIUS_KM, LONGEST_HOURS, AreaNotice, AreaNoticeError, area_notice
from bot.settings import REPOSITORY, Settings
from bot.store.area_notices import AreaNotices
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.keys import load_release_key
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url

notices = AppGroup(
    "notice",
    help="Confirmed news about an area. It opens the answer to a rumor and the menu there; AVISOS reads it out. Nobody is written to.",
)


def _store() -> tuple[AreaNotices, Callable[[], float]]:
    settings: Settings = current_app.config["SETTINGS"]
    clock = clock_for(settings)
    try:
        key = load_release_key(settings.data_dir)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    return AreaNotices(engine_for(settings.sql_url), connect(redis_url(settings)), key, clock), clock


@notices.command("publish")
@click.option("--area", required=True, help='A town ("Chicago, IL"), a ZIP, a state or a country.')
@click.option(
    "--radius",
    type=float,
    default=40.0,
    show_default=True,
    help=f"Kilometres around a town or ZIP, at most {LARGEST_RADIUS_KM:g}.",
)
@click.option("--hours", type=float, required=True, help=f"How long it holds, at most {LONGEST_HOURS}.")
@click.option("--source", required=True, help="Who confirmed it, as families read it.")
@click.option("--by", required=True, help="Your name; families do not see it.")
@click.option("--es", required=True, help="The text in Spanish, one SMS.")
@click.option("--en", required=True, help="The text in English, one SMS.")
@click.option("--quc", default="", help="The text in K'iche', where a speaker wrote it; Spanish goes with it.")
@click.option("--yes", is_flag=True, help="Do not ask before publishing.")
def publish(
    area: str, radius: float, hours: float, source: str, by: str, es: str, en: str, quc: str, yes: bool
) -> None:
    """Publish a notice. Only what somebody has seen and a named source confirms."""
    store, clock = _store()
    texts = {Language.ES: es, Language.EN: en, Language.QUC: quc}
    try:
        made = area_notice(texts, _area(area), radius, clock(), hours, source, by)
    except AreaNoticeError as error:
        raise click.ClickException(str(error)) from None
    click.echo(_shown(made))
    if not yes:
        click.confirm("Publish it?", abort=True)
    try:
        made = store.publish(made)
    except StoreError as error:
        raise click.ClickException(f"{error}. It may not be out; see `notice list`, and try again.") from None
    click.echo(
        f"Published as number {made.number}. It ends by itself; `notice withdraw {made.number}` takes it back sooner."
    )


@notices.command("list")
def listed() -> None:
    """The notices that hold now."""
    store, _ = _store()
    try:
        found = store.listed()
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    for notice in found:
        click.echo(f"{notice.number}: {_shown(notice)}")
    click.echo(f"{len(found)} notices hold now.")


@notices.command("withdraw")
@click.argument("number", type=int)
def withdraw(number: int) -> None:
    """Take the notice of this NUMBER back, everywhere, within seconds."""
    store, _ = _store()
    try:
        done = store.withdraw(number)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    if not done:
        raise click.ClickException(f"No notice of number {number} holds now. See `notice list`.")
    click.echo(f"Number {number} is taken back.")


def _area(text: str) -> Place:
    match = content.load(REPOSITORY).places.find(text)
    if match.found is None:
        several = "; ".join(place.long_label for place in match.candidates)
        hint = f"Which one: {several}?" if several else 'Write it like this: "Chicago, IL", 60629, Illinois.'
        raise click.ClickException(f"I do not know the area {text!r}. {hint}")
    return match.found


def _shown(notice: AreaNotice) -> str:
    around = f", {notice.radius_km:g} km around" if notice.radius_km else ""
    lines = [f"{notice.area.long_label}{around}, from {notice.source}, published by {notice.published_by}"]
    lines += [f"  {language}: {text}" for language, text in notice.texts.items()]
    return "\n".join(lines)
