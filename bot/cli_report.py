"""``flask --app webhook privacy report``: what a seizure of this installation would reveal today."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from redis import Redis

from bot.channels.copies import Copies, copies_for
from bot.channels.rest import CarrierError
from bot.clock import clock_for
from bot.privacy import RETENTION
from bot.seizure_page import as_json, page
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.store.holdings import revealed
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.sweeps import last_sweep

privacy = AppGroup("privacy", help="What is kept about families, and what it would tell to whoever takes it.")


@privacy.command("report")
@click.option("--json", "for_programs", is_flag=True, help="For programs: the same as JSON.")
def privacy_report(for_programs: bool) -> None:
    """What a seizure today would reveal, per table, entry of Redis and file. Counts only: no number, no code, no text."""
    settings: Settings = current_app.config["SETTINGS"]
    clock = clock_for(settings)
    found = revealed(settings, clock, _at_carrier(settings, clock))
    click.echo(json.dumps(as_json(found), indent=2) if for_programs else page(found))


def _at_carrier(settings: Settings, clock: Callable[[], float]) -> tuple[str, ...]:
    """What is still there, and what the last sweep did, in words."""
    redis = connect(redis_url(settings))
    copies = copies_for(settings, redis, clock)
    if copies is None:
        return (
            "TWILIO_API_KEY is not set: nothing is deleted there. Number, text and time of each message, both ways, for 400 days "
            "or more, to Twilio and to whoever can log in to the account.",
        )
    return (
        f"Number, text and time of every message of the last {RETENTION['copy at the carrier'].total_seconds() / 3600:g} hours, and "
        "for longer in Twilio's own files (the number some 4 months, by its documents).",
        _left(copies, clock()),
        _swept(redis),
    )


def _left(copies: Copies, now: float) -> str:
    try:
        left = copies.left_now(now)
    except CarrierError as error:
        return f"How many older ones are still there is not known: Twilio answered {error.code}."
    since = f", the oldest of {datetime.fromtimestamp(left.oldest, UTC):%Y-%m-%d %H:%M} UTC" if left.oldest else ""
    return f"{'' if left.whole else 'At least '}{left.count} older messages are still there{since}."


def _swept(redis: Redis) -> str:
    try:
        sweep = last_sweep(redis)
    except StoreError:
        return "What the last sweep did is not known: Redis does not answer."
    if sweep is None:
        return "No sweep is known: the worker has not deleted anything there since Redis began."
    trouble = f" It could not do everything: {sweep.error}." if sweep.error else ""
    return (
        f"The last sweep, {datetime.fromtimestamp(sweep.at, UTC):%Y-%m-%d %H:%M} UTC, deleted {sweep.deleted}, was refused "
        f"{sweep.refused} and left {sweep.left}.{trouble}"
    )
