"""What a fuzz run has tried, as a section of docs/reliability.md."""

from __future__ import annotations

from tests.fuzz.progress import Progress

TITLE = "Fuzz: what nobody would write"
GOAL = 1_000_000


def section(progress: Progress, command: str, date: str) -> str:
    """The section, from its title on. ``found`` are files of tests/fuzz/findings that this run wrote."""
    cases, statuses = progress.cases, progress.statuses
    reached = "reached" if progress.total >= GOAL and not progress.found else "NOT REACHED"
    why = "" if progress.total >= GOAL else f", {GOAL - progress.total:,} are left (`{command}` goes on)"
    fives = sum(count for name, count in statuses.items() if name.rpartition(" ")[2].startswith("5"))
    answers = ", ".join(f"{name}: {count:,}" for name, count in statuses.items()) or "none"
    seen = len(progress.seen)
    by = ", ".join(f"{count:,} by {name}" for name, count in sorted(progress.by.items()))
    return f"""## {TITLE}

{date}, commit {", ".join(progress.commits)}, seed {progress.seed}, `{command}`, {progress.seconds:.0f} s.
**{progress.total:,} of {GOAL:,} cases{why}; {fives} answers 5xx, {len(progress.found)} findings: goal {reached}**.

- **{cases["requests"]:,} requests** to `/messages` and `/status` through the real app with a real Redis and SQLite: fields missing, twice,
  empty, huge, of odd bytes; other encodings, methods and lengths; media, pins, buttons, odd senders, retries; most of them signed over what
  the server reads, so that they come in. The clock jumps up to hours. A model hears anything at all. Answers: {answers}.
- **{cases["turns"]:,} turns** of the flows, drawn by a state machine of Hypothesis, with the real content, on both channels; {seen} places
  of the flows were seen. After every turn the session is one of the grammar in `tests/fuzz/grammar.py`, and no number means anything
  that was not on the last menu that went out.
- **{cases["bytes"]:,} byte strings** for what reads what people write, and for renderer and TwiML ({by or "none"}).

No case may take a second of processor time (`tests/fuzz/watchdog.py` looks at it from another thread), log an error, or be answered as if
a store were down. What was found is kept in `tests/fuzz/findings` and tried again by every `make test`.

What this does not say: requests go to the app itself and not through gunicorn, one at a time; a turn of the state machine has no desk
behind it that takes conversations (the requests have, as far as a family reaches it); the model is drawn, not the trained one.
"""
