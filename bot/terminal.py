"""``flask --app webhook chat``: text with the bot in the terminal. Nothing is kept but what /save writes, nobody is counted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app

from bot.answer import Answer
from bot.app import Puente
from bot.carried import CarriedSessions
from bot.frozen import replace
from bot.message import Channel, InboundMessage, Pin
from bot.saved import FOLDER, NAME, SavedTurn, beside_text, numbers_in, saved
from bot.settings import REPOSITORY, Settings
from bot.store.errors import SetupError
from bot.wording.gsm7 import segments

_HELP = (
    "Write as a family would. /pin LAT LON sends a place, /voice a voice note, /save NAME writes the conversation into "
    f"{FOLDER}\n(never with real names, numbers or addresses), Ctrl-D ends."
)


@click.command("chat")
@click.option("--explain", is_flag=True, help="Show how each answer came about.")
@click.option("--whatsapp", is_flag=True, help="As on WhatsApp; else as SMS.")
def chat(explain: bool, whatsapp: bool) -> None:
    """Text with the bot, here and now. Needs no Twilio; the understanding model if it runs."""
    try:
        puente: Puente = current_app.extensions["puente"]()
    except SetupError as error:
        raise click.ClickException(str(error)) from None
    conversation = puente.tried(CarriedSessions())
    channel = Channel.WHATSAPP if whatsapp else Channel.SMS
    turns: list[SavedTurn] = []
    click.echo(_HELP)
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if line.split()[:1] == ["/save"]:
            click.echo(save(line.removeprefix("/save").strip(), channel, turns, puente.settings))
            continue
        message = read_line(line, channel)
        answer = conversation.answer(message)
        turns.append(_turn(message, answer))
        _show(answer, channel, explain)


def _show(answer: Answer, channel: Channel, explain: bool) -> None:
    for text in answer.reply.texts:
        click.echo(text)
        cost = f"  [{segments(text)} SMS, {len(text)} characters]" if channel is Channel.SMS else ""
        click.echo(click.style(cost, dim=True))
    if not answer.reply.texts:
        click.echo(click.style("  [no answer is sent]", dim=True))
    if explain:
        click.echo(click.style("  " + json.dumps(dict(answer.explain)), dim=True))


def _turn(message: InboundMessage, answer: Answer) -> SavedTurn:
    return SavedTurn(
        they=message.text,
        bot="\n".join(answer.reply.texts),
        flow=answer.explain.get("flow"),
        more=beside_text(message),
        without_model=answer.explain.get("degraded") == "model",
    )


def save(name: str, channel: Channel, turns: Sequence[SavedTurn], settings: Settings, root: Path = REPOSITORY) -> str:
    """Writes the conversation so far into a file of that name; what was done, or why nothing was."""
    path = root / FOLDER / f"{name}.yml"
    if not NAME.fullmatch(name):
        return "A name is of small letters, digits and _, such as home_visit_es: /save home_visit_es"
    if not turns:
        return "Nothing has been said yet."
    if numbers := numbers_in(turns):
        return f"Not saved: {numbers[0]!r} holds a long number, and nobody's number is saved. Begin again without it."
    if not path.parent.is_dir():
        return f"Not saved: there is no folder {FOLDER} here. Work in a checkout of the repository."
    if path.exists():
        return f"Not saved: {FOLDER}/{path.name} exists. Take another name."
    path.write_text(saved(name.replace("_", " "), channel, turns, settings), "utf-8")
    return f"Saved as {FOLDER}/{path.name}. Give it a better title; `make golden` writes its answers again."


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
