"""The PO file format: lines in, messages out, and back, byte for byte. What the comments mean is in state.py.

Babel decodes. It also forgives: a quote that nobody closed costs it the last letter, a second msgstr is
passed over, a loose one lands under the next key. So every line is checked before Babel sees it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from babel.messages import pofile
from babel.messages.catalog import Catalog as BabelCatalog
from babel.messages.catalog import Message as BabelMessage

from bot.language import Language
from bot.wording.errors import BrokenCatalog, MissingKey, UnwritableText

WIDTH = 100  # columns after which the writer folds a line

_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)[ \t]+)?"[^"\\]*(?:\\[\\trn"][^"\\]*)*"')
# What may stand before each keyword. A message without msgctxt is only the header, which comes first.
_AFTER = {"msgctxt": ("", "msgstr"), "msgid": ("msgctxt", ""), "msgstr": ("msgid",)}
# Babel drops a comment line that repeats another of the same message: each gets its number while Babel has it.
_NUMBERED = "\0"
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LINE_MEND = "Write msgctxt, msgid or msgstr and the words in straight double quotes, in one language only"
_NO_KEY, _NO_KEY_MEND = "this msgid has no msgctxt", "Write its key (flow.step.part) in the line above"
_HEADER = """\
# Puente: the sentences that families receive. People edit msgstr and the comments, nothing else.
msgid ""
msgstr ""
"Project-Id-Version: puente\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: msgctxt, msgid, msgstr and what stands above them. ``line`` is where its msgid stands.

    ``comments`` (``#``) are the translators', ``extracted`` (``#.``) ours to them, ``references`` (``#:``) the
    files that the English stands in.
    """

    key: str
    english: str
    text: str
    comments: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    fuzzy: bool = False
    line: int = 0


def read_messages(data: bytes, file: str) -> tuple[Message, ...]:
    """The messages of a PO file in its order, without header and obsolete ones. ``file`` is named in errors.

    Raises BrokenCatalog and MissingKey. Two messages with one key both come back: that is for the reader to
    judge.
    """
    # Windows editors write a byte order mark; what msgmerge leaves (#~ obsolete, #| previous) is not kept.
    lines = [line.strip() for line in _decoded(data, file).split("\n")]
    lines = ["" if line.startswith(("#~", "#|")) else line for line in lines]
    lines = [f"{line}{_NUMBERED}{number}" if line.startswith("# ") else line for number, line in enumerate(lines)]
    _check_lines(lines, file)
    recording = _Recording()
    try:
        pofile.PoFileParser(recording, ignore_obsolete=True, abort_invalid=True).parse(lines)
    except pofile.PoFileError as error:
        raise BrokenCatalog(file, error.lineno + 1, str(error), _LINE_MEND) from error
    return tuple(_message(found, file) for found in recording.found)


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenCatalog(file, line, "this is not UTF-8", "Save the file as UTF-8") from error


def _check_lines(lines: Iterable[str], file: str) -> None:
    before, number = "", 0
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise BrokenCatalog(file, number, f"not a line of a catalog: {line[:60]}", _LINE_MEND)
        keyword: str | None = match[1]
        if keyword is None:
            continue
        if keyword == "msgid" and before == "msgstr":
            raise MissingKey(file, number, _NO_KEY, _NO_KEY_MEND)
        if before not in _AFTER[keyword]:
            what = f"{keyword} stands after {before or 'nothing'}"
            raise BrokenCatalog(file, number, what, "The order is msgctxt, msgid, msgstr, each once")
        before = keyword
    if before in ("msgctxt", "msgid"):
        raise BrokenCatalog(file, number, f"the file ends after {before}", "Take the rest from a copy")


class _Recording(BabelCatalog):
    """Keeps every message as it was read. Babel's own catalog would silently join two with the same key."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[BabelMessage] = []

    def __setitem__(self, id: Any, message: BabelMessage) -> None:
        if id != "" or message.context is not None:  # else it is the header, of which we need nothing
            self.found.append(message)


def _message(found: BabelMessage, file: str) -> Message:
    line, english, text = found.lineno or 0, str(found.id), str(found.string)
    if not found.context:
        raise MissingKey(file, line, _NO_KEY, _NO_KEY_MEND)
    if not english:
        raise BrokenCatalog(file, line, f"{found.context} has no English sentence", "Run make catalogs")
    return Message(
        found.context,
        english,
        text,
        tuple(comment.partition(_NUMBERED)[0] for comment in found.user_comments),
        tuple(found.auto_comments),
        tuple(file for file, _ in found.locations),
        found.fuzzy,
        line,
    )


def write_messages(messages: Iterable[Message], language: Language | None) -> bytes:
    """The PO file of these messages in their order; a template (POT) where ``language`` is None.

    Holds no date and no place in the code, so that the same messages are the same bytes. Raises
    UnwritableText.
    """
    out = io.StringIO(newline="\n")
    out.write(_HEADER.format(language=language or ""))
    for message in messages:
        out.writelines(_lines(message))
    return out.getvalue().encode()


def _lines(message: Message) -> Iterator[str]:
    words = (("msgctxt", message.key), ("msgid", message.english), ("msgstr", message.text))
    if not message.key or not message.english:
        raise UnwritableText(message.key, "a text needs a key and an English sentence")
    if any(map(_HALF_PAIR.search, (message.key, message.english, message.text, *message.comments, *message.extracted))):
        raise UnwritableText(message.key, "half of a surrogate pair stands in it")
    yield "\n"
    for comment in message.comments:
        yield f"# {comment}\n"
    for note in message.extracted:
        yield f"#. {' '.join(note.split())}\n"
    if message.references:
        yield f"#: {' '.join(message.references)}\n"
    if message.fuzzy:
        yield "#, fuzzy\n"
    for keyword, text in words:
        yield f"{keyword} {pofile.normalize(text, width=WIDTH)}\n"
