"""Sensitive flows: what a locked phone shows of them, and how to leave no trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.flow import Flow, Sentence, Step
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.answers import SENT_ON, Answer
from bot.scripts.checks.fields import always_there
from bot.scripts.finding import Finding, error
from bot.scripts.release import Release
from bot.scripts.texts import flow_file
from bot.scripts.ways import first_passages
from bot.wording.choose import text_for
from bot.wording.fill import placeholders

TELLING = error(
    "telling words on the lock screen",
    "whoever holds the shared phone reads what the person asked about",
    "Begin with words that could be about anything, such as who writes",
)
TRACE = error(
    "no word about the trace",
    "the messages stay on the phone, and whoever threatens the person finds them",
    "Say in the first answer, where nothing can leave it out: delete this, SALIR (EXIT) changes the topic",
)
# What a locked phone shows of a message, in characters.
SHOWN = 60
# Here the first words save a life, and the person has named the danger already.
AT_ONCE = frozenset({"danger_now", "self_harm", "other_country"})
# Words that tell what it is about, and with * beginnings of such words, without accents as an SMS has them.
_SPANISH = """
    violen* golpe* pega* pego maltrat* abus* amenaz* agred* agresi* viol* acoso trata tratante* trafic* secuestr* victim*
    suicid* morir matar* migra* ice deport* deten* visa visas forzad* esclav*
"""
TELLING_WORDS = {
    Language.ES: frozenset(_SPANISH.split()),
    Language.EN: frozenset(
        """
        violen* hit hits hitting beat* abus* threat* assault* rape* traffick* kidnap* victim* suicid* die kill* immigra* ice
        deport* detain* visa visas forced slave*
        """.split()
    ),
    # Spanish comes first; its own words are those of locales/quc/words.csv: danger, harm, death, blows.
    Language.QUC: frozenset(f"{_SPANISH} xibibal kax kam* chay*".split()),
}
# How each language names the way out, and that the messages stay.
EXITS = {Language.ES: "SALIR", Language.EN: "EXIT"}
DELETES = {Language.ES: ("borre", "bórre"), Language.EN: ("delete", "erase")}


def check_lock_screen(release: Release, answers: Sequence[Answer]) -> Iterator[Finding]:
    """The first answers of sensitive flows. ``answers``: those of every channel."""
    for flow in release.script.flows.values():
        if flow.sensitive and flow.name not in AT_ONCE:
            first = [passage.said for passage in first_passages(release.script, flow)]
            yield from _told(flow, [each for each in answers if each.passage.said in first and each.part != SENT_ON])
            for language in EXITS:
                if not all(_warned(release, said, language) for said in first):
                    problem = f"the first answer does not say to delete it and {EXITS[language]}"
                    yield TRACE.broken(flow_file(flow), flow.name, problem, language=language)


def _told(flow: Flow, first: Sequence[Answer]) -> Iterator[Finding]:
    for answer in first:
        shown = answer.text[:SHOWN]
        for word in telling(shown, answer.language)[:1]:
            problem = f"{answer.channel} shows {word!r}: {shown!r}"
            yield TELLING.broken(flow_file(flow), flow.name, problem, language=answer.language, said=word)


def telling(shown: str, language: Language) -> tuple[str, ...]:
    """The words of this text that tell what it is about."""
    signs = TELLING_WORDS[language]
    whole, beginnings = {s for s in signs if s[-1] != "*"}, tuple(s[:-1] for s in signs if s[-1] == "*")
    return tuple(word for word in bare(shown).split() if word in whole or word.startswith(beginnings))


def _warned(release: Release, said: Sequence[tuple[Flow, Step]], language: Language) -> bool:
    """Whether this answer says that it can be left and deleted, in sentences that are always there."""
    words = " ".join(
        text_for(sentence.key, language, sentence.english, release.catalogs).text
        for _, step in said
        for sentence in (step.say, *step.also)
        if sentence is not None and _always_said(release, sentence)
    )
    return EXITS[language] in words and any(word in words.casefold() for word in DELETES[language])


def _always_said(release: Release, sentence: Sentence) -> bool:
    return not (sentence.fact or sentence.without or placeholders(sentence.english) - always_there(release))
