"""What a seizure would reveal, in words that a lawyer can read: for each table, entry of Redis and file. Pure.

The reading of the stores is in bot/store/holdings.py. Something that is kept and has no words here fails a test, as it does
in ``flask --app webhook privacy report``, which names it as not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType

from msgspec import Struct

from bot.privacy import RETENTION


class Place(StrEnum):
    """Where something lies."""

    TABLE = "table"
    KEY_STORE = "key store"
    FILE = "file"
    REDIS = "redis"


class Words(Struct, frozen=True):
    """What one thing tells of a family. ``disk``: to who has the disk alone. ``keys``: what more, to who has the key files, or
    key store and master key, beside it. ``memory``: to who copies the memory of the running machine. Empty: nothing."""

    until: str
    disk: str = ""
    keys: str = ""
    memory: str = ""


class Holding(Struct, frozen=True):
    """One thing as it is now. ``count`` is rows, entries or files, None when nobody could look; times are unix seconds."""

    place: Place
    name: str
    count: int | None
    oldest: float | None = None
    newest: float | None = None


class Figures(Struct, frozen=True):
    """The summary. None where a store did not answer: it is never taken for nought.

    ``numbers`` and ``texts``: phone numbers, and messages of escalations, that can be read with key store and master key.
    ``tried_on_disk``: codes of phones that are found by trying all numbers with the lasting keys (opt-outs, marked phones);
    ``tried_in_memory``: codes of people under the day keys. ``numbers_in_memory``: numbers of people whose erasing is not
    finished. ``replies``: people of whom our own answers stand in memory, ``towns``: those of whom a town or ZIP does.
    """

    numbers: int | None
    texts: int | None
    tried_on_disk: int | None
    tried_in_memory: int | None
    numbers_in_memory: int | None
    replies: int | None
    towns: int | None


class Revealed(Struct, frozen=True):
    """All of it. ``down`` names the stores that did not answer, ``unknown`` what no words here describe, ``saved_to_disk``
    whether Redis writes its memory to a disk (None: it does not tell), ``carrier`` what is said about Twilio, ``where`` in
    which place each store lies."""

    at: float
    figures: Figures
    holdings: tuple[Holding, ...]
    down: tuple[str, ...] = ()
    saved_to_disk: bool | None = False
    carrier: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    unknown: Mapping[str, int] = {}


def _days(name: str) -> str:
    time = RETENTION[name]
    return f"{time.days} days" if time.days > 1 else f"{int(time.total_seconds() // 3600)} hours"


_ALWAYS = "always"
_CLOSED = (
    f"{_days('closed escalation')} after it is closed, {_days('escalation')} after it was opened at most; BORRAR ends it at "
    "once; a hold of counsel keeps it"
)
_TRIED = "With DATA_DIR/keys/opt_out beside it every phone number can be tried, in hours: then it shows which phones"
_MIRRORED = "As the table of the same matter, in memory."
_OF_A_DAY = (
    "With the day keys, which are in the same memory, every phone number can be tried, in hours: then it shows whose"
)

_REMOVED = "staff take the record out of the directory"
_PUBLIC = "Nothing about a family."
_OF_STAFF = f"{_PUBLIC} It names staff, by number."
_DIRECTORY = {
    "organization": "The organizations of the directory.",
    "service": "What they offer, and which of the staff confirmed it.",
    "location": "Where they are.",
    "address": "Their addresses.",
    "service_at_location": "What is offered where.",
    "phone": "Their phone numbers, and which of the staff called them.",
    "schedule": "Their hours.",
    "language": "The languages in which they answer.",
    "service_area": "For which area they are there.",
    "cost_option": "What they cost.",
    "required_document": "Which papers they ask for.",
    "taxonomy_term": "The kinds of help.",
    "attribute": "Which service is which kind of help.",
    "exclusion": "For whom they are not, and where no family is sent.",
    "closure": "When they are closed.",
}

TABLES: Mapping[str, Words] = MappingProxyType(
    {
        "opt_outs": Words(
            until="the person writes START or INICIAR",
            disk="That so many phones asked us to stop, by SMS or WhatsApp, and when. Not which: a code cannot be turned back.",
            keys=f"{_TRIED} asked us to stop.",
        ),
        "shared_phones": Words(
            until=f"{_days('shared phone')} after the mark",
            disk="That staff marked so many phones as used by many people, such as a shelter's. Not which.",
            keys=f"{_TRIED} are a shelter's.",
        ),
        "escalations": Words(
            until=f"{_CLOSED}; a row without the number stays {_days('tombstone')} more",
            disk="That so many people asked for a person of the organization, by SMS or WhatsApp, when, how urgent it was, which "
            "organization and which of the staff had it, when both sides last wrote, how it ended, when it was closed or erased, "
            "and for whose counsel one is held. Not who: the number is sealed. Nor about what: topic, language and town are too.",
            keys="With the key store and the master key: the phone numbers, and topic, language, town or state of each.",
        ),
        "escalation_messages": Words(
            until=_CLOSED,
            disk="When family, bot and staff wrote in those conversations, which of the staff, and how long the texts are. Not the "
            "texts: they are sealed.",
            keys="With the key store and the master key: the texts, notes of staff among them.",
        ),
        "outbox": Words(
            until=_CLOSED,
            disk="When each answer of staff was sent and whether it arrived, and until a day after that Twilio's name for it. Neither "
            "text nor number.",
            keys="Nothing more than the tables above: the text stands there. With Twilio's account the name leads to the message.",
        ),
        "phrases": Words(
            until=f"the quarter after theirs is over; {_days('agreed phrase')} at most, where a family agreed to keep them",
            disk="Sentences that the bot took for something else, and others that the model may learn from, in plain: without names "
            "and numbers, as far as staff saw them; what they are about, and which of the staff said so. Questions too that "
            "somebody agreed to keep: only words that many people use. Of nobody, without a day; only the quarter, of the "
            "last ones the week.",
            keys="Nothing more.",
        ),
        "erasures": Words(
            until=f"the erasing is finished, {_days('unfinished erasing')} at most",
            disk="That so many people asked to be erased while a part was down, and when. Not who: the number is sealed.",
            keys="With the key store and the master key: the phone numbers.",
        ),
        "audit": Words(
            until=_days("audit"),
            disk="Which of the staff did what with which conversation, by its ID, and when: opened, seen, answered, closed. No "
            "number, no text. It names staff.",
        ),
        "users": Words(
            until="nothing ends it",
            disk="Who of volunteers and staff may log in: name, mail address, organization, roles, when last seen, since when on "
            "duty; passwords only as hashes. Nothing about a family. It names staff.",
        ),
        "console_sessions": Words(
            until=f"logging out, {_days('console session')} at most",
            disk="Which of the staff are logged in, and since when. Nothing about a family. It names staff.",
        ),
        "invitations": Words(
            until=f"they are taken, {_days('invitation')} at most",
            disk="Who was invited: name, mail address, roles. Nothing about a family. It names staff.",
        ),
        "interpreters": Words(
            until="staff take them off",
            disk="Who interprets for the desk: name, language, town whose speech it is, how to reach them. Nothing about a family. "
            "It names staff.",
        ),
        "directory_contacts": Words(
            until="staff take them off",
            disk="Whom volunteers reach at the organizations of the directory: names, numbers. Nothing about a family. "
            "It names people of the organizations, and who wrote it down.",
        ),
        "desk_organizations": Words(
            until="staff take them off",
            disk=f"The organizations that answer, their hours, places and topics. {_PUBLIC}",
        ),
        "desk_agreements": Words(
            until="staff end them", disk=f"Which organization may read whose conversations. {_PUBLIC}"
        ),
        "message_templates": Words(
            until="staff take them off", disk=f"The texts that WhatsApp has approved for everybody. {_PUBLIC}"
        ),
        "area_notices": Words(
            until=f"{_days('area notice')} after its end",
            disk="What a coordinator published for an area. Nothing about a family. It names staff and sources.",
        ),
        "topic_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How often a topic was asked about in a week, by language and channel; fewer than five stand as 'other'.",
        ),
        "place_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How often a kind of help was looked for in a state in a week; fewer than five stand as 'other'.",
        ),
        "gap_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How often a kind of help was looked for in a state in a week and nothing near was there; fewer than five stand "
            "as 'other'.",
        ),
        "turn_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How questions ended in a week (answered, asked back, not understood, to a person), by language; fewer than five "
            "stand as 'other'.",
        ),
        "sms_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How many SMS of one, two or more parts went out in a week, by language; fewer than five stand as 'other'.",
        ),
        "wait_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How long families waited for an answer of staff in a week, in six steps, by language; fewer than five stand as 'other'.",
        ),
        "failure_counts": Words(
            until=f"13 months ({_days('counts')})",
            disk="How many messages did not arrive in a week, by the kind of reason and channel; fewer than five stand as 'other'.",
        ),
        "directory_flags": Words(
            until=f"the record is confirmed or changed, {_days('counts')} at most",
            disk="How often families wrote in a week that a number or service of the directory does not work. Not who.",
        ),
        **{f"hsds_{name}": Words(until=_REMOVED, disk=f"{what} {_PUBLIC}") for name, what in _DIRECTORY.items()},
        "hsds_history": Words(
            until=_days("directory history"),
            disk="Which of the staff changed what in the directory, and when. Nothing about a family. It names staff.",
        ),
        "content_files": Words(until=_ALWAYS, disk=f"The texts and recordings of the answers. {_PUBLIC}"),
        "releases": Words(until=_ALWAYS, disk=f"What was published when, and by whom. {_OF_STAFF}"),
        "withdrawals": Words(until=_ALWAYS, disk=f"Which answers were taken back, when, by whom and why. {_OF_STAFF}"),
        "changes": Words(until=_ALWAYS, disk=f"Which answers were changed by whom, and what was remarked. {_OF_STAFF}"),
        "change_texts": Words(until=_ALWAYS, disk=f"The changed texts, and who wrote them. {_OF_STAFF}"),
        "change_hands": Words(until=_ALWAYS, disk=f"Who wrote on which change. {_OF_STAFF}"),
        "autosaves": Words(
            until=f"it is saved, {_days('unsaved text')} at most",
            disk=f"Texts of answers that somebody typed and did not save. {_OF_STAFF}",
        ),
        "kept_tests": Words(
            until="staff take them out",
            disk=f"Conversations that volunteers made up to try the answers. {_OF_STAFF}",
        ),
        "tasks_taken": Words(
            until=f"{_days('task')} after they are over", disk=f"Who took which task, and what came of it. {_OF_STAFF}"
        ),
        "fact_checks": Words(
            until=_ALWAYS, disk=f"Who looked when whether a fact is still true, who called a line. {_OF_STAFF}"
        ),
        "text_notes": Words(until=_ALWAYS, disk=f"What volunteers noted about texts of answers. {_OF_STAFF}"),
        "recordings": Words(
            until="staff put another in its place",
            disk=f"Which answers were read aloud, and by whom they were put in. The voices are in content_files. {_OF_STAFF}",
        ),
        "meta": Words(until=_ALWAYS, disk="Facts about the installation. Nothing about a family."),
        "alembic_version": Words(until=_ALWAYS, disk="The version of the tables."),
    }
)

KEY_STORE: Mapping[str, Words] = MappingProxyType(
    {
        "keys": Words(
            until="what it opens is erased; a key that no row names, one day",
            disk="How many keys there are. Each is wrapped: without the master key it opens nothing.",
            keys="With the master key they open the numbers and texts of the tables above. No backup may hold this store.",
        ),
        "master_keys": Words(until="a rotation that needs it no more", disk="The names of the master keys. No key."),
    }
)

REDIS: Mapping[str, Words] = MappingProxyType(
    {
        "{????}:session:*": Words(
            until="24 hours after the last message, and 15 minutes at most; BORRAR ends it at once",
            memory="Language (also one that is not spoken here, where a person said which is hers), topic, step, whether a child writes "
            "or somebody for another, whether one gave a question to keep (not which) and, "
            "where it was told, town or ZIP of one person, which organizations she was shown "
            f"last and of which she said that the number fails (short codes), and when she last wrote. No text, no number. {_OF_A_DAY}.",
        ),
        "{????}:replies:*": Words(
            until="24 hours, and 15 minutes at most; BORRAR empties it at once and leaves codes and times",
            memory=f"The texts that we sent to one person in a day, and when. {_OF_A_DAY}.",
        ),
        "{????}:esc:*": Words(
            until="the escalation is closed or erased",
            memory=f"That a person has an escalation open, and which. {_OF_A_DAY}.",
        ),
        "{????}:esc-all:*": Words(
            until="the escalation is erased", memory=f"Which escalations of a person are not erased yet. {_OF_A_DAY}."
        ),
        "{????}:lock": Words(
            until="seconds", memory="That somebody is being answered now. No name; 14 bits of a code."
        ),
        "{????}:fence": Words(until="seconds", memory="The same."),
        "{????}:queue": Words(until="seconds", memory="The same."),
        "{????}:seen": Words(until="seconds", memory="The same."),
        "{escalations}:whole": Words(until="2 days", memory="That the entries of escalations are complete. No name."),
        "{optouts}": Words(until="as the table", memory=f"{_MIRRORED} {_TRIED} asked us to stop."),
        "{optouts}:next": Words(until="seconds", memory=_MIRRORED),
        "{optouts}:pending": Words(until="the database answers again", memory=f"{_MIRRORED} Wishes that wait for it."),
        "{sharedphones}": Words(until="as the table", memory=f"{_MIRRORED} {_TRIED} are a shelter's."),
        "{sharedphones}:next": Words(until="seconds", memory=_MIRRORED),
        "{desk}": Words(
            until="2 days, written again while the worker runs",
            memory="Which organizations answer at the desk and when, and whether it is a bad day. Nothing about a family.",
        ),
        "{desk}:looking:*": Words(
            until="seconds",
            memory="Which of the staff has which conversation open, by its ID, and whether she is writing. No number and no text.",
        ),
        "{areanotices}": Words(
            until="2 days", memory="The notices that coordinators published. Nothing about a family."
        ),
        "{menus}": Words(
            until="2 days, written again while the worker runs",
            memory="Which menus of the answers Twilio holds as buttons, where they are on. Nothing about a family.",
        ),
        "{menus}:errand:*": Words(
            until="2 seconds, 5 at most",
            memory="Where buttons are on: the phone number of somebody who is being answered at this moment on WhatsApp, and which "
            "menu goes to her, sealed under a day key, which is in the same memory. So it can be read there.",
        ),
        "{menus}:asked": Words(until="seconds", memory="That menus are on their way. Numbers by chance, nothing about a family."),
        "{menus}:done:*": Words(until="10 seconds", memory="That a menu was taken, or why not. Nothing about a family."),
        "{menus}:ready": Words(until="15 seconds", memory="That the worker is there."),
        "{menus}:rest": Words(until="10 minutes", memory="That buttons did not arrive. It does not say whose."),
        "{pause}": Words(until="2 days, written again while the worker runs", memory="Whether the service is paused."),
        "{erasures}": Words(
            until="the erasing is finished, here and at Twilio; a day where only Twilio's copy waits, 14 days at most",
            memory="People who asked to be erased, while that is not finished: the phone number, sealed under a day key, which is "
            "in the same memory. So these numbers can be read there.",
        ),
        "copies:last": Words(
            until="the next hour", memory="How many messages the last sweep deleted at Twilio. No name."
        ),
        "copies:refused": Words(
            until="a day",
            memory="Which messages Twilio would not delete yet, by a code of the day. It leads to a message at "
            "Twilio only with Twilio's own list.",
        ),
        "{purge}:unnamed": Words(until="a day", memory="Names of keys that no row names. Nothing about a family."),
        "day:*": Words(
            until=f"{_days('day key')}: deleted at the first message or round of the worker after that, 4 days at most",
            memory="The key of a day (UTC). It is what ties the codes of that day to phone numbers, by trying them all.",
        ),
        "counts:topic:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How often a topic was asked about this week, also fewer than five. No code of a person.",
        ),
        "counts:place:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How often a kind of help was looked for in a state this week, also fewer than five. No code of a person.",
        ),
        "counts:gap:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How often a kind of help was looked for in a state this week and nothing near was there, also fewer than five. "
            "No code of a person.",
        ),
        "counts:turn:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How questions ended this week (answered, asked back, not understood, to a person), by language, also fewer than "
            "five. No code of a person.",
        ),
        "counts:sms:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How many SMS of one, two or more parts went out this week, by language, also fewer than five. No code of a person.",
        ),
        "counts:wait:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How long families waited for an answer of staff this week, in six steps, by language, also fewer than five. No "
            "code of a person.",
        ),
        "counts:failure:*": Words(
            until="the week is over and the worker has written it, 5 weeks at most",
            memory="How many messages did not arrive this week, by the kind of reason and channel, also fewer than five. No code of a "
            "person.",
        ),
        "{directoryflags}": Words(
            until="the database answers, seconds; 5 weeks at most",
            memory="How often families wrote that a number or service of the directory does not work. No code of a person.",
        ),
        "spent:*": Words(
            until="8 days",
            memory="What the messages of a day cost, how many got no answer, which alarms were raised: totals of everybody.",
        ),
        "understood:*": Words(
            until="10 minutes",
            memory="What the model made of a text that somebody wrote in the last ten minutes: topics and languages, with how likely "
            "each is. No text, and no code of a person. While the key of that day lives, a text that somebody thinks of can be tried.",
        ),
        "traffic": Words(
            until="Redis is started again",
            memory="How many messages were answered since Redis began, how fast, in which languages and on which channels: "
            "totals of everybody.",
        ),
        "worker:done": Words(
            until="it is written again, seconds", memory="When the worker did its duties last. Nothing about a family."
        ),
        "console:tries*": Words(
            until="15 minutes",
            memory="How often somebody tried in vain to log in at the console, by a code of the account. Nothing about a family.",
        ),
        "try:*": Words(until="2 minutes", memory="How often the page /try was used in a minute."),
    }
)
"""By the pattern of its names: ``*`` is anything, ``?`` one sign."""

FILES: Mapping[str, Words] = MappingProxyType(
    {
        "puente.db": Words(
            until=_ALWAYS, disk="The tables above; and rests of deleted rows, sealed and coded as they were."
        ),
        "puente.db-*": Words(
            until="the database is closed", disk="The last changes of the same tables, and rests as well."
        ),
        "keystore/*": Words(
            until=_ALWAYS, disk="The key store, see above. It lies apart so that no backup takes it along."
        ),
        "keys/opt_out": Words(
            until=_ALWAYS,
            keys="The key of the codes of opt_outs and shared_phones: with it every phone number can be tried.",
        ),
        "keys/routing": Words(
            until=_ALWAYS, keys="The key of the 14-bit code in Redis: one number in 16,384 fits any of them by chance."
        ),
        "keys/releases": Words(
            until=_ALWAYS, keys="The key of the seals on published answers. Nothing about a family."
        ),
        "keys/master*": Words(until=_ALWAYS, keys="The master key of a developer's machine. Never in production."),
        "directory/*": Words(
            until=_ALWAYS, disk="The directory of organizations as it was last, for a start without the database."
        ),
        "content/found_good": Words(
            until=_ALWAYS, disk="A seal: these answers were checked before, for a shorter start. Nothing about a family."
        ),
        "releases/*": Words(
            until="a day after another release took its place; the newest always",
            disk=f"The answers as they were published last, and which are withdrawn. {_OF_STAFF}",
        ),
        "token": Words(until=_ALWAYS, disk="A password of development. Nothing about a family."),
        "console.key": Words(
            until=_ALWAYS,
            disk="The key of the logins of staff: with it and the table users codes of their second step can be made, not their passwords.",
        ),
        "rasa_token": Words(until=_ALWAYS, disk="A password between two programs of this machine."),
        "*.lock": Words(until=_ALWAYS, disk="Empty."),
        "*.sock": Words(until="the program ends", disk="No file: where programs of this machine meet."),
        "logs/*": Words(
            until="whoever runs it deletes them", disk="What the programs printed: times, events, kinds of error."
        ),
        "*.pid": Words(until="the program ends", disk="The number of a process."),
    }
)
"""By the path below DATA_DIR; the first that fits."""

WORDS: Mapping[Place, Mapping[str, Words]] = MappingProxyType(
    {Place.TABLE: TABLES, Place.KEY_STORE: KEY_STORE, Place.REDIS: REDIS, Place.FILE: FILES}
)

NOT_HERE = (
    "Texts, pictures and recordings of families who were not handed to a person: they are read in memory and written nowhere.",
    "Phone numbers of families who were not handed to a person.",
    "Names, A-numbers, accounts, internet addresses of families.",
    "Numbers and texts in logs.",
)
ALL_KEYS = (
    "Whoever controls the running machine also has the keys of the section above: staff must be able to read open conversations, "
    "so the machine can."
)
IN_PROCESSES = (
    "The web processes and the understanding model hold the message that is being answered, for seconds. What a program has let "
    "go of may stand in its memory until something else is written there: swap and core dumps should be off."
)


def shape_of(place: Place, name: str) -> str | None:
    """Which words are about this name; None when none are."""
    known = WORDS[place]
    return name if name in known else next((pattern for pattern in known if fnmatchcase(name, pattern)), None)
