"""What families get now, for the texts that others want to see of us: as SMS, in Spanish and English. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.engine.actions import Ask, Say
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.fields import owner_of
from bot.wording.render import NOTICES, Renderer

OWNER = "[name of your organization]"
CONTACT = "[phone or mail address of your organization]"


class Voices(Struct, frozen=True):
    """Who runs the service, in the form of both languages, and some answers as they go out.

    ``owner`` is SERVICE_OWNER, or a blank: whom the carriers ask about must have a name.
    """

    owner: str
    owner_es: str
    owner_en: str
    welcome: str
    started: str
    help_by_twilio: str
    first: str
    first_es: str
    help: str
    rights: str

    @property
    def samples(self) -> tuple[str, ...]:
        """Messages as the bot sends them."""
        return (self.first, self.first_es, self.help, self.rights)


def voices_of(release: Release, settings: Settings, now: float) -> Voices:
    """As ``Voices`` says, of this release. ``now`` is in unix seconds."""
    es, en = (
        renderer(release, settings, Session(language=language), Channel.SMS, now)
        for language in (Language.ES, Language.EN)
    )
    both = (es, en)
    return Voices(
        owner=settings.service_owner or OWNER,
        owner_es=owner_of(settings, Language.ES),
        owner_en=owner_of(settings, Language.EN),
        welcome=_said((en,), "welcome_line"),
        started=_said(both, "started_again"),
        # Without the menu of Puente's own help: Puente does not hear a digit that answers Twilio.
        help_by_twilio=f"{_said(both, 'welcome_line')}\n{CONTACT}",
        first=_whole(en, "greet", "first"),
        first_es=_whole(es, "greet", "first"),
        help=_whole(en, NOTICES, "help_word"),
        rights=_whole(en, "home_visit", "first"),
    )


def _said(voices: Sequence[Renderer], notice: str) -> str:
    return "\n".join(text for voice in voices for text in voice.reply([Say(NOTICES, notice)]).texts)


def _whole(voice: Renderer, flow: str, step: str) -> str:
    """A step with its menu."""
    return "\n".join(voice.reply([Say(flow, step), Ask(flow, step)]).texts)
