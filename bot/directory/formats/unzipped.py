"""What is in a zip that somebody sent: never written anywhere, never more than fits, never two files of one name. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.limits import LARGEST_FILE, LARGEST_UNPACKED, MOST_FILES

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1


def size_checked(data: bytes, name: str) -> None:
    """Raises DirectoryFormatError for a file that is too large to be looked at."""
    if len(data) > LARGEST_FILE:
        told = f"It has {len(data) // 1_000_000} MB."
        raise DirectoryFormatError(name, told, f"Send {LARGEST_FILE // 1_000_000} MB at most.")


def file_names(data: bytes, name: str, most: int = LARGEST_UNPACKED) -> tuple[str, ...]:
    """The names of the files in a zip that unpacks to so many bytes at most. Raises DirectoryFormatError."""
    size_checked(data, name)
    return tuple(info.filename for info in _infos(data, name, most))


def unzipped(data: bytes, name: str) -> dict[str, bytes]:
    """The files of a zip by their names. Raises DirectoryFormatError."""
    size_checked(data, name)
    infos = _infos(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return {info.filename: opened.read(info) for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DirectoryFormatError(name, f"It cannot be unpacked ({_short(error)}).", "Pack it again.") from None


def _infos(data: bytes, name: str, most: int = LARGEST_UNPACKED) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise DirectoryFormatError(name, f"It is no whole zip ({_short(error)}).", "Pack it again.") from None
    names = [info.filename for info in infos]
    if len(infos) > MOST_FILES:
        raise DirectoryFormatError(name, f"It holds {len(infos)} files.", f"Pack {MOST_FILES} at most.")
    # What the zip says of its sizes holds: zipfile unpacks no more than that.
    unpacked = sum(info.file_size for info in infos)
    if unpacked > most:
        told = f"Unpacked it would have {unpacked // 1_000_000} MB."
        raise DirectoryFormatError(name, told, f"Pack {most // 1_000_000} MB at most.")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise DirectoryFormatError(name, "It has a password.", "Pack it without one.")
    if twice := next((each for each in names if names.count(each) > 1), ""):
        raise DirectoryFormatError(name, f"It holds two files with the name {twice[:80]!r}.", "Pack each file once.")
    if any(_leads_out(each) for each in names):
        raise DirectoryFormatError(
            name, "It holds a file that lies outside of it.", "Pack the files again, by themselves."
        )
    return infos


def _leads_out(path: str) -> bool:
    return path.startswith(("/", "\\")) or ":" in path or ".." in path.replace("\\", "/").split("/")


def _short(error: Exception) -> str:
    return str(error)[:80]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files: the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in files:
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            opened.writestr(info, files[name])
    return out.getvalue()
