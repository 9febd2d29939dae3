"""Changed copies of frozen values.

``dataclasses.replace`` asks every field for its rules each time and goes through the constructor, 5.3 us for a session; a turn wants a
dozen of such copies. This one copies the fields as they stand, in 3.2 us, and makes no copy where nothing changes, in 0.3.
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
        """The dataclass ``value`` with these fields changed; itself where all of them are so already.

        ``TypeError`` or ``AttributeError`` for a field that it has not.
        """
        kind = type(value)
        if hasattr(kind, "__post_init__") or len(kind.__match_args__) != len(kind.__dataclass_fields__):
            # Something is to be made anew for every value.
            return dataclasses.replace(value, **changes)
        for name, new in changes.items():
            if getattr(value, name) is not new:
                break
        else:
            return value
        copy = _new(kind)
        for name in kind.__match_args__:
            _set(copy, name, changes.pop(name) if name in changes else getattr(value, name))
        if changes:
            raise TypeError(f"{kind.__name__} has no field {', '.join(changes)}")
        return copy


__all__ = ["replace"]
