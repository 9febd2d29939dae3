"""Writes an approval into the file of a flow, or takes it out, and leaves every other byte as it was. Pure."""

from __future__ import annotations

import io
import re

from ruamel.yaml import YAML
from yaml import YAMLError

from bot.engine.flow import Approval, Flow
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.scripts.errors import SheetError
from bot.yaml_text import plain

_WORD = "approved_by"
# The key and all lines under it: indented ones, with the empty ones between them.
_BLOCK = re.compile(r"^approved_by:.*(?:\r?\n(?:[ \t]*\r?\n)*[ \t]+\S.*)*(?:\r?\n|\Z)", re.MULTILINE)
_STEPS = re.compile(r"^steps:", re.MULTILINE)


def with_approval(data: bytes, flow: Flow, approval: Approval | None) -> bytes:
    """The bytes of a flow's file with this approval alone; without one where it is None.

    ``flow``: what the file holds now. Raises SheetError where the file cannot be edited without touching more.
    """
    file = f"flows/{flow.group}/{flow.name}.yml"
    text = data.decode("utf-8")
    old = [found.group() for found in _BLOCK.finditer(text)]
    start = _STEPS.search(text)
    if len(old) > 1 or start is None:
        raise SheetError(f"{file}: {_WORD} or steps: stands at no place that can be told. Edit it by hand")
    bare = text.replace(old[0], "", 1) if old else text
    at = text.index(old[0]) if old else start.start()
    edited = f"{bare[:at]}{_written(approval, text)}{bare[at:]}" if approval else bare
    if _read(edited, file, flow) != replace(flow, approved_by=approval):
        raise SheetError(f"{file}: writing {_WORD} would change more than that. Edit it by hand")
    return edited.encode()


def _written(approval: Approval, text: str) -> str:
    """The lines of an approval as YAML, with the line ends of the file."""
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    parts = {"name": approval.name, "licence": approval.licence, "date": approval.date, "words": approval.words}
    yaml.dump({_WORD: parts}, out)
    return out.getvalue().replace("\n", "\r\n" if "\r\n" in text else "\n")


def _read(text: str, file: str, flow: Flow) -> Flow | None:
    try:
        return read_flow(plain(text), file, flow.group)
    except YAMLError:
        return None
