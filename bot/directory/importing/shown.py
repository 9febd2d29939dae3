"""Text out of a file that somebody sent, as it may stand on a terminal. Pure."""

from __future__ import annotations

LONGEST_SHOWN = 160


def shown(text: str) -> str:
    """The text with every sign that cannot be seen written out: ``\\x1b`` for an escape, ``\\u202e`` for what turns a line around.

    So nothing in a file can colour, move or clear what a volunteer reads before saying yes.
    """
    return "".join(sign if sign.isprintable() else _written_out(sign) for sign in text)


def short(text: str, most: int = LONGEST_SHOWN) -> str:
    """The text, cut with ``...`` where it is longer than so many characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def apart(was: str, becomes: str) -> tuple[str, str]:
    """Two texts as they are; two long ones from shortly before the place where they part, so that the difference is seen."""
    if max(len(was), len(becomes)) <= LONGEST_SHOWN:
        return was, becomes
    same = next((at for at, (one, other) in enumerate(zip(was, becomes, strict=False)) if one != other), None)
    same = min(len(was), len(becomes)) if same is None else same
    begin = max(same - 30, 0)
    return _part(was, begin), _part(becomes, begin)


def _part(text: str, begin: int) -> str:
    return short(f"...{text[begin:]}" if begin else text)


def _written_out(sign: str) -> str:
    return ascii(sign)[1:-1]
