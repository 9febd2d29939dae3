"""The call list on paper: one HTML page without scripts or anything from outside, black on white, a city on its own sheets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from markupsafe import Markup

from bot.directory.call_list import MINUTES_FOR_A_LINE, MINUTES_WITH_NUMBER, MINUTES_WITHOUT, City, Entry
from bot.directory.call_words import KINDS, WORDS
from bot.directory.listed import Listed

_STYLE = Markup("""
@page { margin: 14mm }
* { box-sizing: border-box }
body { font: 11pt/1.35 "DejaVu Sans", Arial, sans-serif; color: #000; background: #fff; max-width: 182mm; margin: 0 auto; padding: 3mm }
h1 { font-size: 18pt; margin: 0 0 3mm } h2 { font-size: 15pt; margin: 4mm 0 1mm; break-after: avoid }
h3 { font-size: 12pt; margin: 0; overflow-wrap: anywhere } p { margin: 1mm 0 } ul { margin: 1mm 0; padding-left: 5mm }
section { break-before: page; margin-top: 8mm } .small { font-size: 9pt; overflow-wrap: anywhere }
.say { border: 1.2pt solid #000; padding: 2mm 3mm; margin: 2mm 0 }
article { break-inside: avoid; border: 1pt solid #000; padding: 2mm 3mm; margin: 3mm 0 }
.top { display: flex; gap: 2mm 3mm; align-items: baseline; flex-wrap: wrap }
.who { border: 1.5pt solid #000; padding: 0 2mm; font-weight: bold; font-size: 13pt }
.number { font-size: 14pt; font-weight: bold; margin-left: auto }
.ask { margin-top: 2mm; font-weight: bold }
.blanks { display: flex; flex-wrap: wrap; gap: 1.5mm 4mm; align-items: flex-end; margin-top: 1mm }
.box::before { content: ""; display: inline-block; width: 3.6mm; height: 3.6mm; border: 1pt solid #000; margin-right: 1.5mm;
  vertical-align: -.5mm }
.had { font-weight: bold; text-decoration: underline }
.write { flex: 1 1 50mm; display: flex; gap: 1.5mm; align-items: flex-end; min-height: 7.5mm }
.write i { flex: 1; border-bottom: .7pt solid #000 } .write span { white-space: nowrap; font-size: 9pt }
table { border-collapse: collapse; width: 100% } td, th { border: .7pt solid #000; padding: 1mm 2mm; text-align: right }
td:first-child, th:first-child { text-align: left; overflow-wrap: anywhere } tr { break-inside: avoid }
@media screen and (max-width: 130mm) { .number { margin-left: 0 } body { font-size: 12pt } td, th { padding: 1mm; font-size: 10pt } }
""")
_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
)


def call_page(cities: Sequence[City], language: str, today: date, sheet: str) -> str:
    """The whole list: how to call, all cities with their calls, then each city. ``sheet``: the name of the file for the answers."""
    words = WORDS[language]
    body = Markup("\n").join(
        [
            Markup("<h1>{}</h1><p>{}</p>").format(words["title"], words["made"].format(day=today)),
            _how(language, sheet),
            _summary(cities, language),
            *(_city(city, language) for city in cities),
        ]
    )
    return _PAGE.format(language=language, title=words["title"], style=_STYLE, body=body)


def _how(language: str, sheet: str) -> Markup:
    words = WORDS[language]
    limits = words["limits"].format(with_number=MINUTES_WITH_NUMBER, without=MINUTES_WITHOUT, line=MINUTES_FOR_A_LINE)
    return Markup(
        '<h2>{}</h2>\n<div class="say"><p>{}</p><p><b>{}</b></p></div>\n<h2>{}</h2>\n{}\n<h2>{}</h2>\n{}\n<p class="small">{}</p>'
    ).format(
        words["script_title"],
        words["script"],
        words["consent"],
        words["rules_title"],
        _bullets(words["rules"].split("\n")),
        words["back_title"],
        _bullets(words["back"].format(sheet=sheet).split("\n")),
        limits,
    )


def _bullets(lines: Iterable[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))


def _summary(cities: Sequence[City], language: str) -> Markup:
    words = WORDS[language]
    head = Markup("").join(
        Markup("<th>{}</th>").format(cell)
        for cell in (words["city"], words["calls"], words["to_find"], "A", "B", words["minutes"])
    )
    rows = [_summed(_name(city, language), [city]) for city in cities]
    rows.append(_summed(words["total"], cities))
    told = Markup('<p class="small">{}: {}.</p>').format(words["minutes"], words["together"])
    return Markup("<section><h2>{}</h2>\n<table><tr>{}</tr>\n{}\n</table>\n{}</section>").format(
        words["summary"], head, Markup("\n").join(rows), told
    )


def _summed(name: str, cities: Sequence[City]) -> Markup:
    numbers = (
        sum(len(city.entries) for city in cities),
        sum(city.to_find for city in cities),
        sum(len(city.of("A")) for city in cities),
        sum(len(city.of("B")) for city in cities),
        sum(city.minutes for city in cities),
    )
    cells = Markup("").join(Markup("<td>{}</td>").format(number or "") for number in numbers)
    return Markup("<tr><td>{}</td>{}</tr>").format(name, cells)


def _name(city: City, language: str) -> str:
    return city.name if city.city else f"{WORDS[language]['phone_only']}: {city.country}"


def _city(city: City, language: str) -> Markup:
    words = WORDS[language]
    shares = {who: city.of(who) for who in ("A", "B")}
    minutes = {who: sum(each.minutes for each in some) for who, some in shares.items()}
    head = words["head"].format(
        calls=len(city.entries),
        a=len(shares["A"]),
        b=len(shares["B"]),
        a_minutes=minutes["A"],
        b_minutes=minutes["B"],
    )
    entries = Markup("\n").join(_entry(each, language) for each in city.entries)
    return Markup("<section><h2>{}</h2><p>{}</p>\n{}</section>").format(_name(city, language), head, entries)


def _entry(entry: Entry, language: str) -> Markup:
    if entry.listed is None:
        return _line_entry(entry, language)
    each, words = entry.listed, WORDS[language]
    numbers = ", ".join(has.phone.text for has in each.numbers) or words["no_number"]
    notes = [*_notes(each, language)]
    if entry.line:
        notes.append(words["also_line"].format(id=entry.line.id))
    told = Markup("").join(Markup('<p class="small">{}</p>').format(note) for note in notes)
    said = Markup('<p class="small" lang="en">{}</p>').format(each.description)
    name = each.name_es if language == "es" and each.name_es else each.name
    return _article(entry.who, name, each.code, numbers, told + said + _questions(each, language))


def _article(who: str, name: str, code: str, number: str, body: Markup) -> Markup:
    return Markup(
        '<article>\n<div class="top"><span class="who">{}</span><h3 class="box">{}</h3><span class="small">{}</span>'
        '<span class="number">{}</span></div>\n{}\n</article>'
    ).format(who, name, code, number, body)


def _notes(each: Listed, language: str) -> Iterable[str]:
    words = WORDS[language]
    kinds = ", ".join(KINDS[language].get(kind, kind) for kind in each.kinds) or words["nothing"]
    hours = (each.hours_es if language == "es" else each.hours_en) or words["unknown"]
    speaks = ", ".join(each.languages) or words["unknown"]
    address = f"{each.address}. " if each.address else ""
    yield f"{address}{words['listed']}: {kinds}; {words['hours']}: {hours}; {words['speaks']}: {speaks}."
    state = words["never"]
    if each.confirmed:
        state = words["confirmed"].format(day=each.confirmed[0], by=each.confirmed[1])
    if each.flags:
        said = words["flagged_once"] if each.flags == 1 else words["flagged"].format(times=each.flags)
        state = f"{said}. {state}"
    held = f" {words['held_back']}: {each.held_back}." if each.held_back else ""
    yield f"{state}.{held}"
    pages = " ; ".join(dict.fromkeys(filter(None, (each.url, *each.sources))))
    if each.numbers:
        yield f"{words['read']}: {pages} ({each.source_date})"
    else:
        yield f"{words['find']}: {words['look']}. {words['read']}: {pages} ({each.source_date})"


def _questions(each: Listed, language: str) -> Markup:
    words = WORDS[language]
    kinds = Markup("").join(
        Markup('<span class="box{}">{}</span>').format(" had" if kind in each.kinds else "", said)
        for kind, said in KINDS[language].items()
    )
    return Markup("").join(
        [
            _asked(words["q1"], _boxes(words, "works", "open", "closed") + _lines(words, "other")),
            _asked(words["q2"], kinds + _lines(words, "cost", "papers")),
            _asked(words["q3"], _boxes(words, "quc", "interpreter") + _lines(words, "languages", "hours")),
            Markup('<div class="blanks">{}{}</div>').format(_boxes(words, "asked"), _lines(words, "more", "day_name")),
        ]
    )


def _asked(question: str, blanks: Markup) -> Markup:
    return Markup('<p class="ask">{}</p><div class="blanks">{}</div>').format(question, blanks)


def _boxes(words: Mapping[str, str], *names: str) -> Markup:
    return Markup("").join(Markup('<span class="box">{}</span>').format(words[name]) for name in names)


def _lines(words: Mapping[str, str], *names: str) -> Markup:
    return Markup("").join(
        Markup('<span class="write"><span>{}</span><i></i></span>').format(words[name]) for name in names
    )


def _line_entry(entry: Entry, language: str) -> Markup:
    words, line = WORDS[language], entry.line
    if line is None:
        return Markup("")
    purpose = line.purpose_es if language == "es" else line.purpose_en
    notes = [f"{words['line']}: {purpose}. {words['never']}.", f"{words['read']}: {line.source}"]
    told = Markup("").join(Markup('<p class="small">{}</p>').format(note) for note in notes)
    doubt = Markup('<p class="small" lang="en">{}.</p>').format(line.to_check) if line.to_check else Markup("")
    asked = _asked(words["line_asks"], _boxes(words, "works") + _lines(words, "languages", "hours", "more", "day_name"))
    return _article(entry.who, line.run_by or purpose, line.id, line.text, told + doubt + asked)
