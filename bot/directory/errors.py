"""What can be wrong with the directory's files. One tree; each error says where, what and how to mend it."""

from __future__ import annotations

from pathlib import Path


class DirectoryError(Exception):
    """Base of every error of this package. Raised when the data is read, never while a family is answered."""


class DirectoryFileError(DirectoryError):
    """A file of the directory cannot be used. ``line`` counts from 1 with the header; 0 means the file as a whole."""

    def __init__(self, file: Path, line: int, problem: str, mend: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        self.mend = mend
        where = f"{file.name}, line {line}" if line else file.name
        super().__init__(f"{where}: {problem} {mend}")


class ScheduleError(DirectoryError):
    """Opening hours or a time zone that cannot be read. Whoever reads the file says in which line they stand."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem = problem
        self.mend = mend
        super().__init__(f"{problem} {mend}")


class DirectoryFormatError(DirectoryError):
    """A file that somebody sent, or one that was asked for, cannot be read or made as a whole. ``name`` is that of the file."""

    def __init__(self, name: str, problem: str, mend: str) -> None:
        self.name = name
        self.problem = problem
        self.mend = mend
        super().__init__(f"{name}: {problem} {mend}")
