"""What the engine and the model count on: flows and sentences that they name, one flow for each intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.engine.walk import NOTICES
from bot.scripts.finding import Finding, error
from bot.scripts.release import Release
from bot.scripts.texts import flow_file
from bot.scripts.ways import NEEDED_FLOWS, NEEDED_NOTICES

MISSING_FLOW = error("missing flow", "the bot goes there by itself and could not answer", "Write it again")
MISSING_NOTICE = error("missing notice", "the bot says it by itself and would be silent", "Write the step again")
INTENT_UNANSWERED = error(
    "intent without a flow",
    "the model understands the question and nobody answers it",
    "Add it to the intents of the flow that answers it",
)
INTENT_UNKNOWN = error(
    "unknown intent",
    "the model never says this name, so the flow never starts",
    "Use a name of nlu/intents.yml",
)
INTENT_TWICE = error("intent answered twice", "which of the answers goes out is left to chance", "Keep it in one flow")
_NOTICES_FILE = "flows/conversation/notices.yml"


def check_needs(release: Release, intents: frozenset[str]) -> Iterator[Finding]:
    """What others go to by name."""
    flows = release.script.flows
    for name in NEEDED_FLOWS:
        if name not in flows:
            yield MISSING_FLOW.broken("flows", name, f"there is no flow {name!r}", said=name)
    steps = flows[NOTICES].steps if NOTICES in flows else {}
    for name in NEEDED_NOTICES:
        if name not in steps:
            yield MISSING_NOTICE.broken(_NOTICES_FILE, f"{NOTICES}.{name}", f"the step {name!r} is missing", said=name)
    yield from _intents(release, intents)


def _intents(release: Release, intents: frozenset[str]) -> Iterator[Finding]:
    answered = Counter(intent for flow in release.script.flows.values() for intent in flow.intents)
    for name in sorted(intents - set(answered)):
        yield INTENT_UNANSWERED.broken("nlu/intents.yml", name, f"no flow answers the intent {name!r}", said=name)
    for flow in release.script.flows.values():
        for name in flow.intents:
            if name not in intents:
                problem = f"{name!r} is not an intent"
                yield INTENT_UNKNOWN.broken(flow_file(flow), flow.name, problem, said=name)
            elif answered[name] > 1:
                problem = f"{answered[name]} flows answer the intent {name!r}"
                yield INTENT_TWICE.broken(flow_file(flow), flow.name, problem, said=name)
