"""``flask --app webhook chat``: text with the bot in the terminal. Nothing is kept, nobody is counted."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import click
from flask import current_app

from bot.app import Puente
from bot.carried import CarriedSessions
from bot.message import Channel, InboundMessage, Pin
from bot.wording.gsm7 import segments

_HELP = "Write as a family would. /pin LAT LON sends a place, /voice a voice note, Ctrl-D ends."


@click.command("chat")
@click.option("--explain", is_flag=True, help="Show how each answer came about.")
@click.option("--whatsapp", is_flag=True, help="As on WhatsApp; else as SMS.")
def chat(explain: bool, whatsapp: bool) -> None:
    """Text with the bot, here and now. Needs no Twilio; the understanding model if it runs."""
    puente: Puente = current_app.extensions["puente"]()
    conversation = puente.tried(CarriedSessions())
    channel = Channel.WHATSAPP if whatsapp else Channel.SMS
    click.echo(_HELP)
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        answer = conversation.answer(read_line(line, channel))
        for text in answer.reply.texts:
            click.echo(text)
            click.echo(
                click.style(f"  [{segments(text)} SMS, {len(text)} characters]" if not whatsapp else "", dim=True)
            )
        if not answer.reply.texts:
            click.echo(click.style("  [no answer is sent]", dim=True))
        if explain:
            click.echo(click.style("  " + json.dumps(dict(answer.explain)), dim=True))


def read_line(line: str, channel: Channel) -> InboundMessage:
    """A typed line as a message; ``/pin`` and ``/voice`` stand for what a terminal cannot send."""
    message = InboundMessage(secrets.token_hex(16), "chat", channel)
    words = line.split()
    if words[:1] == ["/voice"]:
        return replace(message, media=1)
    if words[:1] == ["/pin"] and len(words) == 3:
        try:
            return replace(message, pin=Pin(float(words[1]), float(words[2])))
        except ValueError:
            click.echo("A pin is two numbers: /pin 41.78 -87.71")
    return replace(message, text=line)
