"""Why a row of a sheet that came back is not taken, or a whole sheet, as phrases that have their Spanish: a pattern of the English.

The reasons are made in bot/scripts/sheets and bot/cells.py, which speak English, as the terminal does.
"""

from __future__ import annotations

import re

from bot.cells import SAVE_AS
from bot.console.words import Phrase, phrase, words

_P = re.compile
_SAVE = f"(?P<save>{re.escape(SAVE_AS)})"
_QUOTED = r"(?P<cell>'.*'|\".*\")"

REASONS: tuple[tuple[re.Pattern[str], Phrase], ...] = (
    # What is wrong with a file (bot/cells.py, sheets/cells.py, console/sheet_read.py).
    (
        _P(rf"This is (?P<what>.*), not a CSV file\. Open it in the spreadsheet program\. {_SAVE}"),
        phrase("sheet.not-csv", "This is %(what)s, not a CSV file. Open it in the spreadsheet program. %(save)s"),
    ),
    (
        _P(rf"The file is in an encoding that we do not know\. {_SAVE}"),
        phrase("sheet.encoding", "The file is in an encoding that we do not know. %(save)s"),
    ),
    (
        _P(rf"The rows cannot be told apart \(.*\)\. {_SAVE}"),
        phrase("sheet.rows-apart", "The rows cannot be told apart. %(save)s"),
    ),
    (
        _P(r"The file is (?:far )?too large for a sheet of ours\. Send the one that was filled in"),
        phrase("sheet.too-large", "The file is too large for a sheet of ours. Send the one that was filled in."),
    ),
    (
        _P(r"The sheet is empty\. Send the one that was filled in"),
        phrase("sheet.empty", "The sheet is empty. Send the one that was filled in."),
    ),
    (
        _P(rf"The column {_QUOTED} is there twice\. Take one of them out"),
        phrase("sheet.column-twice", "The column %(cell)s is there twice. Take one of them out."),
    ),
    (
        _P(r"The first row lacks (?P<some>.*); it has (?P<there>.*)\. Write the names back as they were"),
        phrase(
            "sheet.columns-lack", "The first row lacks %(some)s; it has %(there)s. Write the names back as they were."
        ),
    ),
    (
        _P(r"This is not a sheet for speakers\. Take one from this page, fill it in and bring it back"),
        phrase(
            "sheet.not-ours", "This is not a sheet for speakers. Take one from this page, fill it in and bring it back."
        ),
    ),
    (
        _P(r"More than (?P<n>\d+) rows: send the sheet in parts"),
        phrase("sheet.too-long", "More than %(n)s rows: send the sheet in parts."),
    ),
    # Letters (sheets/cells.py).
    (
        _P(rf"a letter was lost in {_QUOTED}\. {_SAVE}"),
        phrase("sheet.letter-lost", "a letter was lost in %(cell)s. %(save)s"),
    ),
    (
        _P(rf"accents became other signs in {_QUOTED}\. Open the sheet as UTF-8\. {_SAVE}"),
        phrase("sheet.accents", "accents became other signs in %(cell)s. Open the sheet as UTF-8. %(save)s"),
    ),
    (
        _P(rf"a question mark stands for a letter that was lost in {_QUOTED}\. {_SAVE}"),
        phrase("sheet.question-mark", "a question mark stands for a letter that was lost in %(cell)s. %(save)s"),
    ),
    # Who and when (sheets/signed.py).
    (
        _P(rf"{_QUOTED} does not look like a person's name\. Have the columns been swapped\?"),
        phrase("sheet.no-name", "%(cell)s does not look like a person's name. Have the columns been swapped?"),
    ),
    (
        _P(rf"{_QUOTED} is no day: write the day as (?P<day>[\d-]+)(?:, or leave the cell empty)?"),
        phrase("sheet.no-day", "%(cell)s is no day: write it as %(day)s, or leave the cell empty."),
    ),
    (
        _P(rf"{_QUOTED} could be two days: write the day as (?P<day>[\d-]+)"),
        phrase("sheet.two-days", "%(cell)s could be two days: write it as %(day)s."),
    ),
    (
        _P(r"(?P<cell>\S+) is still to come: write the day as (?P<day>[\d-]+), the day on which the text was read"),
        phrase(
            "sheet.day-to-come", "%(cell)s is still to come: write the day on which the text was read, as %(day)s."
        ),
    ),
    # Rows of speakers (sheets/corrections.py).
    (
        _P(r"(?P<rows>row .*) ask for different things\. Leave one of them"),
        phrase("sheet.different", "%(rows)s ask for different things. Leave one of them."),
    ),
    (
        _P(r"(?P<rows>row .*) says the same, and a text keeps one name"),
        phrase("sheet.same", "%(rows)s says the same, and a text keeps one name."),
    ),
    (
        _P(rf"{_QUOTED} stands beyond the last column\. Have the columns been moved\?"),
        phrase("sheet.beyond", "%(cell)s stands beyond the last column. Have the columns been moved?"),
    ),
    (
        _P(r"neither a correction nor a name stands here\. Write one of the two"),
        phrase("sheet.neither", "neither a correction nor a name stands here. Write one of the two."),
    ),
    (
        _P(r"there is no text yet that could be found right\. Write it under correction"),
        phrase("sheet.no-text-yet", "there is no text yet that could be found right. Write it under correction."),
    ),
    (
        _P(r"there is no text of this key \(?any more\)?\. Make a new sheet"),
        phrase("sheet.no-key", "there is no text of this key any more. Make a new sheet."),
    ),
    (
        _P(rf"the cell {_QUOTED} does not hold what was in it\. Copy it from the sheet that went out"),
        phrase("sheet.version", "the cell %(cell)s does not hold what was in it. Copy it from the sheet that went out."),
    ),
    (
        _P(r"the text, or what it is checked against, changed since the sheet was made\. Make a new one"),
        phrase("sheet.moved", "the text, or what it is checked against, changed since the sheet was made. Make a new one."),
    ),
    (
        _P(
            r"the text in the column (?P<column>\w+) is not as it went out: somebody wrote over it, or letters were lost on"
            r" the way\. Write under correction, and save as 'CSV UTF-8'"
        ),
        phrase(
            "sheet.not-as-sent",
            "the text in the column %(column)s is not as it went out: somebody wrote over it, or letters were lost on the"
            " way. Write under correction, and save as “CSV UTF-8”.",
        ),
    ),
    (
        _P(r"the text in the column (?P<column>\w+) was written over\. Write it under correction"),
        phrase("sheet.written-over", "the text in the column %(column)s was written over. Write it under correction."),
    ),
    (
        _P(rf"does the text mean something else now\? Write yes or no under {_QUOTED}"),
        phrase("sheet.meaning", "does the text mean something else now? Write yes or no under %(cell)s."),
    ),
    (
        _P(r"(?P<some>.*) is no field\. Copy the fields \(\$\.\.\.\) from the text as it was"),
        phrase("sheet.no-field", "%(some)s is no field. Copy the fields ($...) from the text as it was."),
    ),
    (
        _P(r"(?P<some>.*) is missing: the fields stand for numbers, places and names, and stay as they are"),
        phrase(
            "sheet.field-missing",
            "%(some)s is missing: the fields stand for numbers, places and names, and stay as they are.",
        ),
    ),
    (
        _P(r"(?P<some>.*) is too much: the fields stand for numbers, places and names, and stay as they are"),
        phrase(
            "sheet.field-too-much",
            "%(some)s is too much: the fields stand for numbers, places and names, and stay as they are.",
        ),
    ),
    (
        _P(
            r"(?P<some>.*): not in locales/quc/words\.csv, and no speaker's name stands in the row\. Add the name of who says"
            r" it so, or the words with their source"
        ),
        phrase(
            "sheet.strange-words",
            "%(some)s: not among the K'iche' words that have a source, and no speaker's name stands in the row. Add the name"
            " of who says it so.",
        ),
    ),
    # What is open on the pages (console/sheet_read.py).
    (
        _P(r"somebody wrote this text meanwhile on the page\. Compare both there"),
        phrase("sheet.meanwhile", "somebody wrote this text meanwhile on the page. Compare both there."),
    ),
    (
        _P(r"somebody is reading this answer before it goes out\. Bring the row back later"),
        phrase("sheet.in-review", "somebody is reading this answer before it goes out. Bring the row back later."),
    ),
)  # fmt: skip

_WHAT = {
    "a workbook (.xlsx or .ods)": phrase("sheet.workbook", "a workbook (.xlsx or .ods)"),
    "a workbook (.xls)": phrase("sheet.old-workbook", "a workbook (.xls)"),
    "a PDF": phrase("sheet.pdf", "a PDF"),
}
_PLACE = re.compile(r"row (\d+)")


def refused_row(reason: str) -> str:
    """Why it is not taken, in the words of the page; as it stands where it has none."""
    for pattern, told in REASONS:
        if found := pattern.fullmatch(reason):
            return words(told, **{name: _value(name, value) for name, value in found.groupdict().items()})
    return reason


def row_words(place: str) -> str:
    """Where it stands, as the spreadsheet counts: row 12. In a list of several too."""
    return _PLACE.sub(lambda found: words("sheet.row", "row %(n)s", n=found[1]), place)


def _value(name: str, value: str) -> str:
    match name:
        case "save":
            return words("sheet.save-as", "Save it again as “CSV UTF-8 (comma delimited)”.")
        case "what" if value in _WHAT:
            return words(_WHAT[value])
        case "rows":
            return row_words(value)
    return value
