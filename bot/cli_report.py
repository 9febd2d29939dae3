"""``flask --app webhook privacy report``: what a seizure of this installation would reveal today."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup

from bot.clock import clock_for
from bot.seizure_page import as_json, page
from bot.settings import Settings
from bot.store.holdings import revealed

privacy = AppGroup("privacy", help="What is kept about families, and what it would tell to whoever takes it.")


@privacy.command("report")
@click.option("--json", "for_programs", is_flag=True, help="For programs: the same as JSON.")
def privacy_report(for_programs: bool) -> None:
    """What a seizure today would reveal, per table, entry of Redis and file. Counts only: no number, no code, no text."""
    settings: Settings = current_app.config["SETTINGS"]
    found = revealed(settings, clock_for(settings), _at_carrier(settings))
    click.echo(json.dumps(as_json(found), indent=2) if for_programs else page(found))


def _at_carrier(settings: Settings) -> tuple[str, ...]:
    if not settings.twilio_api_key:
        return (
            "TWILIO_API_KEY is not set: nothing is deleted there. Number, text and time of each message, both ways, for 400 days "
            "or more, to Twilio and to whoever can log in to the account.",
        )
    return ("What is left there is not known here. Look into Twilio's own log.",)
