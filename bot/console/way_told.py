"""The words of the way through an answer: what a step does, on what a branch depends. Values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.console.words import Phrase, phrase
from bot.engine.flow import Step

DOES: tuple[tuple[Callable[[Step], object], Phrase], ...] = (
    (lambda step: step.escalate, phrase("way.does-escalate", "(hands over to a person of the team)")),
    (lambda step: step.services, phrase("way.does-services", "(shows the organizations that are near)")),
    (lambda step: step.area_notices, phrase("way.does-notices", "(reads out what is confirmed for the area)")),
    (lambda step: step.erase, phrase("way.does-erase", "(erases what is kept about the person)")),
    (lambda step: step.keep, phrase("way.does-keep", "(keeps the question, as they agreed)")),
    (lambda step: step.language, phrase("way.does-language", "(changes the language)")),
    (lambda step: step.needs, phrase("way.does-needs", "(notes for which language an interpreter is needed)")),
    (lambda step: step.ask == "place", phrase("way.does-place", "(waits for a place)")),
    (lambda step: step.branch, phrase("way.does-branch", "(the bot chooses the way by itself)")),
    (lambda step: True, phrase("way.does-nothing", "(says nothing by itself)")),
)
"""What a step without words does; the first that fits."""

CONDITIONS: Mapping[str, Phrase] = {
    "has place": phrase("way.if-place", "if their place is known"),
    "country": phrase("way.if-country", "if they are in %(value)s"),
    "language": phrase("way.if-language", "if they write %(value)s"),
    "channel": phrase("way.if-channel", "if it is %(value)s"),
    "desk answers": phrase("way.if-desk", "if somebody of the team answers"),
    "bad day": phrase("way.if-bad-day", "if it is a bad day"),
    "with a person": phrase("way.if-person", "if the team has their conversation already"),
    "a child writes": phrase("way.if-child", "if a child writes"),
    "cannot wait": phrase("way.if-urgent", "if it cannot wait"),
}
"""What a branch asks. A condition that is missing here fails a test."""

VALUES: Mapping[str, Phrase] = {
    "US": phrase("way.us", "the United States"),
    "MX": phrase("way.mx", "Mexico"),
    "GT": phrase("way.gt", "Guatemala"),
    "HN": phrase("way.hn", "Honduras"),
    "SV": phrase("way.sv", "El Salvador"),
    "sms": phrase("way.sms", "SMS"),
    "whatsapp": phrase("way.whatsapp", "WhatsApp"),
}
"""What a branch compares with, where it is no language."""
