"""What a chaos run has measured: a row of the table in docs/reliability.md, and the faults in words."""

from __future__ import annotations

from collections import Counter

from tests.chaos.oracle import FAULTS, Verdict
from tests.chaos.result import Result

TITLE = "Processes killed while families write"
ABOUT = f"""## {TITLE}

People on both channels and in three languages write to the whole Procfile (two web workers, Redis, Rasa, the worker), 16 at a
time, while one kind of process is killed with -9 again and again: a web worker every half second, the others every ten
(PostgreSQL half of the times with its immediate stop instead, and for two seconds). Messages are posted as Twilio posts them to
the address that the README tells operators to set: five more tries after a connection that fails and after a 5xx, 15 s in all; a
connection of ours that breaks is the 502 of the server in front that does TLS. Of a hundred answers two are lost on their way
back, so that the same message comes again after it was answered.

Whether an answer is the right one is told from the menus as they were sent and from a script in plain data
(`tests/chaos/script.yml`), by an oracle that imports nothing of the program. *Lost* is silence, or a place in the talk that is
gone though Redis was there; *doubled* a list that went on by two pages, the same words twice, a second answer that differs;
*wrong* every other answer, as to a choice that was not on the last menu sent. Afterwards everybody who was handed over to
a human asks again, and rows in SQL are counted. What is as it should be while a part is gone is counted apart.
A row for each way of running it (`make chaos` with these words), the newest run of each:
"""
HEAD = (
    "| when (UTC) | commit | with | s | kills | first tries without an answer | more tries | unanswered | lost | doubled | wrong "
    "| HTTP 5xx | held | counted apart |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)
LIMITS = """
What this does not say: where TLS is done without trying another connection, and Twilio is not told to try again (`#rc=5&rp=ct,5xx`), each
of the "first tries without an answer" is a message that nobody answers. A web worker that dies with its whole machine holds the lock of a
person for six seconds; on the same machine its death is seen at once.
"""


def row(result: Result, when: str, commit: str) -> str:
    """What one run has shown, as a row of the table."""
    plan, tally, verdicts = result.plan, result.tally, result.verdicts
    kinds = ", ".join(each.kind for each in plan.strikes)
    words = f"`KILL={kinds} MESSAGES={plan.messages} PEOPLE={plan.people} SEED={plan.seed}`"
    first = _counted(Counter({what: n for what, n in tally.first.items() if what != "answered"}))
    counts = " | ".join(f"**{verdicts[each]}**" for each in FAULTS)
    held = "; ".join(map(str, result.held))
    apart = Counter({str(each): verdicts[each] for each in Verdict if each not in (*FAULTS, Verdict.RIGHT)})
    apart.update({f"a lost answer came again: {what}": n for what, n in result.again.items()})
    cells = (
        when,
        commit,
        words,
        f"{result.seconds:.0f}",
        str(sum(result.kills.values())),
        first,
        str(sum(tally.later.values())),
    )
    return f"| {' | '.join(cells)} | {counts} | **{result.errors}** | {held} | {_counted(apart)} |"


def _counted(counts: Counter[str]) -> str:
    return "; ".join(f"{n} x {what}" for what, n in sorted(counts.items()) if n) or "none"


def shown(result: Result) -> str:
    """The faults in words, and the first of them one by one."""
    lines = [f"chaos: {len(result.faults)} faults", *result.faults, *result.told]
    tries = f"slowest try {result.tally.slowest:.2f} s; {_counted(Counter(result.kinds))}; later tries: {_counted(result.tally.later)}"
    return "\n".join([*lines, f"chaos: {tries}"])


def section(page: str, line: str) -> str:
    """The section with this row in place of the one of the same words, or after the others that the page has."""
    ours = page.partition(f"## {TITLE}\n")[2].partition("\n## ")[0]
    rows = [each for each in ours.splitlines() if each.startswith("| 2") and _words(each) != _words(line)]
    return ABOUT + "\n" + HEAD + "\n".join(sorted([*rows, line], key=_words)) + "\n" + LIMITS


def _words(line: str) -> str:
    return line.split(" | ")[2]
