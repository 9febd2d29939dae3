"""Steps from which the choices only go round: every way leads to another of them, and none to an answer, a person or back. Pure."""

from __future__ import annotations

from bot.engine.flow import Flow, Step


def rounds(flow: Flow) -> tuple[str, ...]:
    """Their names, in the order of the flow. A dead end is none: it has no way at all."""
    out = {name for name, step in flow.steps.items() if _leads_out(step) or not step.targets}
    grown = True
    while grown:
        more = {name for name, step in flow.steps.items() if any(target.step in out for target in step.targets)}
        grown = not more <= out
        out |= more
    return tuple(name for name in flow.steps if name not in out)


def _leads_out(step: Step) -> bool:
    by_itself = step.helped or step.escalate or step.services or step.end
    return bool(by_itself or any(target.flow or target.back or not target.step for target in step.targets))
