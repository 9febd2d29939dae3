"""``flask --app webhook pause``: every message gets one notice in three languages, until ``pause off``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from bot import content
from bot.clock import clock_for
from bot.message import Channel
from bot.scripts.errors import ScriptsError
from bot.scripts.pause import Pause, pause_reply
from bot.scripts.release import Release
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.pauses import Pauses
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url

pause = AppGroup(
    "pause",
    help="Answer every message with one notice: paused, 911, what to do with agents. BORRAR and STOP go on acting.",
)
NAMES = {"sql": "the database (SQL)", "redis": "Redis"}


@pause.command("on")
@click.option("--by", required=True, help="Your name; families do not see it.")
@click.option("--why", required=True, help="Why, for the others of the team.")
@click.option(
    "--hotline", default="", metavar="ID", help="A line that the notice names: an id of directory/hotlines.csv."
)
@click.option("--yes", is_flag=True, help="Do not ask before pausing.")
def on(by: str, why: str, hotline: str, yes: bool) -> None:
    """Pause: nobody gets an answer any more but the notice, within 5 seconds on every host."""
    settings = _settings()
    release = _release()
    check_hotline(release, settings, hotline)
    _show(release, settings, Pause(clock_for(settings)(), hotline or None))
    if not yes:
        click.confirm("Send this to everybody who writes, and no answer?", abort=True)
    _turn(True, hotline, by, why)
    click.echo("Paused. `flask --app webhook pause off` lets answers go out again.")


@pause.command("off")
@click.option("--by", required=True, help="Your name.")
@click.option("--why", required=True, help="Why, for the others of the team.")
def off(by: str, why: str) -> None:
    """Answer again, within 5 seconds on every host."""
    _turn(False, "", by, why)
    click.echo("Answers go out again.")


@pause.command("status")
def status() -> None:
    """Whether the service is paused, as the stores have it now."""
    with _opened() as pauses:
        found, down = pauses.stored()
    if found is None:
        click.echo("Not paused: answers go out.")
    else:
        click.echo(f"Paused since {datetime.fromtimestamp(found.since, UTC):%Y-%m-%d %H:%M} UTC. Everybody gets:")
        _show(_release(), _settings(), found)
    for store in down:
        click.echo(f"Not known: {NAMES[store]} does not answer.")


def _turn(on: bool, hotline: str, by: str, why: str) -> None:
    with _opened() as pauses:
        try:
            down = pauses.switch(on, by, why, hotline)
        except ValueError as error:
            raise click.ClickException(f"--by and --why go into the audit: {error}.") from None
    if "sql" in down:
        click.echo("The audit does not hold who did this and why: note it elsewhere.")
    for store in down:
        click.echo(
            f"{NAMES[store]} does not answer and was not told. Every process that reaches the other one knows; the worker "
            f"carries it over within seconds of {NAMES[store]} coming back."
        )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@contextmanager
def _opened() -> Iterator[Pauses]:
    settings = _settings()
    try:
        yield Pauses(engine_for(settings.sql_url), connect(redis_url(settings)), clock_for(settings))
    except StoreError as error:
        raise click.ClickException(
            f"Neither the database nor Redis answers ({error}). Stop the web processes, or take the webhook out at Twilio: "
            "its own fallback text answers then."
        ) from None


def _release() -> Release:
    try:
        return content.load(REPOSITORY)
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None


def check_hotline(release: Release, settings: Settings, hotline: str) -> None:
    """Refuses a line that the notice could not name, in words."""
    if not hotline:
        return
    line = release.hotlines.get(hotline)
    if line is None or line.kind == "site":
        raise click.ClickException(
            f"There is no line {hotline!r}. Take an id of directory/hotlines.csv that is a number."
        )
    if not line.for_emergencies:
        raise click.ClickException(f"{hotline} is not for emergencies: somebody in danger would call it. Take another.")
    if not line.sendable(settings.send_unconfirmed_numbers):
        click.echo(f"Nobody has confirmed {hotline}: it is left out of the text. How: README, 'How approval is done'.")


def _show(release: Release, settings: Settings, paused: Pause) -> None:
    for text in pause_reply(release, settings, Channel.SMS, paused, clock_for(settings)()).texts:
        click.echo("\n".join(f"  {line}" for line in text.splitlines()))
