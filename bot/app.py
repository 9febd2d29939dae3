"""create_app(settings): wiring. The only module that picks concrete adapters."""

from __future__ import annotations

import functools
import logging
import os
import runpy
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask, Request, Response, abort, request
from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine
from werkzeug.exceptions import BadRequest, InternalServerError, RequestEntityTooLarge

from bot import content
from bot.carried import CarriedSessions, NobodyOptsOut, NoDesk, NothingFlagged, NothingKept, NothingToErase
from bot.channels.buttons import Buttons, buttons_for
from bot.channels.errors import ChannelError
from bot.clock import clock_for
from bot.console.apart import Apart
from bot.conversation import Conversation
from bot.edge import Edge
from bot.frozen import replace
from bot.intents.rasa import RasaClient, shared_token
from bot.logs import configure_logs
from bot.privacy import where_of
from bot.scripts.release import Release
from bot.settings import REPOSITORY, Settings
from bot.spending import NoLedger, Spending
from bot.store.agreed_phrases import AgreedPhrases
from bot.store.area_notices import AreaNotices
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.counting import Counting
from bot.store.current_content import CurrentContent, current_content
from bot.store.database import engine_for
from bot.store.desk_board import DeskBoard
from bot.store.desk_turns import DeskTurns
from bot.store.directory_flags import DirectoryFlags
from bot.store.erasing import Erasing
from bot.store.errands import Errands
from bot.store.errors import StoreError
from bot.store.escalations import Escalations
from bot.store.key_store import open_key_store
from bot.store.keys import DayKeys, load_keys, load_release_key
from bot.store.menu_contents import MenuContents
from bot.store.opened_late import OpenedLate
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.pauses import Pauses
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.releases import Releases
from bot.store.sessions import Sessions
from bot.store.spending import DaySpending
from bot.store.traffic import Traffic
from bot.store.understood import Remembering

# Twilio's form is a few kB; Flask's own limit on form memory does not stop a large urlencoded body.
LARGEST_REQUEST = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

log = structlog.get_logger()


class Puente(Struct, frozen=True):
    """What the routes work with, under ``app.extensions["puente"]``."""

    settings: Settings
    conversation: Conversation
    opt_outs: OptOuts
    escalations: Escalations
    spending: DaySpending
    redis: Redis
    engine: Engine
    model: RasaClient
    content: CurrentContent
    releases: Releases
    outbox: Outbox
    carrier_alarms: CarrierAlarms
    board: DeskBoard
    traffic: Traffic
    counting: Counting
    buttons: Buttons | None
    """None where menus are always numbered text."""

    @property
    def release(self) -> Release:
        """What families get at this moment."""
        return self.content.now()

    def tried(self, sessions: CarriedSessions) -> Conversation:
        """The same conversation with a memory that the caller carries; nobody opts out, nothing is counted.

        It says what a family would be told of the desk, and opens nothing there.
        """
        spending = Spending(0, 1, NoLedger(), self.conversation.clock)
        # A browser finds the recordings also where no public address is set, at which a carrier would ask for them.
        settings = replace(self.conversation.settings, public_base_url=self.settings.base_url)
        return replace(
            self.conversation,
            settings=settings,
            sessions=sessions,
            model=self.model,
            opt_outs=NobodyOptsOut(),
            erasing=NothingToErase(),
            spending=spending,
            flags=NothingFlagged(),
            keeping=NothingKept(),
            desk=NoDesk(),
        )


def build(settings: Settings, root: Path = REPOSITORY) -> Puente:
    """Every part, connected lazily: a store or a model that is down does not keep the web from answering."""
    peppers = load_keys(settings.data_dir)
    redis, engine, clock = connect(redis_url(settings)), engine_for(settings.sql_url), clock_for(settings)
    current, releases = current_content(settings, engine, clock, root)
    seals = load_release_key(settings.data_dir)
    token = settings.rasa_token or shared_token(settings.data_dir)
    intents = content.load_intents(root / "nlu" / "intents.yml")
    expected = expected_model(root)
    model = RasaClient(settings.rasa_url, token, intents, model=expected)
    opt_outs, day_keys = OptOuts(engine, redis, peppers), DayKeys(redis)
    sessions = Sessions(redis, peppers, day_keys, clock)
    # A key store that is missing or damaged is found out only by who needs it.
    keys = OpenedLate(lambda: open_key_store(settings))
    escalations = Escalations(engine, redis, peppers, day_keys, keys, clock)
    copies = bool(settings.twilio_api_key)
    erasing = Erasing(sessions, escalations, engine, redis, keys, day_keys, clock, copies)
    ledger = DaySpending(redis, clock)
    # Built before gunicorn forks: each of its workers then counts for itself.
    workers = int(os.environ.get("WEB_CONCURRENCY", "").strip() or 2)
    board = DeskBoard(engine, redis, clock)
    # On a host without the sentences a model that was changed under the same intents is known for ten minutes longer.
    remembering = Remembering(model, f"{expected} {sorted(intents)}", redis, day_keys, clock)
    conversation = Conversation(
        settings=settings,
        release=current.now,
        sessions=sessions,
        opt_outs=opt_outs,
        erasing=erasing,
        notices=AreaNotices(engine, redis, seals, clock).live,
        model=remembering,
        spending=Spending(settings.daily_segments, workers, ledger, clock, (StoreError,)),
        clock=clock,
        unavailable=(StoreError,),
        paused=Pauses(engine, redis, clock).now,
        flags=DirectoryFlags(engine, redis),
        keeping=AgreedPhrases(engine, ledger, clock),
        desk=DeskTurns(engine, keys, escalations, clock),
        board=board.now,
        former=current.former,
    )
    outbox, alarms = Outbox(engine, keys, clock), CarrierAlarms(engine, clock)
    return Puente(
        settings=settings,
        conversation=conversation,
        opt_outs=opt_outs,
        escalations=escalations,
        spending=ledger,
        redis=redis,
        engine=engine,
        model=model,
        content=current,
        releases=releases,
        outbox=outbox,
        carrier_alarms=alarms,
        board=board,
        traffic=Traffic(redis),
        counting=Counting(redis, clock),
        buttons=buttons_for(settings, MenuContents(redis, seals, clock), sessions, Errands(redis, day_keys, clock)),
    )


@functools.cache
def expected_model(root: Path) -> str | None:
    """The name of the model that fits this checkout's sentences: Rasa silently serves another when that one is missing.

    None where the sentences are not here to tell, as on a host that runs the web alone.
    """
    if not (root / "nlu" / "config.yml").is_file():
        return None
    try:
        # A script of the other project, of the standard library only. As a process of its own it would take a start seven times as long.
        path: Path = runpy.run_path(str(root / "nlu" / "fingerprint.py"))["model_path"]()
    except OSError:
        return None
    return path.name


def create_app(settings: Settings) -> Flask:
    """The WSGI app without the message routes, which stand in webhook.py. The console is an app beside it, in ``extensions["console"]``."""
    configure_logs(settings)
    # Built once, at first use: `db upgrade` must run where there are no keys yet.
    puente = functools.cache(lambda: build(settings))
    app = _bare(settings, puente)
    apart = Apart(app.wsgi_app, lambda: _console(settings, puente))
    app.extensions["console"] = apart
    app.wsgi_app = Edge(apart)  # type: ignore[method-assign] # Flask's own way to put something before an app
    return app


def _bare(settings: Settings, puente: Callable[[], Puente]) -> Flask:
    """An app with what holds for every request, and the page at /try where it is on."""
    app = Flask("puente", static_folder=None)
    app.request_class = NamedParts
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.extensions["puente"] = puente
    # Flask would log tracebacks; _failed logs what may be logged.
    app.logger.disabled = True
    app.config["SETTINGS"] = settings
    if settings.environment == "development":
        app.before_request(_only_from_here)
    app.register_error_handler(ChannelError, _refused)
    app.register_error_handler(RequestEntityTooLarge, lambda error: Response(status=400))
    app.register_error_handler(InternalServerError, _failed)
    if settings.try_phone:
        # Here, so that nothing of it is loaded where nobody may try.
        from bot.console.try_phone import try_blueprint

        app.register_blueprint(try_blueprint(puente))
    return app


def _console(settings: Settings, puente: Callable[[], Puente]) -> Flask:
    """The app of the console; of /try it needs the address."""
    # Here, so that nothing of the console (accounts, forms) is loaded by who only wants the message path.
    from bot.console.shell import mount

    app = _bare(settings, puente)
    mount(app, puente)
    return app


class NamedParts(Request):
    """A request whose form has a name for each value.

    Werkzeug files a part of a multipart body that has none under None, and whoever sorts or searches the names breaks on it. No form
    of ours sends one. What a carrier posts is read by bot/channels/form.py.
    """

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if None in self.form or None in self.files:
            raise BadRequest


def _only_from_here() -> None:
    """In development nobody but this machine is answered, whatever name a web page gives it."""
    if request.host.rsplit(":", 1)[0] not in LOOPBACK:
        abort(403)


def _refused(error: ChannelError) -> Response:
    log.warning("request.refused", error=type(error).__name__)
    return Response(status=error.status)


def _failed(error: InternalServerError) -> Response:
    """A page that broke. Flask would write the whole traceback into the log."""
    cause = error.original_exception or error
    log.error("page.failed", error=type(cause).__name__, where=where_of(cause))
    return Response("Something broke here. It is not your fault; please try again.\n", 500, content_type="text/plain")


logging.getLogger("werkzeug").setLevel(logging.ERROR)
