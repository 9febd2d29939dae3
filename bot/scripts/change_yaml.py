"""The file of a flow as text: read into a flow, and written back with its comments. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from yaml import YAMLError

from bot.engine.errors import EngineError
from bot.engine.flow import Flow, Group
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.scripts.errors import ScriptsError
from bot.yaml_text import plain

WIDTH = 4096


class StepsRefused(ScriptsError):
    """Steps that cannot be so: the message says which, and how to mend it.

    ``why`` names the reason for a page, which says it in the reader's language with ``values``; empty where only the message says it.
    """

    def __init__(self, message: str, why: str = "", **values: Any) -> None:
        self.why, self.values = why, values
        super().__init__(message)


def flow_path(name: str, group: Group) -> str:
    """Where the file of a flow stands in the repository."""
    return f"flows/{group}/{name}.yml"


def flow_of(text: str, name: str, group: Group) -> Flow:
    """The flow that a file holds. Raises StepsRefused, in words, where it holds none."""
    try:
        return read_flow(plain(text), flow_path(name, group), group)
    except YAMLError as error:
        raise StepsRefused(f"{name}.yml is not YAML: {' '.join(str(error).split())}") from None
    except EngineError as error:
        raise StepsRefused(str(error)) from None


def tree(text: str) -> Any:
    """The file as it can be edited: its mapping, with every comment where it stands."""
    return _yaml().load(text)


def written(value: Any) -> str:
    """The text of an edited file."""
    out = io.StringIO()
    _yaml().dump(value, out)
    return out.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = WIDTH
    yaml.allow_unicode = True
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def heard(flow: Flow, intents: Iterable[str]) -> Flow:
    """The flow that these intents lead to as well."""
    return replace(flow, intents=tuple(dict.fromkeys((*flow.intents, *intents))))


def intents_added(text: str, flow: Flow, intents: Iterable[str]) -> str:
    """The file of a flow that these intents lead to as well."""
    value = tree(text)
    all_of_them = CommentedSeq(heard(flow, intents).intents)
    all_of_them.fa.set_flow_style()
    if "intents" in value:
        value["intents"] = all_of_them
    else:
        value.insert(list(value).index("title") + 1, "intents", all_of_them)
    return written(value)
