"""What the rules of the directory say, as phrases that have their Spanish: a pattern of the English, and the sentence with its values."""

from __future__ import annotations

import re

from bot.console.words import phrase

_P = re.compile

PROBLEMS = (
    # Cells (bot/directory/hsds/values.py).
    (_P(r"It is empty\."), phrase("problem.empty", "It is empty.")),
    (_P(r"Fill it in\."), phrase("problem.fill-in", "Fill it in.")),
    (_P(r"It is (?P<cell>'.*'|\".*\")\."), phrase("problem.is", "It is %(cell)s.")),
    (_P(r"It has (?P<n>[\d,]+) characters\."), phrase("problem.characters", "It has %(n)s characters.")),
    (_P(r"Write (?P<n>[\d,]+) at most\."), phrase("problem.at-most", "Write %(n)s at most.")),
    (_P(r"Use one of: (?P<some>.*)\."), phrase("problem.one-of", "Use one of: %(some)s.")),
    (_P(r"Use any of: (?P<some>.*)\."), phrase("problem.any-of", "Use any of: %(some)s.")),
    (_P(r"It has (?P<cell>'.*')\."), phrase("problem.has", "It has %(cell)s.")),
    (_P(r"Write a day as (?P<day>[\d-]+)\."), phrase("problem.a-day", "Write a day as %(day)s.")),
    (_P(r"Write a time as 09:00\."), phrase("problem.a-time", "Write a time as 09:00.")),
    (
        _P(r"Write a number from (?P<low>\S+) to (?P<high>\S+)\."),
        phrase("problem.a-number", "Write a number from %(low)s to %(high)s."),
    ),
    (
        _P(r"Write an address that begins with https:// or http://\."),
        phrase("problem.a-page", "Write an address that begins with https:// or http://."),
    ),
    (
        _P(r"Write an address such as info@example\.org\."),
        phrase("problem.a-mail", "Write an address such as info@example.org."),
    ),
    (
        _P(r"Write the whole number with its country, as \+13125550100\."),
        phrase("problem.a-phone", "Write the whole number with its country, as +13125550100."),
    ),
    (_P(r"Write digits, as 104\."), phrase("problem.digits", "Write digits, as 104.")),
    (
        _P(r"Write the ISO 639 code: es, en, quc, mam\."),
        phrase("problem.a-language", "Write the code of the language: es, en, quc, mam."),
    ),
    (
        _P(r"Name the page with https://, or say in words where it was seen\."),
        phrase("problem.a-source", "Name the page with https://, or say in words where it was seen."),
    ),
    (
        _P(r"It holds the invisible sign (?P<sign>\S+)\."),
        phrase("problem.invisible", "It holds the invisible sign %(sign)s."),
    ),
    (_P(r"Type the text again\."), phrase("problem.type-again", "Type the text again.")),
    (_P(r"A letter was lost on the way \(U\+FFFD\)\."), phrase("problem.letter-lost", "A letter was lost on the way.")),
    (
        _P(r"Accents became other signs: (?P<cell>.*)\."),
        phrase("problem.accents", "Accents became other signs: %(cell)s."),
    ),
    (
        _P(r"Save the file as UTF-8 and send it again\."),
        phrase("problem.utf-8", "Save the file as UTF-8 and send it again."),
    ),
    (_P(r"(?P<cell>'.*'|\".*\") cannot be read\."), phrase("problem.unread", "%(cell)s cannot be read.")),
    (
        _P(r"Write each of .* once at most, with its reason, as women only: a shelter for women\."),
        phrase("problem.exclusions", "Write for whom it is and why, each once, as women only: a shelter for women."),
    ),
    # Rows (check.py).
    (
        _P(r"A confirmation has a day and a person\."),
        phrase("problem.day-and-person", "A confirmation has a day and a person."),
    ),
    (_P(r"(?P<day>[\d-]+) has not come yet\."), phrase("problem.not-yet", "%(day)s has not come yet.")),
    (_P(r"Write the day on which it was done\."), phrase("problem.that-day", "Write the day on which it was done.")),
    (_P(r"It is above maximum_age\."), phrase("problem.ages", "The first age is above the second.")),
    (_P(r"Change one of the two\."), phrase("problem.change-one", "Change one of the two.")),
    (_P(r"It lies before \w+\."), phrase("problem.before", "The last day lies before the first.")),
    (_P(r"Fill in both, or neither\."), phrase("problem.both", "Fill in both, or neither.")),
    (
        _P(r"A state-wide service names its state\."),
        phrase("problem.name-state", "What works for a whole state names its state."),
    ),
    (_P(r"Fill it in, as IL\."), phrase("problem.as-il", "Fill it in, as IL.")),
    (
        _P(r"The (?P<column>\w+) stands at (?P<where>.*) too\."),
        phrase("problem.twice", "The same %(column)s stands at %(where)s too."),
    ),
    (
        _P(r"Give every row (an id|a code) of its own\."),
        phrase("problem.own-code", "Give every row a code of its own."),
    ),
    (_P(r"There is no (?P<what>\w+) (?P<id>\S+)\."), phrase("problem.no-such", "There is no %(what)s %(id)s.")),
    # Sheets (bot/directory/formats).
    (_P(r"The number stands twice in this row\."), phrase("problem.number-twice", "The same number stands twice.")),
    (_P(r"Empty one of the two\."), phrase("problem.empty-one", "Empty one of the two.")),
    (
        _P(r"The directory has more here than a (form|sheet) can say: (?P<what>.*)\."),
        phrase("problem.more", "The directory holds more here than this form can show: %(what)s."),
    ),
    (
        _P(r"Leave the cell as it was, and change it in a package\."),
        phrase("problem.package", "Leave it as it was. Whoever runs the server changes it with a package."),
    ),
    (
        _P(r"Hours need the clocks by which they are told\."),
        phrase("problem.clocks", "Hours need the town, to know by whose clocks they are."),
    ),
    (_P(r"Write the time zone, as America/Chicago\."), phrase("problem.zone", "Write the town and the state.")),
    (
        _P(r"It is about a service, and the row has none\."),
        phrase("problem.no-service", "It is about a kind of help, and none is chosen."),
    ),
    (
        _P(r"Name the kind of help in service_terms, or empty the cell\."),
        phrase("problem.name-help", "Choose a kind of help, or empty this."),
    ),
    (
        _P(r"The row has a service, and now neither its kind of help nor its name\."),
        phrase("problem.help-gone", "The last kind of help was taken away."),
    ),
    (
        _P(r"Fill in one of the two, or set status to inactive\."),
        phrase("problem.keep-help", "Keep one, or pause the entry."),
    ),
    (
        _P(r"The row has no place that it could be about\."),
        phrase("problem.no-place", "It has no town that this could be about."),
    ),
    (_P(r"Fill in the town\."), phrase("problem.fill-town", "Fill in the town.")),
    (_P(r"There is no (?P<slot>phone\d?)\."), phrase("problem.no-phone", "There is no number beside it.")),
    (
        _P(r"Write the number in phone\d?, or empty this cell\."),
        phrase("problem.write-number", "Write the number, or empty this."),
    ),
    (
        _P(r"It has columns that we do not know: (?P<some>.*)\."),
        phrase("problem.columns", "It has columns that we do not know: %(some)s."),
    ),
    (_P(r"The columns are: (?P<some>.*)\."), phrase("problem.columns-are", "The columns are: %(some)s.")),
    (_P(r"It has no column code\."), phrase("problem.no-code", "It has no column “code”.")),
    (
        _P(r"Every row needs its code, as in an export\."),
        phrase("problem.needs-code", "Every row needs its code, as in an export."),
    ),
    (_P(r"It has more than (?P<n>\d+) rows\."), phrase("problem.rows", "It has more than %(n)s rows.")),
    (_P(r"It has (?P<n>[\d,]+) (MB|bytes|records)\."), phrase("problem.large", "It is too large (%(n)s).")),
    (
        _P(r"Send (?P<n>[\d,]+)( MB)? at most(, or import it at the terminal)?\."),
        phrase("problem.send-less", "Send %(n)s at most, or ask whoever runs the server to import it."),
    ),
    (
        _P(r"Its first row names no columns of ours: .*\."),
        phrase("problem.no-columns", "Its first row names no columns of ours."),
    ),
    (
        _P(r"Send a sheet \(CSV or \.xlsx\).*"),
        phrase(
            "problem.forms", "Send a sheet (CSV or .xlsx), an HSDS package (.zip), one of its tables, or HSDS as JSON."
        ),
    ),
    (_P(r"It cannot be read(?: \(.*\)|)\."), phrase("problem.unreadable", "It cannot be read.")),
    # Files beside what is there (bot/directory/importing).
    (
        _P(
            r"The number changed, and the confirmation of (?P<day>[\d-]+) is of the one before it \((?P<number>\S+)\)\."
        ),
        phrase(
            "problem.old-confirmation",
            "The number changed, and the confirmation of %(day)s is of the one before it (%(number)s).",
        ),
    ),
    (
        _P(r"Say in \w+ that the new number was asked for on that day, or empty .*\."),
        phrase(
            "problem.empty-confirmation",
            "Empty the confirmation, or say in its source that the new number was asked for.",
        ),
    ),
    (_P(r"That is no name\."), phrase("problem.no-name", "That is no name.")),
    (
        _P(r"Write who confirmed it, or empty the confirmation\."),
        phrase("problem.write-who", "Write who confirmed it, or empty the confirmation."),
    ),
    (
        _P(r"The code stands at (?P<what>'.*') of the directory, under another id\."),
        phrase("problem.code-taken", "The code stands at %(what)s of the directory."),
    ),
    # Confirmations (confirming.py).
    (
        _P(r"Nobody's name is in --by\."),
        phrase("problem.by-name", "Your account has no name that could stand under a confirmation."),
    ),
    (
        _P(r"Write who called, in \d+ letters at most\."),
        phrase("problem.ask-admin", "Ask an admin to write your name into your account."),
    ),
    (_P(r"It has (?P<n>\d+) numbers: (?P<some>.*)\."), phrase("problem.which", "It has %(n)s numbers: %(some)s.")),
    (_P(r"Say which with --phone\."), phrase("problem.say-which", "Say which of them answered.")),
    (
        _P(r"It was confirmed later, on (?P<day>[\d-]+)\."),
        phrase("problem.later", "It was confirmed later, on %(day)s."),
    ),
    (
        _P(r"(?P<code>\S+) has neither a number nor a service\."),
        phrase("problem.nothing-there", "It has neither a number nor a kind of help."),
    ),
    (_P(r"Add one first: `directory import`\."), phrase("problem.add-first", "Add one first.")),
    (_P(r"Nobody said how\."), phrase("problem.nobody-said-how", "Nobody said how.")),
)
