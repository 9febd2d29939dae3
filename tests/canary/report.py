"""What a run has measured, as a section of docs/reliability.md. Other sections of that page stay as they are."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bot.settings import REPOSITORY
from tests.canary.places import Searched
from tests.canary.running import Result

PAGE = Path("docs") / "reliability.md"
TITLE = "Canary: nothing of a family is written anywhere"
HEAD = """# What was measured

Figures of this code under load, faults and attack. Each section is written by the command that it names, which replaces its
own section alone; date and commit say what was measured. A figure that nobody has measured does not stand here.
"""


def section(result: Result, command: str, date: str, commit: str) -> str:
    """The section, from its title on."""
    tally, death = result.tally, result.death
    statuses = ", ".join(f"{name}: {n}" for name, n in sorted(tally.statuses.items()))
    hits = sum(len(each.hits) for each in (*result.before, *result.after))
    verdict = f"{hits} hits, {death.opened_after} decryptions after the death of the keys"
    return f"""## {TITLE}

{date}, commit {commit}, seed {result.seed}, `{command}`, {result.seconds:.0f} s. **{verdict}**{"; NOT PASSED" if result.faults else ""}.

{result.people} people on both channels and in three languages, each with a number, an A-number, a name, a street and a word that
nobody else has, wrote to the whole Procfile (`tests/canary/`): {tally.sent} requests, of which {tally.again} tries found nobody
listening and were repeated as Twilio does. Answers: {statuses}.
{len(result.flows & tally.flows.keys())} of {len(result.flows)} flows answered{_missing(result)};
{sum(tally.degraded.values())} answers came from a part that was missing. Meanwhile: {", ".join(result.troubles)}.

Then half of them said BORRAR or DELETE, and the clock was moved by 31 days.

Searched for, in small letters and capitals: plain, UTF-16, UTF-32, hexadecimal, URL-, JSON- and byte-escaped, quoted-printable,
base64 at three alignments, gzip and zlib; numbers also with signs between, as integers, and as bare MD5, SHA-1 and SHA-256, with
and without their prefixes; Twilio's message ids.

| place | bytes with everything held | hits | bytes after erasing and purge | hits |
|---|---|---|---|---|
{_rows(result.before, result.after)}

| death of keys | with the keys that lived | with those that are left, on the same old bytes |
|---|---|---|
| sealed values of escalations that open ({death.sealed}) | {death.opened_before} | {death.opened_after} |
| numbers that can be matched to names in Redis ({result.people} tried) | {death.matched_before} | {death.matched_after} |

{result.erased} escalations were erased by their person's word; the key of each was gone when the answer came. The others' time ran out.
{result.agreed} questions lay there because somebody agreed to that, with what she had written into it taken out.
Bytes of dead keys in files: {death.remains.files}. {_memory(death.remains.redis_memory)}

What this does not say: while a day key lives, whoever has the machine can try every number and learn who wrote within about a
day (the column in the middle). {death.opted_out} of the {result.people} had said STOP: they can be told by trying numbers for as
long as they stay opted out, by design. The memory of the web and model processes, in which texts are read, is not searched,
nor is swap; nor the blocks of the disk below its file system.{_faults(result.faults)}
"""


def _missing(result: Result) -> str:
    missing = sorted(result.flows - result.tally.flows.keys())
    return f" (not: {', '.join(missing)})" if missing and len(missing) < 10 else ""


def _rows(before: Sequence[Searched], after: Sequence[Searched]) -> str:
    later = {each.name: each for each in after}
    rows = [(one.name, *_cells(one), *_cells(later.get(one.name))) for one in before]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(searched: Searched | None) -> tuple[str, str]:
    if searched is None or not searched.read:
        return "not measured", "not measured"
    return f"{searched.size:,}", str(len(searched.hits))


def _memory(found: int | None) -> str:
    if found is None:
        return "Whether some are left in the memory of redis-server was not measured: it may not be read here."
    if not found:
        return "In the memory of redis-server: 0."
    return (
        f"In the memory of the running redis-server: {found}. Redis does not overwrite what it frees; they are gone when it is "
        "started again, and are in no file."
    )


def _faults(faults: Sequence[str]) -> str:
    return "".join(f"\n\n- **{fault}**" for fault in faults)


def put(page: str, title: str, text: str) -> str:
    """The page with this section in place of the former one of that title, or at its end."""
    page = page or HEAD
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    if not found:
        return f"{page.rstrip()}\n\n{text.rstrip()}\n"
    after = page[found.end() :]
    return page[: found.start()] + text.rstrip() + ("\n\n" + after if after else "\n")


def commit() -> str:
    """The commit that was run, and whether files were changed since."""
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude", "*"]
    said = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout.strip()
    return said or "unknown"


def write(title: str, text: str) -> None:
    """Puts this section into docs/reliability.md."""
    page = REPOSITORY / PAGE
    page.write_text(put(page.read_text("utf-8") if page.exists() else "", title, text), "utf-8")
