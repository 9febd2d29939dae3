"""``flask --app webhook content review-sheet ...``: sheets go out to speakers and lawyers, and come back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from msgspec import Struct

from bot import content
from bot.clock import clock_for
from bot.directory.errors import DirectoryError
from bot.engine.errors import EngineError
from bot.frozen import replace
from bot.language import Language
from bot.scripts.approval import approved_flows
from bot.scripts.catalogs import in_line
from bot.scripts.errors import ScriptsError, SheetError
from bot.scripts.lengths import lengths
from bot.scripts.release import Release
from bot.scripts.sheets import cells, lawyer, speakers
from bot.scripts.sheets.approve import with_approval
from bot.scripts.sheets.corrections import KNOWN, is_speakers, joined, read_corrections
from bot.scripts.sheets.page import lawyer_page, speakers_page
from bot.scripts.sheets.taking import Judge, take
from bot.scripts.sheets.told import told_corrections, told_verdicts
from bot.scripts.sheets.verdicts import Answered, is_lawyers, read_verdicts
from bot.settings import REPOSITORY, Settings
from bot.wording.catalog import replace_files
from bot.wording.errors import WordingError
from bot.wording.kiche import load_words

review_sheet = AppGroup("review-sheet", help="Sheets for speakers and lawyers, to be printed or mailed, and read back.")
_FLOWS = click.option("--flow", "flows", multiple=True, metavar="NAME", help="Only this flow; may be given again.")
_OUT = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder for the files."
)


class Reading(Struct, frozen=True):
    """What returned sheets would do: in words, the files as they would stand, and whether all rows are taken."""

    told: tuple[str, ...]
    files: dict[Path, bytes]
    whole: bool


@review_sheet.command("speakers")
@click.option("--language", type=click.Choice([language.value for language in Language]), default=Language.QUC.value)
@_FLOWS
@_OUT
def speakers_command(language: str, flows: tuple[str, ...], out: Path) -> None:
    """Make the sheet for people who speak a language (quc where none is named): CSV and a page to print."""
    which = Language(language)
    with _in_words():
        release = content.load(REPOSITORY)
        lines = speakers.lines(release, which, lengths(release), flows)
        sheet = cells.written(speakers.columns(which), map(speakers.row, lines))
        _put(
            out, {f"speakers-{language}.csv": sheet, f"speakers-{language}.html": speakers_page(lines, which).encode()}
        )


@review_sheet.command("lawyer")
@_FLOWS
@_OUT
def lawyer_command(flows: tuple[str, ...], out: Path) -> None:
    """Make the sheet for a lawyer or accredited representative: rights answers and their facts, CSV and a page to print."""
    with _in_words():
        blocks = lawyer.blocks(content.load(REPOSITORY), flows)
        sheet = cells.written(lawyer.COLUMNS, (row for block in blocks for row in lawyer.rows(block)))
        _put(out, {"lawyer.csv": sheet, "lawyer.html": lawyer_page(blocks).encode()})


@review_sheet.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def read_command(files: tuple[Path, ...], dry_run: bool) -> None:
    """Read returned sheets: say what they ask for, then write it. Exits with 1 when a row was not taken."""
    today = datetime.fromtimestamp(clock_for(_settings())()).date()
    with _in_words():
        names = [str(path) if len(files) > 1 else "" for path in files]
        sheets = {name: path.read_bytes() for name, path in zip(names, files, strict=True)}
        reading = read_back(REPOSITORY, sheets, today)
        for line in reading.told:
            click.echo(line)
        if not dry_run:
            replace_files(reading.files)
    if dry_run or not reading.files:
        click.echo("Nothing was written" + (" (--dry-run)." if dry_run else "."))
    else:
        click.echo(f"{len(reading.files)} files written. Now run `content check`.")
    sys.exit(0 if reading.whole else 1)


def read_back(root: Path, sheets: Mapping[str, bytes], today: date) -> Reading:
    """What these sheets, all of speakers or all of lawyers, would do to the content under ``root``. Writes nothing.

    ``sheets`` by name; a name is told only where there are several. Raises SheetError, ContentError and its kin.
    """
    release = content.load(root)
    tables = [cells.read(data, (*KNOWN, *lawyer.COLUMNS), name) for name, data in sheets.items()]
    if all(is_lawyers(table) for table in tables):
        return _read_verdicts(root, release, tables, today)
    if any(is_lawyers(table) or not is_speakers(table) for table in tables):
        raise SheetError(
            f"The first row is none of ours: a speakers' sheet has {', '.join(KNOWN)}; a lawyer's {', '.join(lawyer.COLUMNS)}."
            " Read sheets of one kind at a time"
        )
    return _read_corrections(root, release, tables, today)


def _read_corrections(root: Path, release: Release, tables: Iterable[cells.Table], today: date) -> Reading:
    kiche = load_words(root / "locales" / "quc" / "words.csv")
    read = joined(read_corrections(table, release, kiche, today) for table in tables)
    judging = content.judge_of(root)
    judge = Judge(lambda given: judging(given).errors, lengths)
    returned, merged = take(release, read, judge)
    files = content.catalog_files(root, merged) if returned.corrections else {}
    before = in_line(release.script.flows, release.catalogs).catalogs
    lost = approved_flows(release) - approved_flows(replace(release, catalogs=merged.catalogs))
    told = told_corrections(returned, before, merged.catalogs, sorted(lost))
    return Reading(tuple(told), _changed(files), not returned.refusals)


def _read_verdicts(root: Path, release: Release, tables: Iterable[cells.Table], today: date) -> Reading:
    read = [read_verdicts(table, release, today) for table in tables]
    answered = Answered(
        tuple(each for one in read for each in one.verdicts),
        tuple(each for one in read for each in one.refusals),
        sum(one.untouched for one in read),
    )
    files = {}
    for each in answered.verdicts:
        path = root / "flows" / each.flow.group / f"{each.flow.name}.yml"
        if path in files:
            raise SheetError(f"Two sheets speak of {each.flow.name}. Read them one after the other")
        files[path] = with_approval(path.read_bytes(), each.flow, each.approval)
    return Reading(tuple(told_verdicts(answered)), _changed(files), not answered.refusals)


def _changed(files: dict[Path, bytes]) -> dict[Path, bytes]:
    return {path: data for path, data in files.items() if not path.is_file() or path.read_bytes() != data}


def _put(folder: Path, files: dict[str, bytes]) -> None:
    """Writes new files and never over old ones: somebody may have filled them in."""
    for name in files:
        if (folder / name).exists():
            raise SheetError(f"{folder / name} is there already and may be filled in. Name another folder with --out")
    replace_files({folder / name: data for name, data in files.items()})
    for name in files:
        click.echo(folder / name)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@contextmanager
def _in_words() -> Iterator[None]:
    """What can be wrong with content, sheets and files, without a traceback."""
    try:
        yield
    except (ScriptsError, WordingError, EngineError, DirectoryError, OSError) as error:
        raise click.ClickException(str(error)) from None
