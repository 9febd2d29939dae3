"""A small release and its sheets, filled in as a volunteer would. All people here are invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot import content
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.language import Language
from bot.scripts.lengths import lengths
from bot.scripts.release import Release
from bot.scripts.sheets import cells, lawyer, speakers
from bot.scripts.sheets.corrections import KNOWN, Returned, joined, read_corrections
from bot.scripts.sheets.taking import Judge
from bot.settings import REPOSITORY, from_environment
from bot.wording.catalog import Catalog, Entry
from bot.wording.kiche import load_words

TODAY = date(2026, 11, 25)
SETTINGS = from_environment({"ENVIRONMENT": "test"})
INTENTS = content.load_intents(REPOSITORY / "nlu" / "intents.yml")
KICHE = load_words(REPOSITORY / "locales" / "quc" / "words.csv")
WHOLE = content.load()
# Two flows of our own, beside the few that every answer needs: what volunteers write may change from day to day.
HOME = {
    "name": "home_visit",
    "title": "if agents come to my home",
    "steps": {
        "first": {
            "say": "Talk with the door closed. Stay silent, sign nothing.",
            "choices": {1: {"label": "warrants", "go": "papers"}, 2: {"label": "who runs this", "flow": "about"}},
        },
        "papers": {"say": "Ask to see the paper.", "end": True},
    },
}
ABOUT = {
    "name": "about",
    "title": "who runs this",
    "steps": {"first": {"say": "I am Puente, a service of $owner.", "end": True}},
}
SPANISH = {
    "home_visit.title": "si vienen agentes a mi casa",
    "home_visit.first.say": "Hable con la puerta cerrada. Guarde silencio, no firme.",
    "home_visit.first.choice.1": "la orden",
    "home_visit.first.choice.2": "quién es Puente",
    "home_visit.papers.say": "Pida ver el papel.",
    "about.title": "quién es Puente",
    "about.first.say": "Soy Puente, servicio de $owner.",
}
KICHE_DRAFTS = {
    "home_visit.title": ("we kape ri migra pa wachoch", ("UD_Kiche-IU utexas:38",), ()),
    "home_visit.first.say": ("Man kajaq ta la ri uchi' ja.", ("COERLL lesson 12", "words.csv uchi' ja"), ("kajaq",)),
    "about.first.say": ("Puente ri nub'i', rech $owner.", ("COERLL lesson 3",), ()),
}


def _release() -> Release:
    needed = {name: WHOLE.script.flows[name] for name in ("notices", "menu")}
    own = {
        "home_visit": read_flow(HOME, "flows/rights/home_visit.yml", Group.RIGHTS),
        "about": read_flow(ABOUT, "flows/conversation/about.yml", Group.CONVERSATION),
    }
    catalogs = {language: dict(catalog.entries) for language, catalog in WHOLE.catalogs.items()}
    for sentence in (sentence for flow in own.values() for sentence in flow.sentences):
        key, english = sentence.key, sentence.english
        text, citations, guesses = KICHE_DRAFTS.get(key, ("", (), ()))
        catalogs[Language.EN][key] = Entry(key, english)
        catalogs[Language.ES][key] = Entry(key, english, SPANISH[key])
        catalogs[Language.QUC][key] = Entry(key, english, text, citations=citations, guesses=guesses)
    made = {language: Catalog.of(entries.values(), language) for language, entries in catalogs.items()}
    return replace(WHOLE, script=Script.of({**needed, **own}), catalogs=made)


RELEASE = _release()
_judging = content.judge_of()
JUDGE = Judge(lambda given: _judging(given).errors, lengths)
SAY = "home_visit.first.say"


def with_entry(language: Language, entry: Entry, release: Release = RELEASE) -> Release:
    """The release with another entry in one catalog."""
    entries = {**release.catalogs[language].entries, entry.key: entry}
    return replace(release, catalogs={**release.catalogs, language: Catalog.of(entries.values(), language)})


def entry_of(key: str, language: Language, release: Release = RELEASE) -> Entry:
    """The entry of a key."""
    return release.catalogs[language].entries[key]


def speakers_rows(language: Language, release: Release = RELEASE) -> list[dict[str, str]]:
    """The rows of the sheet as it goes out."""
    return [speakers.row(line) for line in speakers.lines(release, language, (), ("home_visit", "about"))]


def filled(language: Language, answers: Mapping[str, Mapping[str, str]], release: Release = RELEASE) -> bytes:
    """The sheet of a language with these cells (key -> column -> cell) written into it."""
    given = speakers_rows(language, release)
    assert not answers.keys() - {row["key"] for row in given}
    rows = [row | answers.get(row["key"], {}) for row in given]
    return cells.written(speakers.columns(language), rows)


def returned(data: bytes, release: Release = RELEASE, today: date = TODAY) -> Returned:
    """What is read in a sheet that came back."""
    return joined([read_corrections(cells.read(data, KNOWN), release, KICHE, today)])


def why(read: Returned) -> list[str]:
    """The reasons of all that is not taken."""
    return [refusal.why for refusal in read.refusals]


def lawyers(answers: Mapping[str, str], flow: str = "home_visit", release: Release = WHOLE, part: str = "") -> bytes:
    """The lawyer's sheet with these cells written into the first row of a flow, or into that of a part."""
    rows = [row for block in lawyer.blocks(release) for row in lawyer.rows(block)]
    (number,) = [n for n, row in enumerate(rows) if (row["flow"], row["part"]) == (flow, part or lawyer.WHOLE)]
    rows[number] = rows[number] | answers
    return cells.written(lawyer.COLUMNS, rows)
