"""A pause: every message gets one notice in three languages, and the words for erasing and stopping go on acting. Pure.

The same form has what Twilio itself answers where nothing of us does.
"""

from __future__ import annotations

from msgspec import Struct

from bot.engine.flow import Script
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, STOPPED
from bot.intents.reserved import Word
from bot.language import Language
from bot.message import Channel, Reply
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.fields import shown
from bot.wording.gsm7 import fold_for_sms
from bot.wording.voice import Voice

# What a person asks of us about herself is done whether we answer questions or not.
GO_ON = frozenset({Word.CARRIER_STOP, Word.STOP, Word.ASK_STOP, Word.START, Word.ERASE})
MOST_SEGMENTS = 3
MOST_FALLBACK_SEGMENTS = 4


class Pause(Struct, frozen=True):
    """Since when, in unix seconds, and the id of the hotline (directory/hotlines.csv) that the notice names, if any."""

    since: float
    hotline: str | None = None


def goes_on(script: Script, session: Session, turn: Turn) -> bool:
    """Whether this message acts while paused: a word for erasing or stopping, the yes or no that one of them asked for,
    or what the carrier has answered already."""
    if turn.opt_out or (turn.reserved and turn.reserved.word in GO_ON):
        return True
    answered = turn.yes is not None or turn.number in (1, 2)
    return answered and _asks_to_confirm(script, session)


def _asks_to_confirm(script: Script, session: Session) -> bool:
    """Whether the person was asked if everything shall be erased, or if we shall stop."""
    spot = session.at
    step = script.step(spot.flow, spot.step) if spot else None
    if spot is None or step is None or step.yes_no is None:
        return False
    wiping = {name for name, each in script.flows[spot.flow].steps.items() if each.erase}
    stopping = {STOPPED.step} if spot.flow == NOTICES else set()
    return bool({target.step for target in step.yes_no} & (wiping | stopping))


def fallback_reply(release: Release, settings: Settings, hotline: str | None, now: float) -> Reply:
    """What Twilio answers by itself when we do not: to write again in some minutes, whom to call, in three languages.

    Nobody knows there who writes, nor on which channel: the letters are those of an SMS. As ``pause_reply`` else.
    """
    return _reply(release, settings, Channel.SMS, "degraded", hotline, now)


def pause_reply(release: Release, settings: Settings, channel: Channel, pause: Pause, now: float) -> Reply:
    """The notice: Spanish, English, and the K'iche' draft behind its mark. ``now`` is in unix seconds."""
    return _reply(release, settings, channel, "paused", pause.hotline, now)


def _reply(
    release: Release, settings: Settings, channel: Channel, notice: str, hotline: str | None, now: float
) -> Reply:
    line = release.hotlines.get(hotline or "")
    number = shown(line, settings) if line and line.sendable(settings.send_unconfirmed_numbers) else ""
    voices = {
        language: renderer(release, settings, Session(language=language), channel, now).voice for language in Language
    }
    return Reply((pause_text(release.script, voices, number, channel, notice),))


def pause_text(
    script: Script, voices: dict[Language, Voice], hotline: str, channel: Channel, notice: str = "paused"
) -> str:
    """The words of the notice in these voices; ``hotline`` is the number as it is sent, empty where none may be."""
    steps = script.flows[NOTICES].steps
    said, line, mark = (steps[name].say for name in (notice, "paused_line", "draft_mark"))
    parts = []
    for language in (Language.ES, Language.EN):
        voice = voices[language]
        parts.append(" ".join(part for part in (voice.say(said), voice.say(line, {"hotline": hotline})) if part))
    kiche = voices[Language.QUC]
    if kiche.is_native(said):
        parts.append(kiche.say(said))
    elif draft := kiche.draft(said):
        parts.append(f"{voices[Language.ES].say(mark)} {draft}")
    text = "\n".join(parts)
    return fold_for_sms(text) if channel is Channel.SMS else text
