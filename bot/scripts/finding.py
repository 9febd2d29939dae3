"""What is wrong with content: one value for each fault, the same at the terminal, at start-up and in CI. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.language import Language


class Severity(StrEnum):
    """ERROR: the content does not go out. WARNING: it goes out, and whoever looks after it should know."""

    ERROR = "error"
    WARNING = "warning"


class Rule(Struct, frozen=True):
    """Something that must hold. ``name`` is how flows/accepted.yml calls it, ``why`` what its breach does to a family.

    ``mend`` says how a breach is usually mended. A warning may be accepted with a reason; an error only where the rule is
    ``by_judgement``: no program can tell whether it matters there.
    """

    name: str
    severity: Severity
    why: str
    mend: str
    by_judgement: bool = False

    @property
    def acceptable(self) -> bool:
        """Whether a breach may stay, with a reason in flows/accepted.yml."""
        return self.by_judgement or self.severity is Severity.WARNING

    def broken(
        self,
        file: str,
        where: str,
        problem: str,
        *,
        language: Language | None = None,
        said: str = "",
        mend: str | None = None,
        instead: str = "",
    ) -> Finding:
        """The finding that this rule is broken there."""
        if instead and mend is None:
            mend = f"Use {instead} instead"
        return Finding(self, file, where, language, problem, said, mend or self.mend, instead)


def error(name: str, why: str, mend: str, *, by_judgement: bool = False) -> Rule:
    """A rule whose breach keeps the content from going out."""
    return Rule(name, Severity.ERROR, why, mend, by_judgement)


def warning(name: str, why: str, mend: str) -> Rule:
    """A rule whose breach is shown."""
    return Rule(name, Severity.WARNING, why, mend)


class Finding(Struct, frozen=True):
    """One fault. ``file`` is where it is mended, ``where`` the flow, step or text in it (``flow.step.part``).

    ``language`` where it is about the words of one; ``said`` the words or the name at fault, as they stand; ``instead`` the field,
    with its dollar, that belongs in their place.
    """

    rule: Rule
    file: str
    where: str
    language: Language | None
    problem: str
    said: str
    mend: str
    instead: str = ""

    @property
    def severity(self) -> Severity:
        """That of its rule."""
        return self.rule.severity

    @property
    def place(self) -> str:
        """Where in the file, and in which language."""
        return f"{self.where} ({self.language})" if self.language else self.where

    def __str__(self) -> str:
        why = f"Why it matters: {self.rule.why}"
        return f"{self.file}: {self.place}: {self.problem} [{self.rule.name}]. {why}. {self.mend}."
