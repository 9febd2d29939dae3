"""Findings that stay, each with the reason why: flows/accepted.yml. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.scripts.errors import ScriptsError
from bot.scripts.finding import Finding, Severity, warning

FILE = "flows/accepted.yml"
_WORDS = {"rule", "where", "said", "reason"}
_FORM = "Each has rule, reason, and where or said (a list); see its head"
NOTHING_LEFT = warning(
    "accepted for nothing",
    "the next fault of this kind there would pass unseen",
    f"Take the line out of {FILE}",
)


class AcceptedError(ScriptsError):
    """A line of accepted.yml that accepts nothing, or too much."""


class Accepted(Struct, frozen=True):
    """One line: findings of a rule at these places (``where``), about these words (``said``), or both. Empty = any."""

    rule: str
    where: frozenset[str]
    said: frozenset[str]
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding. Errors stay errors, except where a rule leaves it to judgement."""
        return (
            finding.rule.acceptable
            and finding.rule.name == self.rule
            and (not self.where or finding.where in self.where)
            and (not self.said or finding.said in self.said)
        )


def read_accepted(value: Any) -> tuple[Accepted, ...]:
    """The lines of accepted.yml; ``AcceptedError`` says which one cannot be used."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise AcceptedError(f"{FILE}: not a list. {_FORM}")
    return tuple(_line(number, item) for number, item in enumerate(value, 1))


def _line(number: int, item: Any) -> Accepted:
    where = f"{FILE}, line {number} of the list"
    if not isinstance(item, Mapping) or set(item) - _WORDS:
        raise AcceptedError(f"{where}: unknown words. {_FORM}")
    places, said = item.get("where", []), item.get("said", [])
    if not isinstance(places, list) or not isinstance(said, list) or not (places or said):
        raise AcceptedError(f"{where}: it would accept everything. {_FORM}")
    rule, reason = str(item.get("rule") or ""), " ".join(str(item.get("reason") or "").split())
    if not rule or not reason:
        raise AcceptedError(f"{where}: rule or reason is missing. {_FORM}")
    return Accepted(rule, frozenset(map(str, places)), frozenset(map(str, said)), reason)


class Judged(Struct, frozen=True):
    """Findings after judgement: what is left to mend, and what was accepted with the line that accepts it."""

    open: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Accepted], ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the content from going out."""
        return tuple(finding for finding in self.open if finding.severity is Severity.ERROR)


def judged(findings: Iterable[Finding], lines: Sequence[Accepted]) -> Judged:
    """Takes away what is accepted; each place or word of a line that accepts nothing is a finding of its own."""
    left: list[Finding] = []
    taken: list[tuple[Finding, Accepted]] = []
    for finding in findings:
        line = next((line for line in lines if line.covers(finding)), None)
        if line is None:
            left.append(finding)
        else:
            taken.append((finding, line))
    for line in lines:
        left += _for_nothing(line, [finding for finding, by in taken if by is line])
    return Judged(tuple(left), tuple(taken))


def _for_nothing(line: Accepted, covered: Sequence[Finding]) -> list[Finding]:
    if not covered:
        return [NOTHING_LEFT.broken(FILE, line.rule, f"nothing of it is found any more: {line.reason}", said=line.rule)]
    unused = (line.where - {each.where for each in covered}) | (line.said - {each.said for each in covered})
    return [
        NOTHING_LEFT.broken(FILE, line.rule, f"{name!r} is not found any more", said=name) for name in sorted(unused)
    ]
