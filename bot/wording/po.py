"""The PO file format: lines in, messages out, and back, byte for byte. What the comments mean is in state.py.

Babel's reader forgives: a quote that nobody closed costs it the last letter, a second msgstr is passed over, a loose one lands
under the next key, a comment said twice is there once. So lines are read here, one way only, and Babel decodes what is in quotes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from babel.messages import pofile
from msgspec import Struct

from bot.language import Language
from bot.wording.errors import BrokenCatalog, MissingKey, UnwritableText

WIDTH = 100  # columns after which the writer folds a line

_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)[ \t]+)?("[^"\\]*(?:\\[\\trn"][^"\\]*)*")')
# What may stand before each keyword. A message without msgctxt is only the header, which comes first.
_AFTER = {"msgctxt": ("", "msgstr"), "msgid": ("msgctxt", ""), "msgstr": ("msgid",)}
# What msgmerge leaves: obsolete messages, and texts of before.
_LEFT_OVER = ("#~", "#|")
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


class Message(Struct, frozen=True):
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
    return tuple(_message(each, file) for each in _read(_decoded(data, file).split("\n"), file) if not each.is_header)


class _Lines(Struct):
    """The lines of one message: the comments above it, and what is in quotes behind each keyword. ``line`` is that of its msgid."""

    comments: list[str] = []
    words: dict[str, list[str]] = {}
    line: int = 0

    @property
    def is_header(self) -> bool:
        return "msgctxt" not in self.words and not self.text("msgid")

    def text(self, keyword: str) -> str:
        """The decoded words behind a keyword."""
        return "".join(pofile.unescape(each) if "\\" in each else each[1:-1] for each in self.words.get(keyword, ()))


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenCatalog(file, line, "this is not UTF-8", "Save the file as UTF-8") from error


def _read(lines: Iterable[str], file: str) -> Iterator[_Lines]:
    found, before, number = _Lines(), "", 0
    # Where words without a keyword go on; nowhere behind a comment.
    into: list[str] | None = None
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith(_LEFT_OVER):
            continue
        match = None if line.startswith("#") else _LINE.fullmatch(line)
        keyword = match[1] if match else None
        if (match is None or keyword) and "msgstr" in found.words:
            # This one is over.
            yield found
            found = _Lines()
        if line.startswith("#"):
            if before == "msgid":
                raise BrokenCatalog(file, number, "a comment stands between msgid and msgstr", _LINE_MEND)
            found.comments.append(line)
            into = None
        elif match is None:
            raise BrokenCatalog(file, number, f"not a line of a catalog: {line[:60]}", _LINE_MEND)
        elif keyword is None:
            if into is None:
                raise BrokenCatalog(file, number, "words stand behind no keyword", _LINE_MEND)
            into.append(match[2])
        else:
            _check_order(before, keyword, file, number)
            before, into = keyword, [match[2]]
            found.words[keyword] = into
            if keyword == "msgid":
                found.line = number
    if before in ("msgctxt", "msgid"):
        raise BrokenCatalog(file, number, f"the file ends after {before}", "Take the rest from a copy")
    if found.words:
        yield found


def _check_order(before: str, keyword: str, file: str, number: int) -> None:
    if keyword == "msgid" and before == "msgstr":
        raise MissingKey(file, number, _NO_KEY, _NO_KEY_MEND)
    if before not in _AFTER[keyword]:
        what = f"{keyword} stands after {before or 'nothing'}"
        raise BrokenCatalog(file, number, what, "The order is msgctxt, msgid, msgstr, each once")


def _message(found: _Lines, file: str) -> Message:
    key, english = found.text("msgctxt"), found.text("msgid")
    if not key:
        raise MissingKey(file, found.line, _NO_KEY, _NO_KEY_MEND)
    if not english:
        raise BrokenCatalog(file, found.line, f"{key} has no English sentence", "Run make catalogs")
    above: dict[str, list[str]] = {".": [], ":": [], ",": [], "": []}
    for comment in found.comments:
        kind = comment[1:2] if comment[1:2] in above else ""
        above[kind].append(comment[1 + len(kind) :].strip())
    files = (place.partition(":")[0] for places in above[":"] for place in places.split())
    return Message(
        key,
        english,
        found.text("msgstr"),
        tuple(above[""]),
        tuple(dict.fromkeys(filter(None, above["."]))),
        tuple(dict.fromkeys(files)),
        any("fuzzy" in map(str.strip, flags.split(",")) for flags in above[","]),
        found.line,
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
