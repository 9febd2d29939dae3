"""`python -m tests.carrier`: replies of staff while everything fails; exit code 1 if one is lost or doubled (``make chaos-outbox``)."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import REPOSITORY
from tests.canary.report import PAGE, commit, write
from tests.carrier.chaos import Plan, Result, chaos
from tests.carrier.fake import emulated, front_of

TITLE = "Replies of staff"
ABOUT = f"""## {TITLE}

Replies of staff lie in the outbox, on both channels, one to three for each family, the next ones written as the last ones go. A
worker, or several at a time, started as the Procfile starts it, sends them through a front that breaks things to a Twilio of nobody
here (npm's `emulate` 0.8.0, which also signs the reports and sends the first one before it answers). All workers are killed with -9
in the middle of sending, before or after Twilio had taken the message. The minute in which a report may come is passed over, for us
and for Twilio, whenever nothing else is left to do: one worker then sends nothing; of several all are killed first ("killed
waiting"). With PACE the pauses that a worker makes between two rounds (5 s between two looks for what nobody knows the end of) are
cut to that part. Lost and doubled are counted by their words at Twilio. A row for each way of running it (`make chaos-outbox` with
these words), the newest run of each:
"""
HEAD = """| when (UTC) | commit | with | s | killed sending | killed waiting | tries | lost | doubled | no end | went wrong, at random |
|---|---|---|---|---|---|---|---|---|---|---|
"""
LIMITS = """
What this does not say: Twilio knows no key that would keep it from taking a message twice, so after a try of unknown outcome we list
what it has. A list that does not show yet what was taken a minute before would double a reply; `emulate` shows everything at once.
A worker that hangs for long between beginning a try and sending gives it back instead (`tests/carrier/test_looking_up.py`); one that
hangs for over half a minute in the sending itself, and then goes on, would double.
"""


def main(arguments: list[str]) -> int:
    """Runs it and prints its row; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.carrier", description=__doc__)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="PostgreSQL: one of its own"
    )
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--pace", type=float, default=1.0, help="the pauses of a worker, cut to this part")
    parser.add_argument("--seconds", type=float, default=1800.0, help="after so many it is not passed")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    ways = {"seed": options.seed, "seconds": options.seconds, "pace": options.pace}
    plan = Plan(options.messages, options.kills, options.workers, options.database, **ways)
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        folder, theirs = Path(name) / "ours", Path(name) / "twilio"
        folder.mkdir(mode=0o700)
        theirs.mkdir()
        with emulated(theirs) as emulate, front_of(emulate) as twilio, chaos(plan, twilio, folder) as result:
            line = row(result, datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), commit())
    print(line)
    if options.write:
        page = REPOSITORY / PAGE
        write(TITLE, section(page.read_text("utf-8") if page.exists() else "", line))
    return 0 if result.passed else 1


def row(result: Result, when: str, commit: str) -> str:
    """What one run has shown, as a row of the table."""
    plan = result.plan
    words = (
        f"MESSAGES={plan.messages} KILLS={plan.kills} WORKERS={plan.workers} DATABASE={plan.database} SEED={plan.seed}"
    )
    words += f" PACE={plan.pace}" if plan.pace != 1.0 else ""
    wrong = "; ".join(f"{times} x {what}" for what, times in sorted(result.went_wrong.items()))
    counted = (result.lost, result.doubled, result.unsettled)
    found = " | ".join(f"**{number}**" for number in counted)
    verdict = "" if result.passed else "NOT PASSED; "
    if result.written < plan.messages:
        verdict += f"**only {result.written} replies fitted into the time**; "
    return (
        f"| {when} | {commit} | `{words}` | {result.seconds:.0f} | {result.killed_sending} | {result.killed_waiting} "
        f"| {result.tries} | {found} | {verdict}{wrong} |"
    )


def section(page: str, line: str) -> str:
    """The section with this row in place of the one of the same words, or after the others that the page has."""
    _, _, ours = page.partition(f"## {TITLE}\n")
    rows = [each for each in ours.partition("\n## ")[0].splitlines() if each.startswith("| 2")]
    same = [each for each in rows if _words(each) == _words(line)]
    rows = [line if each in same[:1] else each for each in rows if each not in same[1:]] + ([] if same else [line])
    return ABOUT + "\n" + HEAD + "\n".join(rows) + "\n" + LIMITS


def _words(line: str) -> str:
    return line.split("|")[3].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
