"""No answer costs a family more than it may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.scripts.answers import Answer
from bot.scripts.finding import Finding, error
from bot.scripts.lengths import too_long
from bot.scripts.texts import flow_file

TOO_LONG = error(
    "answer too long",
    "each segment costs money here and on some family plans, and a long SMS arrives in pieces",
    "Shorten it, or move what can wait to another step",
)


def check_costs(answers: Sequence[Answer]) -> Iterator[Finding]:
    """Every answer on every channel, with the longest values that really occur."""
    for answer in answers:
        if problem := too_long(answer):
            part = f" ({answer.part})" if answer.part else ""
            file = flow_file(answer.flow)
            yield TOO_LONG.broken(file, answer.where, f"{problem}{part}", language=answer.language, said=answer.part)
