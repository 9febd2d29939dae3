"""What a list of organizations takes once it was shown: the next ones, another place, a number that does not work. Pure."""

from __future__ import annotations

from bot.engine.actions import Action, Ask, Flag, Offer, Say, ShowServices
from bot.engine.flow import Script, Step
from bot.frozen import replace
from bot.session import Session, Spot

# Organizations shown at a time: more than three cost a family another SMS.
PAGE = 3
NOTICES = "notices"
# What nlu/list_phrases/ tells apart, in the order in which a text is tried.
FAILS, MORE, MORE_OF, ANY_KIND = "number_fails", "more", "more_of", "any_kind"
LISTED = (FAILS, MORE, MORE_OF, ANY_KIND)
# An option that is a record of the directory: "#" and its short code (bot/scripts/shown.py).
RECORD = "#"
# What is offered when a list is at its end and more is asked for once again.
AFTER_THE_END = ("services_near", "human", "menu")
# More flags by one person than anybody has numbers to try.
MOST_FLAGGED = 6

Outcome = tuple[Session, tuple[Action, ...]]


def list_spot(script: Script, session: Session) -> Spot | None:
    """The list that was shown last, while the person is at it or at a step of the same flow behind it."""
    at = session.at
    if at is None:
        return None
    if _lists(script, at):
        return at
    behind = (spot for spot in reversed(session.trail) if spot.flow == at.flow)
    return next((spot for spot in behind if _lists(script, spot)), None) if session.shown else None


def _lists(script: Script, spot: Spot) -> Step | None:
    step = script.step(spot.flow, spot.step)
    return step if step and step.services and step.none else None


def show(spot: Spot, step: Step, skip: int) -> ShowServices:
    """The page of this step's list that begins after ``skip``; the advice stands beside the first."""
    if step.services is None or step.none is None:
        raise ValueError(f"{spot.flow}.{spot.step} shows no organizations")
    advice = Say(spot.flow, spot.step) if step.say and skip == 0 else None
    return ShowServices(step.services, step.government, skip, step.none, advice)


def more(script: Script, session: Session) -> Outcome | None:
    """The next organizations of the list; at its end, and asked again, what else there is. None without a list."""
    spot = list_spot(script, session)
    step = _lists(script, spot) if spot else None
    if spot is None or step is None:
        return None
    if session.at != spot:
        session = session.moved(spot)
    if session.ended:
        known = spot.flow if step.services != "any" else AFTER_THE_END[0]
        options = tuple(name for name in AFTER_THE_END if name not in (spot.flow, known))
        return replace(session, offered=options), (Offer("more_end", options),)
    session, skip = replace(session, shown=session.shown + PAGE, offered=()), session.shown
    return session, (show(spot, step, skip), Ask(spot.flow, spot.step, back=bool(session.trail)))


def number_fails(script: Script, session: Session, named: str | None = None) -> Outcome | None:
    """A number of the page shown last does not work: it is flagged, or asked which. None where no number was shown.

    ``named``: the code of the organization that the message names.
    """
    if list_spot(script, session) is None or not session.listed:
        return None
    left = tuple(code for code in session.listed if code not in session.flagged)
    if named in session.listed:
        return flagged(script, session, named)
    if len(session.listed) == 1 or not left:
        return flagged(script, session, session.listed[0])
    options = tuple(f"{RECORD}{code}" for code in left)
    return replace(session, offered=options), (Offer("number_which", options),)


def flagged(script: Script, session: Session, code: str) -> Outcome:
    """Notes the record once for each person, thanks, and goes on with the list."""
    flag = () if code in session.flagged else (Flag(code),)
    marked = (*session.flagged, code)[-MOST_FLAGGED:] if flag else session.flagged
    session = replace(session, flagged=marked, offered=(), misses=0)
    moved, actions = more(script, session) or (session, ())
    return moved, (*flag, Say(NOTICES, "number_thanks"), *actions)
