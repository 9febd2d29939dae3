"""How families are served: equally in each language, how soon by staff, what did not arrive, what it cost. Pure."""

from __future__ import annotations

from collections import Counter

from bot.console.figures_scene import OUTCOME_NAMES, Scene
from bot.console.figures_shown import Card, bars, money, number, share
from bot.console.figures_words import CHANNELS, REASONS, STAFF_WORDS, STEPS, language_in_words, language_name
from bot.console.spans import Words
from bot.counted import Outcome
from bot.figures import waits
from bot.figures.costs import Cost, cost
from bot.figures.split import Split, splits, worse
from bot.language import Language
from bot.store.counting import STAFF

_ASIDE = (Outcome.ASKED_BACK, Outcome.NOT_UNDERSTOOD)
"""The bot gave no answer, for it was not sure enough or understood nothing."""


def service_card(scene: Scene) -> Card:
    """Each language beside the others."""
    words = scene.words
    asked, waited = _named(splits(scene.weeks, "turn")), _named(splits(scene.weeks, "wait"))
    costs = {each.language: cost(each) for each in splits(scene.weeks, "sms")}
    head = (
        *(words("figures.language", "Language"), words("figures.questions", "Questions")),
        words("figures.fair-answered", "Answered by the bot"),
        words("figures.fair-aside", "No answer, or asked back"),
        words("figures.fair-waited", "Answered by a person within an hour"),
        words("figures.fair-cost", "Cost of one SMS answer"),
    )
    rows = [
        (
            language_name(each),
            number(asked[each].total, words),
            share(asked[each].share((Outcome.ANSWERED,), OUTCOME_NAMES), words),
            share(asked[each].share(_ASIDE, OUTCOME_NAMES), words),
            share(waited[each].share(waits.WITHIN_AN_HOUR, waits.STEPS), words),
            _average(costs.get(each), scene.price, words),
        )
        for each in Language
    ]
    found = _unequal(asked, waited, words)
    title = (
        words("figures.unequal", "One language is served worse than another")
        if found
        else words("figures.equal", "The figures show no language that is served worse")
    )
    caption = words(
        "figures.fair-caption",
        "Each language beside the others. A difference is only called one where neither chance nor what is not told explains it.",
    )
    few = words(
        "figures.fair-few", "That none shows does not mean that none is there: of a language in which few write, little can be said."
    )  # fmt: skip
    return Card("service", title, caption, head, tuple(rows), notes=(few,), warnings=found)


def _unequal(asked: dict[str, Split], waited: dict[str, Split], words: Words) -> tuple[str, ...]:
    """A plain sentence for each language that is surely served worse."""
    shares = [(name, each.share((Outcome.ANSWERED,), OUTCOME_NAMES)) for name, each in asked.items()]
    said = [
        words(
            "figures.worse-answered",
            "In %(language)s the bot answers a smaller part of the questions than in %(best)s.",
            language=language_in_words(language, words),
            best=language_in_words(best, words),
        )
        for language, best in worse(shares)
    ]
    soon = [(name, each.share(waits.WITHIN_AN_HOUR, waits.STEPS)) for name, each in waited.items()]
    said += [
        words(
            "figures.worse-waited",
            "Who writes in %(language)s is answered by a person within an hour less often than who writes in %(best)s.",
            language=language_in_words(language, words),
            best=language_in_words(best, words),
        )
        for language, best in worse(soon)
    ]
    return tuple(said)


def waits_card(scene: Scene) -> Card:
    """How long families waited for an answer of staff."""
    words, found = scene.words, splits(scene.weeks, "wait")
    middle, most = waits.median(*found), waits.longest(*found)
    title = (
        words("figures.waits", "Half waited %(median)s for a person; the longest that is told: %(longest)s",
              median=_median(middle, words), longest=words(STEPS[most]))
        if middle and most
        else words("figures.waits-none", "Too few waited for a person to tell how long")
    )  # fmt: skip
    head = (
        *(words("figures.language", "Language"), words("figures.answers", "Answers of staff")),
        *(words("figures.median", "Half waited"), words("figures.longest", "Longest that is told")),
        *(words(said) for said in STEPS.values()),
    )
    rows = []
    for each in found:
        last = waits.longest(each)
        longest = words(STEPS[last]) if last else words("figures.too-few", "too few to say")
        steps = [number(each.n(step), words) for step in waits.STEPS]
        rows.append(
            (
                language_name(each.language),
                number(each.total, words),
                _median(waits.median(each), words),
                longest,
                *steps,
            )
        )
    sums = {step: sum(each.n(step) for each in found) for step in waits.STEPS}
    lines = [(words(STEPS[step]), number(n, words), (n,)) for step, n in sums.items()]
    caption = words(
        "figures.waits-caption",
        "From the first message that nobody had answered to the answer of a person, at night too. Who waits now stands in the inbox.",
    )
    note = words(
        "figures.waits-note",
        "A step in which fewer than five of a language waited in a week is not told, however long it is.",
    )
    return Card("waits", title, caption, head, tuple(rows), bars(lines) if found else (), notes=(note,))


def failures_card(scene: Scene) -> Card:
    """What did not arrive."""
    words = scene.words
    sums: Counter[tuple[str, str]] = Counter()
    for _, (why, channel), n in scene.weeks.of("failure"):
        sums[why, channel] += n
    ordered = sorted(sums.items(), key=lambda each: (-each[1], each[0]))
    title = (
        words("figures.failures", "%(n)s messages did not arrive; most often %(why)s", n=sums.total(), why=_why(ordered[0][0][0], words))
        if ordered
        else words("figures.failures-none", "No reason kept five messages of a week from arriving")
    )  # fmt: skip
    rows = [(_why(why, words), _channel(channel, words), str(n)) for (why, channel), n in ordered]
    head = (words("figures.why", "Why"), words("figures.channel", "Channel"), words("figures.messages", "Messages"))
    caption = words("figures.failures-caption", "As the carrier reports it, of the bot and of staff. Not to whom.")
    lines = [(f"{why}, {channel}", n, (int(n),)) for why, channel, n in rows]
    return Card("failures", title, caption, head, tuple(rows), bars(lines))


def costs_card(scene: Scene) -> Card:
    """Parts of SMS and their price."""
    words = scene.words
    found = sorted((cost(each) for each in splits(scene.weeks, "sms")), key=lambda each: -each.all_parts)
    parts = sum(each.all_parts for each in found)
    title = (
        words("figures.costs", "SMS cost about %(money)s: %(parts)s parts at %(price)s", money=money(parts * scene.price),
              parts=round(parts), price=money(scene.price, 4))
        if found
        else words("figures.costs-none", "No five SMS of a kind went out in a week")
    )  # fmt: skip
    staff = words(STAFF_WORDS)
    rows = [
        (
            language_name(each.language, staff),
            number(each.messages, words),
            str(round(each.all_parts)),
            f"{each.average:.1f}" if each.average else words("figures.too-few", "too few to say"),
            money(each.all_parts * scene.price),
        )
        for each in found
    ]
    head = (
        *(words("figures.language", "Language"), words("figures.sms-messages", "SMS")),
        *(words("figures.parts", "Parts, about"), words("figures.per-message", "Parts of one SMS")),
        words("figures.cost", "Cost, about"),
    )
    caption = words(
        "figures.costs-caption",
        "A long SMS is billed in parts. Fees of carriers, WhatsApp and the number itself are not in it: the bill is the carrier's.",
    )
    lines = [
        (language_name(each.language, staff), money(each.all_parts * scene.price), (round(each.all_parts),))
        for each in found
    ]
    return Card("costs", title, caption, head, tuple(rows), bars(lines))


def _named(found: tuple[Split, ...]) -> dict[str, Split]:
    """The three languages of the bot, each with what is known of it."""
    known = {each.language: each for each in found if each.language != STAFF}
    return {each.value: known.get(each.value, Split(each.value)) for each in Language}


def _average(found: Cost | None, price: float, words: Words) -> str:
    if found is None or found.average is None:
        return words("figures.too-few", "too few to say")
    return money(found.average * price, 3)


def _median(found: waits.Median | None, words: Words) -> str:
    if found is None:
        return words("figures.too-few", "too few to say")
    if found.soonest == found.latest:
        return words(STEPS[found.latest])
    return words(
        "figures.between", "between “%(soonest)s” and “%(latest)s”", soonest=words(STEPS[found.soonest]), latest=words(STEPS[found.latest])
    )  # fmt: skip


def _why(why: str, words: Words) -> str:
    return words(REASONS[why]) if why in REASONS else why


def _channel(channel: str, words: Words) -> str:
    return words(CHANNELS[channel]) if channel in CHANNELS else channel
