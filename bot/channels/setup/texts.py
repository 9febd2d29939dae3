"""The texts that a person pastes at Twilio: made of the words that the bot knows and of what families get now. Pure.

What only the organization knows stands in square brackets. Nobody has approved any of it, and it says so.
"""

from __future__ import annotations

from bot.channels.setup.texts_registration import registration, toll_free
from bot.channels.setup.voices import Voices, voices_of
from bot.intents.reserved import CARRIER_HELP, CARRIER_START, CARRIER_STOP, Word, words_for
from bot.scripts.release import Release
from bot.settings import Settings
from bot.wording.gsm7 import fold_for_sms, segments

HEAD = """Texts to paste at Twilio. Drafts: nobody has approved them. Read them with whoever answers for the organization, and
with counsel where it is about the law. What stands in [...] only you know: leave no bracket in what you paste.
Menus of the console get new names: its search finds what is called otherwise by now.
"""
NO_OWNER = "SERVICE_OWNER is not set: set it first, and these texts and the answers say who you are.\n"
_STOPPED = (
    "Puente, de {es}: listo, ya no le llega nada de este número, tampoco respuestas. Para que le volvamos a contestar, escriba START"
    " o {start}.\nPuente, of {en}: done, nothing more comes from this number, not even answers. To be answered again: START."
)
"""Not in the flows: the bot never says it. There a STOP leaves it answering; on SMS Twilio then stops every message of ours."""


def texts_to_paste(release: Release, settings: Settings, now: float) -> str:
    """All of them, each with its place in Twilio's console. ``now`` is in unix seconds."""
    voices = voices_of(release, settings, now)
    parts = [_opt_out(voices), FALLBACK, KEPT, registration(voices), toll_free(voices)]
    return "\n".join([HEAD, *([] if settings.service_owner else [NO_OWNER]), *parts])


FALLBACK = """== TwiML Bin: what Twilio answers when all of ours is down
Place: Twilio's console, TwiML Bins, Create.

  The text: flask --app webhook twilio fallback --hotline ID
  Its address, which Twilio shows when it is made: flask --app webhook twilio setup --apply --fallback URL
  Do it again when the words or the line change: Twilio cannot know.
"""
KEPT = """== What Twilio keeps
Place: Twilio's console, Messaging, Settings, General.

  Redaction: off. It takes the words or numbers out of Twilio's log, and with them what Twilio needs to handle STOP (its
  warning 23002). Puente deletes at Twilio instead, with TWILIO_API_KEY: hourly what is older than a day, and at BORRAR.
  Days in the log, archive: as few as can be set, and no archive.
"""


def _opt_out(voices: Voices) -> str:
    """Advanced Opt-Out. The carrier's words stop everything; those of Puente must come through to the bot."""
    start = (*sorted(CARRIER_START), *(word for word in words_for(Word.START) if " " not in word))
    ours = words_for(Word.STOP, Word.ASK_STOP, Word.ERASE, Word.EXIT, Word.HELP, Word.MENU)
    never = [word for word in ours if " " not in word]
    spoken = {"es": voices.owner_es, "en": voices.owner_en, "start": words_for(Word.START)[0].upper()}
    stopped = fold_for_sms(_STOPPED.format(**spoken))
    return f"""== Advanced Opt-Out
Place: Twilio's console, Messaging, Services, your service, Opt-Out Management. (Not for toll-free numbers: there the
carriers' own words and replies hold.) It is worth having for two things: Twilio answers in Spanish too, and whoever wrote
STOP comes back with a Spanish word.

  Words for opting out: {_listed(sorted(CARRIER_STOP))}
  Reply ({_parts(stopped)}):
{_quoted(stopped)}

  Words for opting in: {_listed(start)}
    YES is not among them: it answers questions of Puente.
  Reply ({_parts(voices.started)}):
{_quoted(voices.started)}

  Words for help: none, if the console lets you; then Puente answers HELP itself, beginning with danger. Else:
    {_listed(sorted(CARRIER_HELP))}
  Reply ({_parts(voices.help_by_twilio)}):
{_quoted(voices.help_by_twilio)}

  Never add to the words for opting out or for help: {_listed(never)}.
    They are Puente's. Whoever writes ALTO still gets answers; added here, Twilio would stop even those about danger.
"""


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(word.upper() for word in words)


def _quoted(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _parts(text: str) -> str:
    return f"{segments(text)} SMS parts"
