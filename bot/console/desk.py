"""What the pages work with: the stores, under ``app.extensions["desk"]``. Built at the first page that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import current_app
from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine

from bot.mail import Mail, mail_for
from bot.settings import Settings
from bot.store.area_notices import AreaNotices
from bot.store.changes import Changes
from bot.store.console_key import ConsoleKey, console_key
from bot.store.console_sessions import ConsoleSessions
from bot.store.counting import Counting
from bot.store.desk_board import DeskBoard
from bot.store.desk_inbox import DeskInbox
from bot.store.desk_looking import DeskLooking
from bot.store.desk_organizations import DeskOrganizations
from bot.store.desk_shifts import DeskShifts
from bot.store.desk_talk import DeskTalk
from bot.store.desk_work import DeskWork
from bot.store.directory_editing import DirectoryEditing
from bot.store.directory_flags import DirectoryFlags
from bot.store.fact_checks import FactChecks
from bot.store.inbox_left import InboxLeft
from bot.store.interpreters import Interpreters
from bot.store.invitations import Invitations
from bot.store.key_store import open_key_store
from bot.store.keys import load_release_key
from bot.store.line_checks import LineChecks
from bot.store.message_templates import MessageTemplates
from bot.store.opened_late import OpenedLate
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.phrases import Phrases
from bot.store.recordings import Recordings
from bot.store.releases import Releases
from bot.store.second_factors import SecondFactors
from bot.store.tasks import Tasks
from bot.store.template_states import TemplateStates
from bot.store.text_notes import TextNotes
from bot.store.tries import Tries


class Desk(Struct, frozen=True):
    """The stores of the console, and ``puente``, the parts of the message path (bot.app.Puente)."""

    settings: Settings
    clock: Callable[[], float]
    engine: Engine
    redis: Redis
    key: ConsoleKey
    people: People
    sessions: ConsoleSessions
    invitations: Invitations
    second_factors: SecondFactors
    tries: Tries
    board: DeskBoard
    organizations: DeskOrganizations
    inbox: DeskInbox
    inbox_left: InboxLeft
    work: DeskWork
    shifts: DeskShifts
    talk: DeskTalk
    looking: DeskLooking
    interpreters: Interpreters
    templates: MessageTemplates
    template_states: TemplateStates
    phrases: Phrases
    releases: Releases
    changes: Changes
    recordings: Recordings
    text_notes: TextNotes
    directory: DirectoryEditing
    facts: FactChecks
    lines: LineChecks
    tasks: Tasks
    notices: AreaNotices
    mail: Mail | None
    puente: Any


def open_desk(puente: Any) -> Desk:
    """The stores over the connections that the message path has already. Raises a ``SetupError`` for a key file that is damaged."""
    settings, engine, redis, clock = puente.settings, puente.engine, puente.redis, puente.conversation.clock
    key, seals = console_key(settings.data_dir), load_release_key(settings.data_dir)
    people = People(engine, clock)
    # A key store that is missing or damaged is found out only by who needs it.
    keys = OpenedLate(lambda: open_key_store(settings))
    outbox = Outbox(engine, keys, clock)
    releases: Releases = puente.releases
    work = DeskWork(engine, keys, puente.escalations, outbox, puente.opt_outs, clock, settings.team_timezone)
    return Desk(
        settings=settings,
        clock=clock,
        engine=engine,
        redis=redis,
        key=key,
        people=people,
        sessions=ConsoleSessions(engine, clock),
        invitations=Invitations(engine, people, clock),
        second_factors=SecondFactors(engine, key.second_factor, clock),
        tries=Tries(redis, key.tries),
        board=DeskBoard(engine, redis, clock),
        organizations=DeskOrganizations(engine, clock),
        inbox=DeskInbox(engine, keys, clock),
        inbox_left=InboxLeft(engine),
        work=work,
        shifts=work,
        talk=DeskTalk(engine, keys, outbox, puente.opt_outs, clock, Counting(redis, clock).waited),
        looking=DeskLooking(redis, engine, clock),
        interpreters=Interpreters(engine, clock),
        templates=MessageTemplates(engine, clock),
        template_states=TemplateStates(engine, clock),
        releases=releases,
        changes=Changes(engine, releases, people, clock),
        text_notes=TextNotes(engine, clock),
        recordings=Recordings(engine, releases, people, clock, settings),
        phrases=Phrases(engine, clock),
        directory=DirectoryEditing(
            engine, seals, DirectoryFlags(engine, redis), clock, settings.team_timezone, lambda: puente.release.places
        ),
        facts=FactChecks(engine, releases, clock),
        lines=LineChecks(engine, releases, clock),
        tasks=Tasks(engine, clock),
        notices=AreaNotices(engine, redis, seals, clock),
        mail=mail_for(settings),
        puente=puente,
    )


def desk() -> Desk:
    """The desk of this app."""
    return cast(Desk, current_app.extensions["desk"])
