"""YAML 1.2 as plain values: what everything here that only reads YAML understands, as ``ruamel.yaml`` does that edits it.

libyaml parses (PyYAML's C loader); PyYAML itself would read ``no`` as false, ``012`` as ten, and the last of two equal keys.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.constructor import ConstructorError

# Without libyaml it is slower and reads the same.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _INT, _FLOAT, _VALUE, _MERGE = (
    f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "value", "merge")
)
# The core schema, https://yaml.org/spec/1.2.2/#103-core-schema.
_SCALARS = (
    (_BOOL, r"true|True|TRUE|false|False|FALSE", "tTfF"),
    (_INT, r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        _FLOAT,
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
)


class _Core(_Loader):  # type: ignore[misc]
    """PyYAML's safe loader with the scalars of YAML 1.2, which refuses a mapping that says one key twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag not in (_BOOL, _INT, _FLOAT, _VALUE)]
        for first, known in _Loader.yaml_implicit_resolvers.items()
    }

    def whole_number(self, node: Any) -> int:
        text = self.construct_scalar(node)
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))

    def mapping_once(self, node: Any) -> Any:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                continue
            if key in seen:
                raise ConstructorError(
                    "in a mapping", node.start_mark, f"the key {key!r} a second time", key_node.start_mark
                )
            seen.add(key)
        yield from self.construct_yaml_map(node)


for _tag, _pattern, _firsts in _SCALARS:
    _Core.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), list(_firsts))
_Core.add_constructor(_INT, _Core.whole_number)
_Core.add_constructor("tag:yaml.org,2002:map", _Core.mapping_once)


def plain(text: str) -> Any:
    """The values of a document: mappings, lists, texts, numbers, dates. ``yaml.YAMLError`` tells the line and what is wrong there."""
    loader = _Core(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
