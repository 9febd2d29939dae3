"""No answer costs a family more than it may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.walk import NOTICES
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import Answer
from bot.scripts.finding import Finding, error
from bot.scripts.lengths import too_long
from bot.scripts.longest import longest_voice
from bot.scripts.pause import MOST_FALLBACK_SEGMENTS, MOST_SEGMENTS, pause_text
from bot.scripts.release import Release
from bot.scripts.texts import flow_file
from bot.wording.gsm7 import segments

TOO_LONG = error(
    "answer too long",
    "each segment costs money here and on some family plans, and a long SMS arrives in pieces",
    "Shorten it, or move what can wait to another step",
)

PAUSE_TOO_LONG = error(
    "pause notice too long",
    "it goes out to everybody who writes, in three languages at once, while paused or, at Twilio, while nothing works",
    "Shorten that notice in one of the languages",
)


def check_pause(release: Release) -> Iterator[Finding]:
    """The notice of a pause, and what Twilio answers by itself: three languages and the longest hotline in one SMS."""
    steps = release.script.flows[NOTICES].steps if NOTICES in release.script.flows else {}
    if not {"paused_line", "draft_mark"} <= set(steps):
        return
    voices = {language: longest_voice(release, language, Channel.SMS) for language in Language}
    hotline = voices[Language.ES].fields["hotline"]
    for notice, most in (("paused", MOST_SEGMENTS), ("degraded", MOST_FALLBACK_SEGMENTS)):
        if notice not in steps:
            continue
        text = pause_text(release.script, voices, hotline, Channel.SMS, notice)
        if (count := segments(text)) > most:
            problem = f"{count} SMS segments ({len(text)} characters), {most} at most"
            yield PAUSE_TOO_LONG.broken("flows/conversation/notices.yml", f"{NOTICES}.{notice}", problem)


def check_costs(answers: Sequence[Answer]) -> Iterator[Finding]:
    """Every answer on every channel, with the longest values that really occur."""
    for answer in answers:
        if problem := too_long(answer):
            part = f" ({answer.part})" if answer.part else ""
            file = flow_file(answer.flow)
            yield TOO_LONG.broken(file, answer.where, f"{problem}{part}", language=answer.language, said=answer.part)
