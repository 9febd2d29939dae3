"""What a turn's actions become on the way to the words: lists of organizations, texts to send on; and whose words they are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType

from bot.directory.nearest import nearest
from bot.directory.offer import local_day
from bot.directory.organizations import value_of
from bot.engine.actions import Action, Offer, Share, ShowNotices, ShowServices
from bot.engine.listed import RECORD
from bot.engine.place import from_token
from bot.engine.walk import PAGE
from bot.engine.who_writes import is_minor
from bot.language import Language
from bot.message import Channel, Reply
from bot.scripts.area_notice import AreaNotice, notices_for
from bot.scripts.fact import read_on
from bot.scripts.release import Release
from bot.scripts.said_fields import SaidFields
from bot.scripts.shown import name_of
from bot.session import Session
from bot.settings import Settings
from bot.wording.fields import mark_of, own_fields, shorter_fields
from bot.wording.performed import Announced, Listing, Named, Performed, Shared
from bot.wording.render import Renderer
from bot.wording.voice import Voice

NO_DESK: Mapping[str, str] = MappingProxyType({})


def told(
    release: Release,
    settings: Settings,
    session: Session,
    action: Action,
    now: float,
    notices: Callable[[], Iterable[AreaNotice]],
) -> Performed:
    """An action as the renderer takes it: a list with its organizations, an area with its notices, a text to send on with its day.

    ``now`` is in seconds since 1970; ``notices`` is asked only where they are to be read out.
    """
    match action:
        case Share():
            return _shared(release, action)
        case Offer(options=options) if options and options[0].startswith(RECORD):
            names = (name_of(release, option.removeprefix(RECORD), session.language) for option in options)
            return Named(action, tuple(names))
        case ShowServices():
            return _listing(release, settings, session, action, now)
        case ShowNotices(most=most, none=none):
            found = notices_for(notices(), from_token(session.place), now)[:most]
            return Announced(tuple((each, each.hours_left(now)) for each in found), none)
        case _:
            return action


def _shared(release: Release, action: Share) -> Shared:
    said = release.script.flows[action.flow]
    also = (sentence.fact for sentence in said.steps[action.step].also if sentence.fact)
    return Shared(action.flow, action.step, read_on(release.facts, (*said.facts, *also)))


def _listing(release: Release, settings: Settings, session: Session, action: ShowServices, now: float) -> Listing:
    """Who helps near her place, in the language that she speaks."""
    place, moment = from_token(session.place), datetime.fromtimestamp(now, UTC)
    if place is None:
        return Listing((), False, "", action.none, moment, action.advice)
    result = nearest(
        release.directory,
        place,
        action.kind,
        now=moment,
        language=session.language or Language(settings.default_language),
        government=action.government,
        skip=action.skip,
        limit=PAGE,
        unconfirmed=settings.send_unconfirmed_numbers,
    )
    return Listing(
        result.found,
        result.more,
        place.label,
        action.none,
        moment,
        action.advice,
        exhausted=action.skip > 0,
        near=result.near,
        far=result.far,
    )


def written(
    release: Release,
    settings: Settings,
    session: Session,
    channel: Channel,
    now: float,
    actions: Sequence[Performed],
    desk: Mapping[str, str] = NO_DESK,
) -> Reply:
    """The reply of ``renderer`` to this person; one that stands (bot/scripts/standing.py) is not written again."""
    whose = (
        # Apart: to whom no language is known some fields are said in Spanish, whatever the default is.
        session.language,
        settings.default_language,
        channel,
        is_minor(session),
        settings.service_owner,
        settings.production,
        settings.send_unconfirmed_numbers,
        settings.send_draft_kiche,
        settings.require_approval,
        settings.whatsapp_buttons,
        settings.public_base_url,
    )
    writer = partial(renderer, release, settings, session, channel, now, desk)
    return release.standing.reply(actions, whose, writer)


def renderer(
    release: Release,
    settings: Settings,
    session: Session,
    channel: Channel,
    now: float,
    desk: Mapping[str, str] = NO_DESK,
) -> Renderer:
    """Who writes the reply to this person: her language, her place, what holds at ``now`` (seconds since 1970).

    ``desk``: the values of ``$desk_...`` (bot/wording/desk.py), where there is a desk.
    """
    moment, place = datetime.fromtimestamp(now, UTC), from_token(session.place)
    language = session.language or Language(settings.default_language)
    unconfirmed, mark = settings.send_unconfirmed_numbers, mark_of(settings)
    gone = release.dated.gone(moment.date())
    own = own_fields(release.hotlines, settings, place, session.language, moment)
    fields = SaidFields(release, settings, gone, {**own, **desk})
    voice = Voice(
        texts=release.texts,
        language=language,
        gone=gone,
        fields=fields,
        shorter=shorter_fields(release.hotlines, settings, place, moment),
        drafts=settings.send_draft_kiche,
        unconfirmed=unconfirmed,
        mark=mark,
        stands=fields.stands,
        named=partial(value_of, release.directory.organizations, language, local_day(moment), unconfirmed, mark),
    )
    approved = release.approved if settings.require_approval else None
    return Renderer(
        release.script,
        voice,
        channel,
        approved,
        settings.public_base_url,
        release.recordings,
        child=is_minor(session),
        buttons=settings.whatsapp_buttons,
    )
