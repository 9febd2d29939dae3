"""Changed copies of frozen values.

``dataclasses.replace`` asks every field for its rules each time and goes through the constructor, 4 us for a session; a turn makes a
dozen of such copies. This one copies the fields as they stand: a third of the time.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    # Checkers know the fields of what this one is given.
    from dataclasses import replace
else:
    _Value = TypeVar("_Value")
    _new, _set = object.__new__, object.__setattr__

    def replace(value: _Value, /, **changes: Any) -> _Value:
        """The dataclass ``value`` with these fields changed. ``TypeError`` for a field that it has not."""
        kind = type(value)
        if hasattr(kind, "__post_init__") or len(kind.__match_args__) != len(kind.__dataclass_fields__):
            # Something is to be made anew for every value.
            return dataclasses.replace(value, **changes)
        copy = _new(kind)
        for name in kind.__match_args__:
            _set(copy, name, changes.pop(name) if name in changes else getattr(value, name))
        if changes:
            raise TypeError(f"{kind.__name__} has no {', '.join(changes)}")
        return copy


__all__ = ["replace"]
