"""What is wrong with a text, in the words of the pages: what, why it matters to a family, how it is mended. By the names of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.console.words import Phrase, phrase, words
from bot.scripts.finding import Finding, Severity
from bot.store.errors import ReleaseRefused


class Told(Struct, frozen=True):
    """A finding as a page says it. ``blocks``: the answer does not go out like this. ``typed`` is what ``instead``, a field, replaces."""

    what: str
    why: str
    mend: str
    blocks: bool
    typed: str = ""
    instead: str = ""


class _Words(Struct, frozen=True):
    what: Phrase
    why: Phrase
    mend: Phrase


def told(finding: Finding) -> Told:
    """In the reader's language; a rule without words of its own in those of the terminal."""
    blocks = finding.severity is Severity.ERROR
    said = _WORDS.get(finding.rule.name)
    if said is None:
        return Told(finding.problem, finding.rule.why, finding.mend, blocks)
    mend = (
        words("check.insert", "Insert %(field)s in its place.", field=finding.instead)
        if finding.instead
        else words(said.mend)
    )
    return Told(
        words(said.what, said=finding.said),
        words(said.why),
        mend,
        blocks,
        finding.said if finding.instead else "",
        finding.instead,
    )


def why_refused(error: ReleaseRefused) -> str:
    """Why a release did not go out, its first three reasons; what the checks did not say stands as it is."""
    if not error.findings:
        return "; ".join(error.problems[:3])
    return " ".join(f"{said.what} ({each.place}). {said.mend}" for each in error.findings[:3] if (said := told(each)))


_WORDS: Mapping[str, _Words] = {
    "answer too long": _Words(
        phrase("check.too-long", "The whole answer is too long"),
        phrase("check.too-long-why", "Each part costs money here and on some family plans, and a long SMS comes in pieces."),
        phrase("check.too-long-mend", "Shorten it, or move what can wait to another step."),
    ),
    "letter that is not in an SMS": _Words(
        phrase("check.letter", "%(said)s does not fit into an SMS"),
        phrase("check.letter-why", "One such sign leaves 70 characters a part instead of 160: it costs two or three times as much."),
        phrase("check.letter-mend", "Write it with plain letters and marks."),
    ),
    "accent that changes the meaning": _Words(
        phrase("check.accent", "Without its accent “%(said)s” is read as another word"),
        phrase("check.accent-why", "An SMS loses the accents on a, i, o and u."),
        phrase("check.accent-mend", "Turn the sentence round so that it is clear without the accent."),
    ),
    "unknown field": _Words(
        phrase("check.unknown-field", "%(said)s is no field"),
        phrase("check.unknown-field-why", "A sentence with a hole never goes out, and the family misses it."),
        phrase("check.unknown-field-mend", "Choose a field under “Insert”, or take the dollar sign away."),
    ),
    "field that may be missing": _Words(
        phrase("check.uncertain-field", "%(said)s is not always there"),
        phrase("check.uncertain-field-why", "Without it the whole sentence is left out, and here that is the answer."),
        phrase("check.uncertain-field-mend", "Put it into a sentence that is added to the answer; a publisher adds one under “The way”."),
    ),
    "line that is not for emergencies": _Words(
        phrase("check.not-emergency", "%(said)s is not for emergencies"),
        phrase("check.not-emergency-why", "Somebody in danger would call a line that cannot help at once."),
        phrase("check.not-emergency-mend", "Insert another line."),
    ),
    "typed number": _Words(
        phrase("check.typed-number", "The number %(said)s is typed"),
        phrase("check.typed-number-why", "Numbers change, and nobody finds them again in sentences: a family would call a stranger."),
        phrase("check.typed-number-mend", "Does it belong to an organization or a line? Insert it as a field, so that it is kept true."),
    ),
    "typed link": _Words(
        phrase("check.typed-link", "The address %(said)s is typed"),
        phrase("check.typed-link-why", "Addresses change hands, and a false one takes names and money from families."),
        phrase("check.typed-link-mend", "Insert the site as a field."),
    ),
    "typed figure": _Words(
        phrase("check.typed-figure", "“%(said)s” is typed, and a fact of this answer says that number"),
        phrase("check.typed-figure-why", "When the deadline changes, this sentence keeps the old one, and a family goes by it."),
        phrase("check.typed-figure-mend", "In a line of a menu say it without the number; elsewhere insert the field that is meant."),
    ),
    "figure of a fact that is not named": _Words(
        phrase("check.figure-of-another", "%(said)s is a figure of a fact that this answer does not lean on"),
        phrase("check.figure-of-another-why", "When that fact changes or runs out, nobody looks at this answer, and its approval stays."),
        phrase("check.figure-of-another-mend", "Add a sentence that leans on that fact under “The way”, or take the figure out."),
    ),
    "typed organization": _Words(
        phrase("check.typed-name", "The name “%(said)s” is typed"),
        phrase("check.typed-name-why", "When the organization closes or takes another name, the sentence goes on sending families there."),
        phrase("check.typed-name-mend", "It is not open in the directory now: name another one, or ask for it to be confirmed."),
    ),
    "organization that is not in the directory": _Words(
        phrase("check.gone-name", "%(said)s is no organization of the directory"),
        phrase("check.gone-name-why", "Its sentence is left out, and the family misses it."),
        phrase("check.gone-name-mend", "Insert another one, or take the sentence out."),
    ),
    "link alone": _Words(
        phrase("check.link-alone", "%(said)s is the only way"),
        phrase("check.link-alone-why", "Who has no internet is left without an answer."),
        phrase("check.link-alone-mend", "Insert a phone too, or say who can open the page with them."),
    ),
    "link alone in a further sentence": _Words(
        phrase("check.link-beside", "%(said)s is the only way in this sentence"),
        phrase("check.link-beside-why", "Who has no internet misses what it offers."),
        phrase("check.link-alone-mend", "Insert a phone too, or say who can open the page with them."),
    ),
    "link alone until a phone is confirmed": _Words(
        phrase("check.link-now", "Nobody has confirmed the phone beside %(said)s"),
        phrase("check.link-now-why", "Until somebody does, only the link goes out."),
        phrase("check.link-now-mend", "Have the number confirmed by a call, or add another way."),
    ),
    "consulate without a warning": _Words(
        phrase("check.consulate", "%(said)s stands without a word about asylum or fear"),
        phrase("check.consulate-why", "A consulate tells its government who called."),
        phrase("check.consulate-mend", "Say in the same answer: if you ask for asylum or fear your government, a lawyer first."),
    ),
    "word of the carrier": _Words(
        phrase("check.carrier-word", "“%(said)s” is a word of the phone company"),
        phrase("check.carrier-word-why", "Who types it is cut off and gets no more messages."),
        phrase("check.another-word", "Use another word."),
    ),
    "reserved word as a label": _Words(
        phrase("check.reserved-word", "“%(said)s” means something else to the bot"),
        phrase("check.reserved-word-why", "Who types it gets something else than this choice."),
        phrase("check.another-word", "Use another word."),
    ),
    "two lines alike": _Words(
        phrase("check.alike", "Two choices read alike"),
        phrase("check.alike-why", "Who types the words may be sent the other way."),
        phrase("check.alike-mend", "Give each choice words of its own."),
    ),
    "label too long for a list": _Words(
        phrase("check.row", "The choice is too long for a list"),
        phrase("check.row-why", "On WhatsApp its end is cut off."),
        phrase("check.row-mend", "Shorten it to 24 characters."),
    ),
    "label too long for a button": _Words(
        phrase("check.button", "The choice is too long for a button"),
        phrase("check.button-why", "On WhatsApp a short menu could not be tapped as buttons."),
        phrase("check.button-mend", "Shorten it to 20 characters."),
    ),
    "K'iche' word without a source": _Words(
        phrase("check.kiche-word", "Nobody has found “%(said)s” in a K'iche' text"),
        phrase("check.kiche-word-why", "Nobody here speaks K'iche': an invented word can say anything."),
        phrase("check.kiche-word-mend", "Use a word of the list, or ask somebody who speaks it."),
    ),
    "word we do not say": _Words(
        phrase("check.forbidden", "We do not say “%(said)s”"),
        phrase("check.forbidden-why", "It hurts or speaks from above, and who reads it does not write again."),
        phrase("check.forbidden-mend", "Say: sin papeles, persona, familia; without papers, person, family."),
    ),
    "promise we cannot keep": _Words(
        phrase("check.promise", "“%(said)s” is a promise that we cannot keep"),
        phrase("check.promise-why", "A family that believes it takes a risk that nobody can take back."),
        phrase("check.promise-mend", "Say what is known, and what is not."),
    ),
    "no Spanish": _Words(
        phrase("check.no-spanish", "The Spanish is missing"),
        phrase("check.no-spanish-why", "Most families read Spanish, and would get English here."),
        phrase("check.no-spanish-mend", "Write it."),
    ),
    "Spanish of another meaning": _Words(
        phrase("check.other-meaning", "The Spanish says what is no longer so"),
        phrase("check.other-meaning-why", "Its meaning was changed in another language."),
        phrase("check.other-meaning-mend", "Write it again, or tick that it is still right."),
    ),
    "stale text": _Words(
        phrase("check.stale", "It was written before another language changed"),
        phrase("check.stale-why", "It may say something else by now."),
        phrase("check.stale-mend", "Read it beside the others: write it again, or tick that it is still right."),
    ),
    "no K'iche'": _Words(
        phrase("check.no-kiche", "There is no K'iche'"),
        phrase("check.no-kiche-why", "K'iche' speakers get only Spanish, which some of them do not read."),
        phrase("check.no-kiche-mend", "Leave it to somebody who speaks it; until then the Spanish goes out."),
    ),
    "fields differ": _Words(
        phrase("check.fields", "%(said)s does not stand in all languages"),
        phrase("check.fields-why", "One language names a number or a place and the other does not."),
        phrase("check.fields-mend", "Insert the same fields in each language."),
    ),
    "field missing in K'iche'": _Words(
        phrase("check.kiche-field", "%(said)s is missing in the K'iche'"),
        phrase("check.kiche-field-why", "Who reads only the K'iche' does not see the number; it stands in the Spanish above."),
        phrase("check.kiche-field-mend", "Insert it in the K'iche' too."),
    ),
    "telling words on the lock screen": _Words(
        phrase("check.telling", "“%(said)s” can be read on a locked phone"),
        phrase("check.telling-why", "Whoever holds a shared phone sees what the person asked about."),
        phrase("check.telling-mend", "Begin with words that could be about anything, such as who writes."),
    ),
    "no word about the trace": _Words(
        phrase("check.trace", "The first answer does not say how to delete it"),
        phrase("check.trace-why", "The messages stay on the phone, and whoever threatens the person finds them."),
        phrase("check.trace-mend", "Say: delete this, SALIR (EXIT) changes the topic."),
    ),
    "copy of another language": _Words(
        phrase("check.copied", "These are the words of another language"),
        phrase("check.copied-why", "Who reads only this one does not understand them, and nobody sees that they are missing."),
        phrase("check.copied-mend", "Write it in this language, or leave the field empty."),
    ),
    "option numbers differ": _Words(
        phrase("check.options", "The choice %(said)s is named in one language only"),
        phrase("check.options-why", "One language tells people to write a number that means something else there, or nothing."),
        phrase("check.options-mend", "Name the same numbers of the menu in each language."),
    ),
    "sign that an SMS writes otherwise": _Words(
        phrase("check.curly", "%(said)s arrives as another sign"),
        phrase("check.curly-why", "What you see here is then not what a family reads."),
        phrase("check.curly-mend", "Write plain quotes and hyphens, and three dots."),
    ),
    "answer that nothing leads to yet": _Words(
        phrase("check.unled", "No choice goes to this answer yet"),
        phrase("check.unled-why", "Its words reach nobody."),
        phrase("check.unled-mend", "Once it is published, let a choice of another answer go there."),
    ),
    "unknown target": _Words(
        phrase("check.target", "A choice goes nowhere"),
        phrase("check.target-why", "Whoever takes it gets the menu again instead of an answer."),
        phrase("check.target-mend", "Choose another place where it goes."),
    ),
    "unreachable step": _Words(
        phrase("check.unreachable", "No way goes to this step"),
        phrase("check.unreachable-why", "Its words reach nobody, and nobody notices when they grow old."),
        phrase("check.unreachable-mend", "Let a choice go there, or take it out."),
    ),
    "circle without waiting": _Words(
        phrase("check.circle", "The steps go round in a circle without waiting"),
        phrase("check.circle-why", "The answer breaks off, and a person who asked for help gets none."),
        phrase("check.circle-mend", "Let one of these steps wait for an answer, or end."),
    ),
    "dead end": _Words(
        phrase("check.dead-end", "It ends here without a choice"),
        phrase("check.dead-end-why", "A family that has read it does not know what to write next."),
        phrase("check.dead-end-mend", "Give it choices that go on."),
    ),
    "no way to help": _Words(
        phrase("check.no-help", "No choice goes to help"),
        phrase("check.no-help-why", "An answer alone is not enough for who needs a lawyer, an organization or a person."),
        phrase("check.no-help-mend", "Let a choice go to organizations, a lawyer or a person."),
    ),
    "hand-over that nobody was asked about": _Words(
        phrase("check.unasked", "It hands over to a person without asking"),
        phrase("check.unasked-why", "Somebody would read what a family wrote that has not said yes to that."),
        phrase("check.unasked-mend", "Let it go to “talk to a person”, which asks first."),
    ),
    "volatile fact in a first answer": _Words(
        phrase("check.volatile", "The first answer leans on a fact that changes (%(said)s)"),
        phrase("check.volatile-why", "In danger a family acts at once, and this may have changed last week."),
        phrase("check.volatile-mend", "Put its sentence among those that are added while the fact is true."),
    ),
}  # fmt: skip
