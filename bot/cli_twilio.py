"""``flask --app webhook twilio``: what Twilio itself is to hold of us."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from bot.channels.twiml import to_twiml
from bot.cli_pause import check_hotline
from bot.cli_releases import published
from bot.cli_twilio_setup import setup, write
from bot.clock import clock_for
from bot.scripts.pause import fallback_reply
from bot.settings import Settings
from bot.wording.gsm7 import segments

LARGEST_BIN = 4_000
"""Characters that a TwiML Bin may hold (www.twilio.com/docs/serverless/twiml-bins)."""

twilio = AppGroup("twilio", help="What Twilio itself holds of this service.")
twilio.add_command(setup)


@twilio.command("fallback")
@click.option(
    "--hotline", default="", metavar="ID", help="A line that the text names: an id of directory/hotlines.csv."
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def fallback(hotline: str, file: Path | None) -> None:
    """Write the text that Twilio answers when nothing of us does, as TwiML into FILE, or to the terminal.

    It holds the sentences that families get now, in Spanish, English and K'iche': to write again in some minutes, whom to call
    in danger. At Twilio make a TwiML Bin of it (Console, TwiML Bins); ``twilio setup --apply --fallback URL`` gives its address to
    the Messaging Service, or to each number, and to the WhatsApp senders. Nothing of us need run for that. Do it again when the
    words or the line change: Twilio cannot know.
    """
    settings: Settings = current_app.config["SETTINGS"]
    release = published()
    check_hotline(release, settings, hotline)
    reply = fallback_reply(release, settings, hotline or None, clock_for(settings)())
    twiml = to_twiml(reply)
    if len(twiml) > LARGEST_BIN:
        raise click.ClickException(f"{len(twiml)} bytes are more than a TwiML Bin holds ({LARGEST_BIN}).")
    if file is None:
        click.echo(twiml.decode("utf-8"))
    else:
        write(file, twiml + b"\n")
    parts = sum(segments(text) for text in reply.texts)
    click.echo(f"{parts} SMS parts for whoever gets it; every message gets it while we do not answer.", err=True)
