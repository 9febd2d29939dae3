"""Says a sentence: in the person's language, with what holds today. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.engine.flow import Sentence
from bot.frozen import replace
from bot.language import Language
from bot.wording.choose import Chosen, Texts
from bot.wording.errors import MissingValue
from bot.wording.fill import fill, placeholders

# Beside the fields that texts may name: the country where the person is, two letters, where it is known.
COUNTRY = "country"
# The same to a child who writes.
_CHILD = ".child"


class Noticed:
    """Whether anything was said, or left out, that does not stand for ever: a fact, a place, a day, an organization, the desk."""

    varies = False


def _never(name: str) -> bool:
    """No field stands for ever."""
    return False


def _nobody(name: str) -> str:
    """No organization has any field."""
    return ""


@dataclass(frozen=True, slots=True)
class Voice:
    """The texts of a release as they may go out now.

    ``gone`` names the facts that have run out, ``fields`` what each placeholder stands for: a number that may not be
    sent has none, and the sentence that needs it is left out. ``drafts``: whether K'iche' drafts may go out.
    ``unconfirmed``: whether numbers that nobody has confirmed may go out, followed by ``mark``. ``shorter``: values that stand in
    for those of ``fields`` where these would cost another SMS. ``named`` gives the fields of organizations, empty for one without
    a value: there may be thousands of them. ``stands`` tells of a field whether its value is the same on every day and to
    everybody who speaks this language, and ``noticed`` is told of all that is said and is not.
    """

    texts: Texts
    language: Language
    gone: frozenset[str]
    fields: Mapping[str, str]
    drafts: bool = True
    unconfirmed: bool = False
    mark: str = ""
    shorter: Mapping[str, str] = field(default_factory=dict)
    named: Callable[[str], str] = _nobody
    stands: Callable[[str], bool] = _never
    noticed: Noticed = field(default_factory=Noticed, compare=False, repr=False)

    def in_brief(self) -> Voice:
        """The same voice with the shorter values."""
        return replace(self, fields={**self.fields, **self.shorter}, shorter={})

    @property
    def main(self) -> Language:
        """The language of whole sentences: K'iche' is a draft beside Spanish until a speaker approves it."""
        return Language.ES if self.language is Language.QUC else self.language

    def say(self, sentence: Sentence | None, extra: Mapping[str, str] | None = None) -> str:
        """The sentence in the main language; empty when it does not hold or a field is not to be had.

        K'iche' that a speaker has approved, as it stands, is the main text by itself.
        """
        if sentence is None or not self._holds(sentence):
            return ""
        if self.is_native(sentence):
            return self._filled(self._kiche(sentence).text, extra)
        return self._filled(self.texts.chosen(sentence.key, self.main, sentence.english).text, extra)

    def draft(self, sentence: Sentence | None, extra: Mapping[str, str] | None = None) -> str:
        """The K'iche' draft, for somebody who speaks K'iche', to stand beside the Spanish; else empty.

        Where words for a child have none, the one of what everybody else gets.
        """
        if self.language is not Language.QUC or not self.drafts or sentence is None or not self._holds(sentence):
            return ""
        chosen = self._kiche(sentence)
        if chosen.language is not Language.QUC and sentence.key.endswith(_CHILD):
            chosen = self._kiche(replace(sentence, key=f"{sentence.key.removesuffix(_CHILD)}.say"))
        return self._filled(chosen.text, extra) if chosen.language is Language.QUC and chosen.draft else ""

    def is_native(self, sentence: Sentence | None) -> bool:
        """Whether a K'iche' speaker hears this sentence in K'iche' that a named speaker has approved as it stands."""
        if self.language is not Language.QUC or sentence is None:
            return False
        chosen = self._kiche(sentence)
        return chosen.language is Language.QUC and not chosen.draft

    def _kiche(self, sentence: Sentence) -> Chosen:
        return self.texts.chosen(sentence.key, Language.QUC, sentence.english)

    def _holds(self, sentence: Sentence) -> bool:
        """Whether its fact is still believed, what it asks for is not known already, and it is about the person's country."""
        if sentence.fact is None and sentence.country is None and sentence.without is None:
            return True
        self.noticed.varies = True
        elsewhere = sentence.country and self.fields.get(COUNTRY, sentence.country) != sentence.country
        known = sentence.without and self.fields.get(sentence.without)
        return sentence.fact not in self.gone and not known and not elsewhere

    def _filled(self, text: str, extra: Mapping[str, str] | None) -> str:
        if "$" not in text:
            return text
        values = {name: self._value(name, extra or {}) for name in placeholders(text)}
        try:
            return fill(text, values)
        except MissingValue:
            return ""

    def _value(self, name: str, extra: Mapping[str, str]) -> str:
        if name in extra:
            return extra[name]
        if not self.stands(name):
            self.noticed.varies = True
        return self.fields[name] if name in self.fields else self.named(name)
