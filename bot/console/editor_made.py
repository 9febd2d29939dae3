"""What the pages of an answer are made with, taken from the desk; what is costly is read once."""

from __future__ import annotations

import functools

from bot.console.desk import desk
from bot.console.editor_checks import Rules
from bot.console.editor_page import Desk
from bot.console.editor_read import Reading
from bot.console.editor_steps import Teller
from bot.console.preview_phone import Samples
from bot.console.words import page_language, words
from bot.content import read_yaml
from bot.language import Language
from bot.message import Channel
from bot.scripts.accepted import FILE, read_accepted
from bot.scripts.longest import Near
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import REPOSITORY
from bot.wording.kiche import load_words
from bot.wording.render import Renderer


def made_for(reading: Reading) -> Desk:
    """For the page of this answer, in the language of the page."""
    settings = desk().settings
    return Desk(
        Teller(reading.release, Language(page_language()), words),
        _rules(),
        Samples(_near(reading.release), settings.send_draft_kiche, _reader),
        settings.sms_price,
    )


def _reader(release: Release, language: Language, channel: Channel) -> Renderer:
    return renderer(release, desk().settings, Session(language=language), channel, desk().clock())


@functools.cache
def _rules() -> Rules:
    kiche = load_words(REPOSITORY / "locales" / "quc" / "words.csv")
    path = REPOSITORY / FILE
    return Rules(kiche, read_accepted(read_yaml(path)) if path.is_file() else ())


_NEAR: dict[int, tuple[object, Near]] = {}


def _near(release: Release) -> Near:
    """Around which towns organizations are, found out once for each directory: it may be large."""
    name = id(release.directory)
    if name not in _NEAR:
        # The directory is held too, so that no other one gets its number.
        _NEAR.clear()
        _NEAR[name] = (release.directory, Near(release))
    return _NEAR[name][1]
