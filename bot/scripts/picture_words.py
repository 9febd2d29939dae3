"""How much room words take in a picture, and where their lines end. No font is asked: what is measured is a little too wide. Pure."""

from __future__ import annotations

SIZE = 14
"""Of the letters in a picture, in pixels; way.css says the same."""
# Widths in Noto Sans, as parts of the size; measured in the font, rounded up.
_WIDTHS = {letter: width for letters, width in (("iljI.,:;'|!¡ítf() -", 0.36), ("mwMW—", 0.96)) for letter in letters}
_CAPITAL, _OTHER = 0.7, 0.61


def width(words: str) -> float:
    """In pixels."""
    return SIZE * sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _OTHER) for letter in words)


def wrapped(words: str, room: int, most: int) -> tuple[str, ...]:
    """The lines of a text that may be ``room`` pixels wide; what does not fit into ``most`` of them ends in dots."""
    lines: list[str] = []
    for word in words.split():
        if lines and width(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(_cut(word, room))
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width(f"{last}…") > room:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip()}…")


def _cut(word: str, room: int) -> str:
    """A word that is longer than a line ends in dots."""
    if width(word) <= room:
        return word
    while word and width(f"{word}…") > room:
        word = word[:-1]
    return f"{word}…"
