"""What can be wrong with words. Each error carries its evidence; a catalog's say file, line and mend."""

from __future__ import annotations

from collections.abc import Iterable


class WordingError(Exception):
    """Root of the errors of bot/wording."""


class MissingValue(WordingError):
    """A text names fields that have no value, or misspells them: it must not go out with a hole."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text, self.names = text, tuple(names)
        super().__init__(f"no value for {', '.join(self.names)} in {text!r}")


class NotGsm7(WordingError):
    """Septets were asked of a text that GSM-7 cannot carry."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        super().__init__(f"not in the GSM-7 alphabet: {' '.join(map(ascii, self.characters))}")


class BrokenMark(WordingError):
    """A comment line that looks like one of ours (a review, a citation) and cannot be read or written."""

    def __init__(self, mark: str, mend: str) -> None:
        self.mark, self.mend = mark, mend
        super().__init__(f"{mark!r}: {mend}")


class CatalogError(WordingError):
    """A catalog that cannot be used. ``line`` counts from 1."""

    def __init__(self, file: str, line: int, problem: str, mend: str) -> None:
        self.file, self.line, self.problem, self.mend = file, line, problem, mend
        super().__init__(f"{file}:{line}: {problem}. {mend}")


class BrokenCatalog(CatalogError):
    """A line that no PO tool writes, or lines in an order that would put a text under the wrong key."""


class MissingKey(CatalogError):
    """A sentence without msgctxt: nobody can say where it belongs."""


class DuplicateKey(CatalogError):
    """Two sentences claim the same key."""


class BrokenReview(CatalogError):
    """A comment about the state of a text that cannot be read; guessing it would invent an approval."""


class UnwritableText(WordingError):
    """A text that cannot be kept in a catalog: it has half of a surrogate pair, or no English sentence."""

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(f"{key}: {problem}")


class CannotMove(WordingError):
    """Texts that cannot go under another key: there are none, or one stands there already."""
