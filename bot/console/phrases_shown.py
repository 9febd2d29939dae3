"""What the pages of phrases show: topics by plain names with an example, found by words in either language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from bot.console.spans import Words
from bot.intents.folding import bare
from bot.scripts.phrases import Learned, Thin, Verdict
from bot.store.phrases import Origin, Phrase

GROUPS = ("urgent", "rights", "services", "conversation")
_WORDS_OF_AN_EXAMPLE = range(4, 13)


class TopicShown(Struct, frozen=True):
    """A topic: ``name`` in the code, ``words`` as families read it, ``example`` a sentence that the model learns, ``found`` by."""

    name: str
    group: str
    words: str
    example: str
    found: str


def topics_shown(
    topics: Mapping[str, str],
    title: Callable[[str], str],
    other_title: Callable[[str], str],
    learned: Iterable[Learned],
) -> tuple[TopicShown, ...]:
    """Every topic, what is urgent first, and each group by its words. ``learned`` are sentences in the language of the page."""
    examples: dict[str, str] = {}
    for each in learned:
        if each.topic not in examples and len(each.text.split()) in _WORDS_OF_AN_EXAMPLE:
            examples[each.topic] = each.text
    shown = []
    for name, group in topics.items():
        said, example = title(name), examples.get(name, "")
        found = bare(f"{said} {other_title(name)} {example} {name.replace('_', ' ')}")
        shown.append(TopicShown(name, group, said, example, found))
    return tuple(sorted(shown, key=lambda each: (GROUPS.index(each.group), bare(each.words))))


def found(shown: Sequence[TopicShown], asked: str) -> tuple[TopicShown, ...]:
    """Those in which each word that was typed begins a word; all where nothing was."""
    wanted = bare(asked).split()
    return tuple(
        each for each in shown if all(any(word.startswith(part) for word in each.found.split()) for part in wanted)
    )


def group_words(words: Words) -> dict[str, str]:
    """What the groups of topics are called."""
    return {
        "urgent": words("phrases.group-urgent", "Danger"),
        "rights": words("phrases.group-rights", "Rights and papers"),
        "services": words("phrases.group-services", "Help nearby"),
        "conversation": words("phrases.group-conversation", "About this chat"),
    }


def origin_words(words: Words, phrase: Phrase) -> str:
    """Who brought a sentence that waits: the family itself, staff who marked it, or somebody of the team who wrote it."""
    if phrase.origin is Origin.AGREED:
        return words(
            "phrases.from-family",
            "A family agreed that it is kept. Only the machine has scrubbed it: look twice for names. Within 30 days it is gone.",
        )
    if phrase.by is None:
        return words("phrases.from-staff", "The team marked that the bot took it for something else.")
    return words("phrases.from-team", "Somebody of the team wrote it.")


def kept_words(words: Words, verdict: Verdict, topic: str) -> str:
    """What was kept of a sentence that somebody has just looked at."""
    if verdict is Verdict.NONE:
        return words("phrases.kept-none", "Kept: it was about nothing of ours.")
    if verdict is Verdict.RIGHT:
        return words("phrases.kept-right", "Kept: the bot was right, it was about “%(topic)s”.", topic=topic)
    return words("phrases.kept-other", "Kept: it was about “%(topic)s”.", topic=topic)


def thin_words(words: Words, thin: Thin, language: str, topic: str) -> str:
    """That a topic has few sentences in a language."""
    values = {"language": language, "topic": topic, "enough": thin.enough}
    if thin.count == 1:
        return words(
            "phrases.thin-one", "%(language)s, “%(topic)s”: 1 sentence; with %(enough)s it gets better.", **values
        )
    return words(
        "phrases.thin",
        "%(language)s, “%(topic)s”: %(count)s sentences; with %(enough)s it gets better.",
        count=thin.count,
        **values,
    )
