"""Words that wound or lie: what is never said about a person, and what is never promised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Template

from bot.language import Language
from bot.scripts.finding import Finding, Rule, error
from bot.scripts.release import Release
from bot.scripts.texts import texts

FORBIDDEN = error(
    "word we do not say",
    "it names a person as an offence or a file, or speaks from above, and who reads it does not write again",
    "Say it otherwise: sin papeles, persona, familia; no papers, person, family",
)
PROMISE = error(
    "promise we cannot keep",
    "a family that believes it takes a risk that nobody can take back",
    "Say what is known, and what is not",
)

# "Es ilegal que el patrón ..." is about an act; "un ilegal", "él es ilegal" are about a person. "Caso" and "case" are right for
# a matter of law ("su caso", "cerrar el caso") and in set phrases ("en ese caso"); they make a file of somebody where the bot
# or an organization has them.
_FORBIDDEN_ES = (
    r"(?<!eso es )(?<!esto es )\bilegal(?:es)?\b(?! (?:que\b|\w+[aei]r(?:l[aeo]s?)?\b))",
    r"(?<!en el )(?<!al )(?<!del )(?<!desde el )\bextranjer[oa]s?\b",
    r"(?<!en )\b(?:este|estos|ese|esos|nuevos?|otros?|muchos|sus) casos?\b",
    r"\b(?:es|eres|son) (?:un|el|los|otro) casos?\b",
    r"\bcasos? de (?:persona|familia|migrante|niñ|mujer|hombre)\w*",
    r"\baliens?\b",
    r"\b(?:lamentable|desafortunada|desgraciada)mente\b",
    r"\bcomo (?:asistente|modelo|una? ia\b|inteligencia)",
)
_FORBIDDEN_EN = (
    r"(?<!it is )(?<!that is )(?<!this is )\billegals?\b(?! (?:to|for)\b)",
    r"(?<!in )\b(?:this|these|that|those|new|another|other|our) cases?\b",
    r"\b(?:is|are) (?:a|the|another) cases?\b",
    r"\bcases? of (?:people|person|famil|migrant|child|wom|men\b)\w*",
    r"\baliens?\b",
    r"\b(?:unfortunately|regrettably)\b",
    r"\bas an? (?:assistant|ai\b|artificial|language model)",
)
_PROMISES_ES = (
    r"\best(?:á|án|ará|arán) (?:a salvo|segur[oa]s? (?:en|aquí|ahí))",
    r"\bnadie (?:más )?(?:puede|podrá) (?:leer|ver|saber)",
    r"\b(?:no le|no les) (?:va a|van a|puede|pueden)? ?pasar(?:á)? nada\b",
    r"\bnunca (?:lo|la|le|los|las|les) (?:van a )?(?:deportar|detendr|arrestar)",
    r"(?<!no )\b(?:le|les) (?:(?:garantiz|asegur)(?:o|amos)|promet(?:o|emos))\b",
    r"\bgarantizad[oa]\b",
)
_PROMISES_EN = (
    r"\byou(?:'re| are| will be) (?:completely |totally )?safe\b",
    r"\b(?:nobody|no one) (?:else )?(?:can|will) (?:ever )?(?:read|see|know)",
    r"\bnothing (?:will|can) happen to (?:you|them)\b",
    r"\b(?:we|i) (?:guarantee|promise)\b",
    r"\bguaranteed\b",
    r"\b(?:they )?(?:will never|can never) (?:deport|arrest|detain)",
)


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# A K'iche' draft borrows its law words from Spanish.
_RULES: tuple[tuple[Rule, Mapping[Language, re.Pattern[str]]], ...] = (
    (
        FORBIDDEN,
        {
            Language.ES: _compiled(*_FORBIDDEN_ES),
            Language.EN: _compiled(*_FORBIDDEN_EN),
            Language.QUC: _compiled(*_FORBIDDEN_ES),
        },
    ),
    (
        PROMISE,
        {
            Language.ES: _compiled(*_PROMISES_ES),
            Language.EN: _compiled(*_PROMISES_EN),
            Language.QUC: _compiled(*_PROMISES_ES),
        },
    ),
)


def check_wording(release: Release) -> Iterator[Finding]:
    """Every text in every language."""
    for text in texts(release):
        for rule, said in wrong_words(text.words, text.language):
            yield rule.broken(text.file, text.key, f"says {said!r}", language=text.language, said=said)


def wrong_words(words: str, language: Language) -> Iterator[tuple[Rule, str]]:
    """What of a text is never said, with the rule that it breaks."""
    plain = Template.pattern.sub("", words)
    for rule, patterns in _RULES:
        yield from ((rule, match.group().strip()) for match in patterns[language].finditer(plain))
