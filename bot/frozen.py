"""Changed copies of values: of the Structs that nearly all are, and of the dataclasses that want what a Struct has not."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, structs

if TYPE_CHECKING:
    # Checkers know the fields of what this one is given.
    from dataclasses import replace
else:
    _Value = TypeVar("_Value")

    def replace(value: _Value, /, **changes: Any) -> _Value:
        """The value with these fields changed. ``TypeError`` for a field that it has not."""
        return structs.replace(value, **changes) if isinstance(value, Struct) else dataclasses.replace(value, **changes)


__all__ = ["replace"]
