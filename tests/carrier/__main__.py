"""`python -m tests.carrier`: replies of staff while everything fails; exit code 1 if one is lost or doubled (``make chaos-outbox``)."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.canary.report import PAGE, commit, write
from tests.carrier.chaos import Plan, Result, chaos
from tests.carrier.fake import emulated, front_of

TITLE = "Replies of staff"


def main(arguments: list[str]) -> int:
    """Runs it and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.carrier", description=__doc__)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    plan = Plan(options.messages, options.kills, options.workers, seed=options.seed)
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        folder, theirs = Path(name) / "ours", Path(name) / "twilio"
        folder.mkdir(mode=0o700)
        theirs.mkdir()
        with emulated(theirs) as emulate, front_of(emulate) as twilio, chaos(plan, twilio, folder) as result:
            text = section(result, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    print(text)
    if options.write:
        write(TITLE, text)
    return 0 if result.passed else 1


def section(result: Result, date: str) -> str:
    """What was measured, from its title on."""
    plan, wrong = result.plan, result.went_wrong
    command = f"make chaos-outbox MESSAGES={plan.messages} KILLS={plan.kills} WORKERS={plan.workers} SEED={plan.seed}"
    rows = "\n".join(f"| {what} | {wrong[what]} |" for what in sorted(wrong))
    verdict = f"{result.lost} lost, {result.doubled} doubled, {result.unsettled} without an end"
    return f"""## {TITLE}

{date}, commit {commit()}, `{command}`, {result.seconds:.0f} s. **{verdict}**{"" if result.passed else "; NOT PASSED"}.

{plan.messages} replies of staff lie in the outbox (SQLite), on both channels, one to three for each family. {_workers(result)},
started as the Procfile starts it, sends them through a front that breaks things to a Twilio of nobody here (npm's
`emulate` 0.8.0, which also signs the reports and sends the first one before it answers). It was killed with -9
{result.killed_sending} times in the middle of sending, before or after Twilio had taken the message. {_waited(result)}
{result.tries} tries for {plan.messages} replies. What went wrong, at random:

| what | times |
|---|---|
{rows}

Lost and doubled are counted by their words at Twilio. What this does not say: Twilio knows no key that would keep it from taking a
message twice, so after a try of unknown outcome we list what it has. A list that does not show yet what was taken a minute
before would double a reply; `emulate` shows everything at once. A worker that hangs for over a minute between asking and
sending is not simulated either.
"""


def _workers(result: Result) -> str:
    return "One worker" if result.plan.workers == 1 else f"A team of {result.plan.workers} workers at a time"


def _waited(result: Result) -> str:
    """How the minute went by in which a report may come."""
    if result.plan.workers == 1:
        return "The minute in which a report may come was passed over, for us and for Twilio, whenever nothing else was left to do."
    return (
        f"The minute in which a report may come was passed over only while no worker ran: {result.killed_waiting} times all were "
        "killed for that."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
