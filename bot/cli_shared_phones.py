"""``flask --app webhook shared-phone``: a shelter's phone, which many people use, is not limited like one person's."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import phonenumbers
from flask import current_app
from flask.cli import AppGroup

from bot.channels.inbound import WHATSAPP
from bot.clock import clock_for
from bot.settings import Settings
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.keys import load_keys
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.shared_phones import SharedPhones

shared_phones = AppGroup(
    "shared-phone",
    help="Phones that many people use, as in a shelter: ten times the messages of one person. A mark ends after 90 days.",
)
# Asked for, so that it stays out of the shell's history.
_number = click.argument("number", required=False)


@shared_phones.command("mark")
@_number
def mark(number: str | None) -> None:
    """Mark a phone, or prolong its mark. Leave the NUMBER out: it is asked for and stays out of the shell's history."""
    addresses = _addresses(number)
    try:
        until = _store().mark(addresses)
    except StoreError as error:
        raise click.ClickException(f"{error}. The phone may not be marked; try again.") from None
    click.echo(f"The phone that ends in {addresses[0][-2:]} is marked as shared until {_day(until)}.")


@shared_phones.command("unmark")
@_number
def unmark(number: str | None) -> None:
    """Take a mark back."""
    addresses = _addresses(number)
    try:
        done = _store().unmark(addresses)
    except StoreError as error:
        raise click.ClickException(f"{error}. The mark may still be there; try again.") from None
    if not done:
        raise click.ClickException(f"The phone that ends in {addresses[0][-2:]} was not marked.")
    click.echo(f"The phone that ends in {addresses[0][-2:]} is not marked any more.")


@shared_phones.command("count")
def count() -> None:
    """How many phones are marked. Which ones, nobody can read."""
    try:
        marked = _store().count()
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    # Each has two names: for SMS and for WhatsApp.
    click.echo(f"Phones marked as shared: {marked // 2}.")


def _store() -> SharedPhones:
    settings: Settings = current_app.config["SETTINGS"]
    engine, redis = engine_for(settings.sql_url), connect(redis_url(settings))
    return SharedPhones(engine, redis, load_keys(settings.data_dir), clock_for(settings))


def _addresses(number: str | None) -> tuple[str, str]:
    """The two addresses of a phone as the carrier writes them. What is no number is refused without repeating it."""
    settings: Settings = current_app.config["SETTINGS"]
    text = number or click.prompt("The phone's number, with its country code", hide_input=True)
    home = settings.countries[0] if settings.countries else None
    try:
        parsed = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise click.ClickException(
            "That is no phone number. Write it with its country code, like this: +1 202 555 0100"
        )
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written, f"{WHATSAPP}{written}"


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
