"""Review sheets on paper: one HTML page without scripts, to be printed on A4 and filled in by hand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from bot.language import Language
from bot.scripts.fact import Fact
from bot.scripts.rewriting import ASKS_MEANING
from bot.scripts.sheets.lawyer import Answer, Block, fact_cells, fact_says
from bot.scripts.sheets.speakers import Line

_STYLE = Markup("""
@page { size: A4; margin: 15mm }
body { font: 12pt/1.4 "DejaVu Sans", Arial, sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 0 auto }
h1 { font-size: 18pt } h2 { font-size: 15pt; margin: 0 0 2mm; break-after: avoid }
section { break-before: page; padding-top: 4mm }
article { break-inside: avoid; border-top: 1pt solid #000; padding: 3mm 0 5mm }
.where { font-weight: bold; margin: 0 0 2mm } .small { font-size: 10pt; margin: 1mm 0; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: 22mm 1fr; gap: 1mm 3mm; margin: 0 } dt { font-weight: bold } dd { margin: 0 }
.hand { display: grid; grid-template-columns: 52mm 1fr; gap: 0 3mm; margin-top: 2mm; align-items: end }
.hand b { font-size: 10pt } .hand span { border-bottom: .7pt solid #000; min-height: 10mm }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 } td, th { border: .7pt solid #000; padding: 1.5mm 2mm }
td, th { text-align: left; vertical-align: top; overflow-wrap: anywhere } tr { break-inside: avoid } td p { margin: 0 0 1mm }
.half td, .half th { width: 50% } .read { width: 36mm }
""")
_PAGE = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{style}</style>\n'
    "</head>\n<body>\n<h1>{title}</h1>\n{intro}\n{body}\n</body>\n</html>\n"
)
_NAMES = {Language.EN: "English", Language.ES: "español", Language.QUC: "K'iche'"}
_SPEAKERS_INTRO = Markup(
    '<p>Write the right words on the line "correction", and your name only at texts that you have read and that are right'
    " (with your correction). A name stands in public beside the text: any name by which you want to be called will do."
    " Words with a dollar sign, such as $orr, stand for numbers and places and stay as they are. Do not write anything about"
    " a real person or family here.</p>\n"
    '<p lang="es">Escriba las palabras correctas en la línea "corrección", y su nombre solo en los textos que leyó y que'
    " están bien (con su corrección). El nombre se ve en público junto al texto: puede usar el nombre que quiera. Las"
    " palabras con signo de dólar, como $orr, son números y lugares y se quedan así. No escriba aquí nada de una persona o"
    " familia real.</p>"
)
_LAWYER_INTRO = Markup(
    "<p>These are the answers that families get by SMS and WhatsApp, in both languages, with the facts that they lean on."
    " Only with your name and your licence or DOJ accreditation does a yes count, and only for these words: any change of a"
    " text or a fact ends it. Until then families get a short safe answer: stay silent, sign nothing, find a lawyer."
    " Name, licence and day are kept in public beside the answer. Words with a dollar sign, such as $orr, stand for numbers"
    " and places that are kept apart.</p>"
)


def speakers_page(lines: Sequence[Line], language: Language) -> str:
    """The sheet of a language, flow by flow, each on a page of its own."""
    title = f"Review sheet: {_NAMES[language]}"
    flows = groupby(lines, key=lambda line: line.context.flow.name)
    sections = (_speakers_section(list(group), language) for _, group in flows)
    return _PAGE.format(title=title, style=_STYLE, intro=_SPEAKERS_INTRO, body=Markup("\n").join(sections))


def lawyer_page(blocks: Iterable[Block]) -> str:
    """The sheet of the rights answers, each on a page of its own."""
    body = Markup("\n").join(map(_lawyer_section, blocks))
    return _PAGE.format(title="Review sheet: rights answers", style=_STYLE, intro=_LAWYER_INTRO, body=body)


def _speakers_section(lines: Sequence[Line], language: Language) -> Markup:
    title, flow = lines[0].texts, lines[0].context.flow
    heading = Markup("<h2>{} / {} <small>({})</small></h2>").format(title[Language.EN], title[Language.ES], flow.name)
    return _section(heading, (_text(line, language) for line in lines))


def _section(heading: Markup, parts: Iterable[Markup]) -> Markup:
    return Markup("<section>\n{}\n{}\n</section>").format(heading, Markup("\n").join(parts))


def _text(line: Line, language: Language) -> Markup:
    texts = (
        Markup('<dt>{}</dt><dd lang="{}">{}</dd>').format(_NAMES[other], other.value, text or "-")
        for other, text in line.texts.items()
    )
    about = ". ".join(part for part in (line.state, line.sources, line.length) if part)
    blanks = ["correction / corrección", "", "note / nota", "name, day / nombre, día"]
    if language in ASKS_MEANING:
        blanks.insert(2, "other meaning? / ¿otro sentido?")
    return Markup(
        '<article>\n<p class="where">{}</p>\n<dl>{}</dl>\n<p class="small">{}</p>\n{}\n<p class="small">{} · {}</p>\n</article>'
    ).format(line.context.where, Markup("").join(texts), about, _by_hand(blanks), line.key, line.version)


def _by_hand(blanks: Iterable[str]) -> Markup:
    lines = (Markup("{}<span></span>").format(Markup("<b>{}</b>").format(blank)) for blank in blanks)
    return Markup('<div class="hand">{}</div>').format(Markup("").join(lines))


def _lawyer_section(block: Block) -> Markup:
    heading = Markup("<h2>{} <small>({} · {})</small></h2>").format(
        block.title[Language.EN], block.flow.name, block.version
    )
    state = Markup('<p class="small">{}</p>').format(
        "Approved in these words already." if block.approved else "Not approved in these words."
    )
    blanks = ["yes / change / no", "changes", "", "", "name", "licence or DOJ accreditation", "day, signature"]
    decision = Markup("<article>{}</article>").format(_by_hand(blanks))
    return _section(heading, (state, _answers(block), _facts(block), decision))


def _answers(block: Block) -> Markup:
    head = Markup('<tr><th>English</th><th lang="es">español</th></tr>')
    names = Markup("<tr><td>{}</td><td>{}</td></tr>").format(block.title[Language.EN], block.title[Language.ES])
    rows = Markup("\n").join(map(_answer, block.answers))
    return Markup('<table class="half">\n{}\n{}\n{}\n</table>').format(head, names, rows)


def _answer(answer: Answer) -> Markup:
    cells = (
        Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
        for lines in (answer.english, answer.spanish)
    )
    english, spanish = cells
    return Markup('<tr><th colspan="2">{}</th></tr>\n<tr><td>{}</td><td lang="es">{}</td></tr>').format(
        answer.where, english, spanish
    )


def _facts(block: Block) -> Markup:
    head = Markup("<tr><th>fact</th><th>source, and the date that it shows</th><th>read</th></tr>")
    return Markup('<table class="small">\n{}\n{}\n</table>').format(head, Markup("\n").join(map(_fact, block.facts)))


def _fact(fact: Fact) -> Markup:
    cells = fact_cells(fact)
    source = f"{cells['source']} ({cells['source_date']})" if cells["source_date"] else cells["source"]
    read = (cells["checked"], f"until {cells['valid_until']}", cells["volatile"] if fact.volatile else "")
    said = Markup("<br>").join(fact_says(fact).splitlines())
    return Markup('<tr><td>{}: {}</td><td>{}</td><td class="read">{}</td></tr>').format(
        fact.name, said, source, Markup("").join(Markup("<p>{}</p>").format(line) for line in read if line)
    )
