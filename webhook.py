"""START HERE. The web app (``gunicorn webhook:app``): a message comes in signed, its answer goes back as TwiML.

POST /messages  what a family wrote; the answer is in the response
POST /status    how far a message of ours came
GET  /media     recordings of answers, for WhatsApp
GET  /healthz   this process lives
GET  /readyz    what it can reach
GET  /metrics   figures for who watches, by token
"""

from __future__ import annotations

import os
import sys
import time

import click
import structlog
from flask import Flask, Response, current_app, request
from flask.cli import AppGroup
from msgspec import json

from bot.answer import Answer, tier_of
from bot.app import LARGEST_REQUEST, Puente, create_app
from bot.channels.delivery import read_delivery
from bot.channels.errors import WrongAccount
from bot.channels.form import read_form
from bot.channels.inbound import read_message
from bot.channels.signature import public_url, verify
from bot.channels.twiml import CONTENT_TYPE, to_twiml
from bot.countries import is_answered, is_machine
from bot.crashes import hide_values
from bot.escalation.refused import Next
from bot.health import for_strangers, readiness, shows_token
from bot.message import InboundMessage, Reply
from bot.privacy import where_of
from bot.scripts.errors import ScriptsError
from bot.settings import Settings, SettingsError, from_environment
from bot.store.counting import NOT_ARRIVED
from bot.store.errors import SetupError, StoreError

# sysexits.h: a configuration error. bot.keep gives up on it, for starting again would not help.
CONFIGURATION_ERROR = 78

DANGERS_FROM_ABROAD = 50
"""Answers a day. At 25 cents for an SMS abroad they cost less than a hundredth of what a flood of them would."""

log = structlog.get_logger()


def messages() -> Response:
    """Verify, read, answer, TwiML."""
    began = time.perf_counter()
    puente: Puente = current_app.extensions["puente"]()
    message = read_message(_signed_form(puente.settings))
    answered = is_answered(message.address, message.channel, puente.settings.countries)
    if not answered and not _is_danger_from_abroad(puente, message):
        return _refused(puente)
    answer = puente.conversation.answer(message)
    reply = answer.reply if puente.buttons is None else puente.buttons.instead(message, answer.reply)
    response = Response(to_twiml(reply), content_type=CONTENT_TYPE)
    _count(puente, message, answer, time.perf_counter() - began)
    # When the answer is gone: no family waits for the counting.
    response.call_on_close(puente.traffic.add)
    if puente.settings.explains:
        response.headers["X-Puente-Turn"] = json.encode(answer.explain).decode()
    return response


def _count(puente: Puente, message: InboundMessage, answer: Answer, seconds: float) -> None:
    """For /metrics. An answer is not lost because it could not be counted."""
    try:
        language = answer.explain.get("language") or "none"
        puente.traffic.count(tier_of(answer), message.channel.value, language, seconds)
    except Exception as error:
        log.error("answer.not_counted", error=type(error).__name__, where=where_of(error))


def _is_danger_from_abroad(puente: Puente, message: InboundMessage) -> bool:
    """Words of danger by SMS from a country that is not answered: the first ones of a day are, for a family may have such a phone.

    So many and no more: who floods us for money learns the words too.
    """
    if is_machine(message.address) or puente.release.phrases.match(message.text) is None:
        return False
    try:
        return puente.spending.count("abroad") <= DANGERS_FROM_ABROAD
    except StoreError as error:
        log.warning("memory.unavailable", error=type(error).__name__)
        return False


def _refused(puente: Puente) -> Response:
    """Nothing goes out, nothing is begun and nothing kept about who wrote: only that there was one more."""
    try:
        puente.spending.count("refused")
    except StoreError as error:
        log.warning("memory.unavailable", error=type(error).__name__)
    return Response(to_twiml(Reply()), content_type=CONTENT_TYPE)


def status() -> Response:
    """Notes how far a message of ours came; a person who told the carrier STOP has told us."""
    puente: Puente = current_app.extensions["puente"]()
    delivery = read_delivery(_signed_form(puente.settings))
    if delivery.error is not None:
        log.warning("delivery.failed", code=delivery.error, status=delivery.next_)
    if delivery.status in NOT_ARRIVED:
        puente.counting.failed(delivery.error, delivery.channel)
        if puente.buttons is not None and (asked := request.args.get("b", "")):
            puente.buttons.not_arrived(delivery, asked, puente.conversation.as_text)
    # Replies of staff; the bot's own answers are not known by name.
    name = request.args.get("o", "")
    try:
        # Said once more it may be older than a START that came in between.
        again = delivery.next_ is Next.OPTED_OUT and bool(name) and puente.outbox.has_told(name, delivery.error)
        if delivery.next_ is Next.OPTED_OUT and delivery.address and not again:
            puente.opt_outs.stop(delivery.address, delivery.channel, puente.conversation.clock())
        if delivery.next_ is Next.OPERATOR and delivery.error is not None:
            puente.carrier_alarms.note(delivery.error)
        if name and not puente.outbox.reported(name, delivery.status, delivery.error, delivery.sid):
            log.warning("delivery.unknown")
    except StoreError as error:
        # The worker asks the carrier about what is not reported.
        log.error("delivery.lost", error=type(error).__name__, code=delivery.error)
    return Response(status=204)


def _signed_form(settings: Settings) -> dict[str, str]:
    """The form, the first value of each name, once its signature and its account are known to be right. ChannelError else."""
    environ = request.environ
    values = read_form(environ, LARGEST_REQUEST)
    url = public_url(settings.base_url, request.path, environ.get("QUERY_STRING", ""))
    verify(settings.twilio_auth_token, url, values, environ.get("HTTP_X_TWILIO_SIGNATURE", ""))
    form = {name: each[0] for name, each in values.items()}
    if settings.twilio_account_sid and form.get("AccountSid") != settings.twilio_account_sid:
        raise WrongAccount("another account")
    return form


def media(sha: str) -> Response:
    """A recording of an answer, fetched by Twilio for a WhatsApp message. It is public, as the answers are, and in memory."""
    puente: Puente = current_app.extensions["puente"]()
    data = puente.content.releases.recording(sha)
    if data is None:
        return Response(status=404)
    response = Response(data, content_type="audio/ogg")
    # Other bytes have another name.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(sha)
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


def healthz() -> Response:
    """This process lives."""
    return Response("ok\n", content_type="text/plain")


def readyz() -> Response:
    """What this process can reach. 503 when something is wrong that it must have; strangers get no details."""
    puente: Puente = current_app.extensions["puente"]()
    ready, parts = readiness(puente)
    known = puente.settings.explains or shows_token(puente.settings.metrics_token, _authorization())
    told = parts if known else for_strangers(parts)
    return Response(json.encode(told), status=200 if ready else 503, content_type="application/json")


def metrics() -> Response:
    """The figures, for whoever shows METRICS_TOKEN; without that setting there is no such page."""
    puente: Puente = current_app.extensions["puente"]()
    if not puente.settings.metrics_token:
        return Response(status=404)
    if not shows_token(puente.settings.metrics_token, _authorization()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    # Here, so that the message path loads nothing of it.
    from bot.metrics import CONTENT_TYPE as FIGURES
    from bot.metrics import figures

    return Response(figures(puente), content_type=FIGURES)


def _authorization() -> str:
    return request.headers.get("Authorization", "")


class Commands(AppGroup):
    """The commands of bot/cli.py, loaded when one is asked for: what serves families has no client for Twilio's REST in it."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        from bot.cli import add_commands

        add_commands(self)


def make(settings: Settings) -> Flask:
    """The whole app with these settings."""
    made = create_app(settings)
    made.cli = Commands(made.name)
    made.add_url_rule("/messages", view_func=messages, methods=["POST"])
    made.add_url_rule("/status", view_func=status, methods=["POST"])
    made.add_url_rule("/media/<sha>.ogg", view_func=media)
    made.add_url_rule("/healthz", view_func=healthz)
    made.add_url_rule("/readyz", view_func=readyz)
    made.add_url_rule("/metrics", view_func=metrics)
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        made.extensions["puente"]()
    return made


def __getattr__(name: str) -> Flask:
    """``webhook:app`` is made when a server or the command line asks for it; tests import this file and make their own."""
    if name != "app":
        raise AttributeError(name)
    try:
        globals()["app"] = made = make(from_environment(os.environ))
    except (SettingsError, SetupError, ScriptsError) as error:
        print(f"Puente cannot start: {error}", file=sys.stderr)
        sys.exit(CONFIGURATION_ERROR)
    # From here on families write. What broke before this is told whole, to whoever starts it.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        # A process that takes the place of one that died would do it while somebody waits. Nothing is looked at: threads and
        # connections of before a fork are nobody's after it.
        made.extensions["puente"]().content.releases.bare.places.prepare()
        hide_values()
    return made
