"""What a tapped button or line of a list means. Pure.

They stay tappable for weeks: when another menu waits by then, when the release has changed, and anybody can send whatever she likes.
So a tap is a choice of the menu that waits only if it names that menu and its words are the words of that line now; of another
menu it leads where that line leads, if that is the beginning of a flow; all else is understood by its words, never as a digit, a
yes or a no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.engine import parse
from bot.engine.flow import Choice, Group, Script, Step
from bot.engine.labels import Labels
from bot.engine.turn import Turn
from bot.engine.walk import MENU, first_of
from bot.frozen import replace
from bot.intents.words import Words
from bot.message import Tap
from bot.session import Session, Spot

LabelsAt = Callable[[Spot], Labels]
"""The lines of a step in all languages."""


def tapped(turn: Turn, tap: Tap, said: Words, session: Session, script: Script, labels_at: LabelsAt) -> Turn:
    """The turn of a message that was tapped, not typed."""
    named = script.step(tap.flow, tap.step)
    spot = Spot(tap.flow, tap.step)
    waits = session.at == spot and not session.offered and not session.unseen
    if named is not None and waits and _is_said(named, tap.digit, said, labels_at(spot)):
        label, yes = (tap.digit, turn.yes) if named.choices else (None, tap.digit == 1)
        return replace(turn, number=tap.digit, label=label, yes=yes, carrier_yes=False)
    leads = _leads(script, named, tap, said, labels_at) or _urgent(script, said, labels_at)
    # "Sí" and "2" say nothing without the question that they answered.
    bare = turn.number is not None or turn.yes is not None
    known = None if bare or leads or session.offered else turn.label
    return replace(turn, tapped=leads, number=None, yes=None, label=known, near=None, carrier_yes=False)


def _is_said(step: Step, digit: int | None, said: Words, labels: Labels) -> bool:
    if step.choices:
        return digit is not None and labels.is_line(digit, said)
    answered = parse.yes_or_no(Words.of(said.text.removeprefix(f"{digit} ")))
    return bool(step.yes_no or step.helped) and digit in (1, 2) and answered is (digit == 1)


def _leads(script: Script, step: Step | None, tap: Tap, said: Words, labels_at: LabelsAt) -> Spot | None:
    """The beginning to which this line of a former menu leads; None where it was a step in the middle of something."""
    if step is None or not step.choices or not _is_said(step, tap.digit, said, labels_at(Spot(tap.flow, tap.step))):
        return None
    choice = next(each for each in step.choices if each.digit == tap.digit)
    if choice.target.flow:
        return first_of(script, choice.target.flow)
    inside = choice.target.step if tap.flow == MENU else None
    return Spot(MENU, inside) if inside and script.step(MENU, inside) else None


def _urgent(script: Script, said: Words, labels_at: LabelsAt) -> Spot | None:
    """The danger that any menu of ours calls by these words: it is answered whatever became of the menu."""
    for spot, choice in _choices(script):
        flow = script.flows.get(choice.target.flow or "")
        if flow and flow.group is Group.URGENT and labels_at(spot).is_line(choice.digit, said):
            return first_of(script, flow.name)
    return None


def _choices(script: Script) -> Iterator[tuple[Spot, Choice]]:
    flows = script.flows.items()
    return ((Spot(flow, name), each) for flow, of in flows for name, step in of.steps.items() for each in step.choices)
