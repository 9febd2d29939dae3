"""What happened to a conversation, in the words of its thread. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.spans import Words
from bot.escalation.escalation import Resolution, Said, alias_of
from bot.escalation.happened import Happened


def system_words(words: Words, said: Said, organizations: Mapping[str, str]) -> str:
    """The sentence for a message by ``Author.SYSTEM``; its text as it stands where it is of another version.

    ``organizations``: names by ids.
    """
    beside = said.beside
    name = str(beside.get("name") or words("thread.staff", "Staff"))
    to = organizations.get(str(beside.get("to")), str(beside.get("to", "")))
    match said.text:
        case Happened.CLAIMED:
            return words("happened.claimed", "%(name)s took the conversation. The bot is paused.", name=name)
        case Happened.RELEASED:
            return _released(words, str(beside.get("why")), name)
        case Happened.ASKED_TO_PASS:
            return words("happened.asked-to-pass", "The person is asked whether %(to)s may take over.", to=to)
        case Happened.PASSED:
            return words("happened.passed", "It went to %(to)s: the person agreed.", to=to)
        case Happened.HANDED_BACK:
            return words("happened.handed-back", "%(name)s handed it back to the bot.", name=name)
        case Happened.RESOLVED:
            why = resolution_words(words, str(beside.get("resolution")))
            return words("happened.resolved", "%(name)s resolved it: %(why)s.", name=name, why=why)
        case Happened.JOINED:
            other = str(beside.get("alias") or alias_of(str(beside.get("other", ""))))
            return words("happened.joined", "Joined with Person %(alias)s: one family.", alias=other)
        case Happened.SEPARATED:
            other = str(beside.get("alias") or alias_of(str(beside.get("other", ""))))
            return words(
                "happened.separated",
                "%(name)s separated it from Person %(alias)s: not one family.",
                name=name,
                alias=other,
            )
        case Happened.UNDELIVERED:
            return words("happened.undelivered", "A message has not gone out for two days.")
    return said.text


def _released(words: Words, why: str, name: str) -> str:
    match why:
        case "shift":
            return words("happened.released-shift", "%(name)s ended the shift. It is back in line.", name=name)
        case "handed_over":
            return words("happened.released-over", "%(name)s handed over the shift. It is back in line.", name=name)
    return words("happened.released-stale", "45 minutes without a message of staff. It is back in line.")


def resolution_words(words: Words, resolution: str) -> str:
    """How it ended."""
    return resolutions(words).get(resolution, resolution)


def resolutions(words: Words) -> dict[str, str]:
    """Every way in which it can end, in the order of the list."""
    return {
        Resolution.INFORMED.value: words("resolution.informed", "information given"),
        Resolution.REFERRED.value: words("resolution.referred", "sent to an organization"),
        Resolution.NO_ANSWER.value: words("resolution.no-answer", "the person did not answer"),
        Resolution.TEST.value: words("resolution.test", "a test"),
        Resolution.OTHER.value: words("resolution.other", "something else"),
    }
