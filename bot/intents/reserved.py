"""Words that always mean the same, whatever the flow waits for. They need no model. Pure.

Only a message that is nothing but the word counts: ``AYUDA`` alone is help, ``AYUDA me pega`` is a message.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.intents.words import Words
from bot.language import Language
from bot.message import Channel


class Word(StrEnum):
    """What a reserved word asks for."""

    CARRIER_STOP = "carrier_stop"
    STOP = "stop"
    ASK_STOP = "ask_stop"
    START = "start"
    HELP = "help"
    MENU = "menu"
    EXIT = "exit"
    ERASE = "erase"
    MORE = "more"
    SHARE = "share"
    NOTICES = "notices"
    KNOWN = "known"
    LANGUAGE = "language"


class Reserved(Struct, frozen=True):
    """A reserved word that was understood, and the language that it shows (or asks for)."""

    word: Word
    language: Language | None = None


# Twilio's default keywords on SMS: it has answered and blocks us (twilio.com, "default behavior", read 2026-11-23).
CARRIER_STOP = frozenset("stop stopall unsubscribe end quit cancel revoke optout".split())
CARRIER_START = frozenset("start unstop".split())
CARRIER_HELP = frozenset("help info".split())
# Twilio's; listed so that no menu of ours uses them.
CARRIER_WORDS = CARRIER_STOP | CARRIER_START | CARRIER_HELP | {"yes"}

_ES, _EN, _QUC = Language.ES, Language.EN, Language.QUC

_OURS: dict[str, Reserved] = {
    "alto": Reserved(Word.STOP, _ES),
    "parar": Reserved(Word.STOP, _ES),
    "no mas": Reserved(Word.STOP, _ES),
    "no mas mensajes": Reserved(Word.STOP, _ES),
    "ya no me escriban": Reserved(Word.STOP, _ES),
    "no me escriban": Reserved(Word.STOP, _ES),
    "no me escriban mas": Reserved(Word.STOP, _ES),
    "dejen de escribirme": Reserved(Word.STOP, _ES),
    "stop texting me": Reserved(Word.STOP, _EN),
    "no more messages": Reserved(Word.STOP, _EN),
    "opt out": Reserved(Word.STOP, _EN),
    "baja": Reserved(Word.ASK_STOP, _ES),
    "cancelar": Reserved(Word.ASK_STOP, _ES),
    "iniciar": Reserved(Word.START, _ES),
    "alta": Reserved(Word.START, _ES),
    "ayuda": Reserved(Word.HELP, _ES),
    "menu": Reserved(Word.MENU),
    "inicio": Reserved(Word.MENU, _ES),
    "salir": Reserved(Word.EXIT, _ES),
    "exit": Reserved(Word.EXIT, _EN),
    "borrar": Reserved(Word.ERASE, _ES),
    "borrar todo": Reserved(Word.ERASE, _ES),
    "delete": Reserved(Word.ERASE, _EN),
    # "Delete" as K'iche' speakers' phones show it (Mozilla's localisation); no speaker has confirmed it here.
    "chachupu": Reserved(Word.ERASE, _QUC),
    "mas": Reserved(Word.MORE, _ES),
    "more": Reserved(Word.MORE, _EN),
    "nikaj chik": Reserved(Word.MORE, _QUC),
    "compartir": Reserved(Word.SHARE, _ES),
    "reenviar": Reserved(Word.SHARE, _ES),
    "share": Reserved(Word.SHARE, _EN),
    "aviso": Reserved(Word.NOTICES, _ES),
    "avisos": Reserved(Word.NOTICES, _ES),
    "notices": Reserved(Word.NOTICES, _EN),
    "alerts": Reserved(Word.NOTICES, _EN),
    **{
        f"que {verb}{whom}": Reserved(Word.KNOWN, _ES)
        for verb in ("sabe", "saben", "sabes", "guarda", "guardan", "tienen guardado")
        for whom in ("", " de mi", " sobre mi", " acerca de mi")
    },
    "que tienen de mi": Reserved(Word.KNOWN, _ES),
    "que datos tienen de mi": Reserved(Word.KNOWN, _ES),
    "que datos guardan de mi": Reserved(Word.KNOWN, _ES),
    "que informacion tienen de mi": Reserved(Word.KNOWN, _ES),
    "que informacion guardan de mi": Reserved(Word.KNOWN, _ES),
    **{
        f"what do you {verb}{whom}": Reserved(Word.KNOWN, _EN)
        for verb in ("know", "keep", "store")
        for whom in ("", " about me", " on me")
    },
    "what do you have on me": Reserved(Word.KNOWN, _EN),
    "what data do you have about me": Reserved(Word.KNOWN, _EN),
    "what data do you have on me": Reserved(Word.KNOWN, _EN),
    "what data do you keep about me": Reserved(Word.KNOWN, _EN),
    "what information do you have about me": Reserved(Word.KNOWN, _EN),
    "what information do you keep about me": Reserved(Word.KNOWN, _EN),
    "espanol": Reserved(Word.LANGUAGE, _ES),
    "castellano": Reserved(Word.LANGUAGE, _ES),
    "en espanol": Reserved(Word.LANGUAGE, _ES),
    "spanish": Reserved(Word.LANGUAGE, _ES),
    "english": Reserved(Word.LANGUAGE, _EN),
    "ingles": Reserved(Word.LANGUAGE, _EN),
    "en ingles": Reserved(Word.LANGUAGE, _EN),
    "in english": Reserved(Word.LANGUAGE, _EN),
    "kiche": Reserved(Word.LANGUAGE, _QUC),
    "quiche": Reserved(Word.LANGUAGE, _QUC),
    "kichee": Reserved(Word.LANGUAGE, _QUC),
    "pa kiche": Reserved(Word.LANGUAGE, _QUC),
    "qachabal": Reserved(Word.LANGUAGE, _QUC),
}


def words_for(*asked: Word) -> tuple[str, ...]:
    """Our own words for these, those of one word first, in their order; not the carrier's."""
    return tuple(sorted((text for text, meant in _OURS.items() if meant.word in asked), key=lambda text: " " in text))


def reserved(text: str, channel: Channel) -> Reserved | None:
    """Like ``reserved_word``, of a text that nobody has folded yet."""
    return reserved_word(Words.of(text), channel)


def reserved_word(said: Words, channel: Channel) -> Reserved | None:
    """The reserved word that this message is, or None.

    On SMS the carrier's own stop words count as ``CARRIER_STOP`` only as the carrier reads them: one word, nothing around it.
    """
    exact = said.text.strip().casefold()
    if exact in CARRIER_STOP:
        return Reserved(Word.CARRIER_STOP if channel is Channel.SMS else Word.STOP)
    word = said.bare
    # The carrier's words are English everywhere: they tell nothing about the person's language.
    if word in CARRIER_STOP:
        return Reserved(Word.STOP)
    if word in CARRIER_START:
        return Reserved(Word.START)
    if word in CARRIER_HELP:
        return Reserved(Word.HELP)
    return _OURS.get(word)
