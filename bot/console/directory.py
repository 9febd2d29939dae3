"""The list of the directory: search, filters, what the gaps are, and the files that it can be taken away as."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import Response, abort, make_response, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.directory_list import PAGE, Asked, confirmed_on, entry_state, found, region_of
from bot.console.directory_words import STATE_WORDS, ago_in_days, countries, languages_of
from bot.console.kinds import kind_words
from bot.console.numbers import whole
from bot.console.shell import say
from bot.console.tasks_found import line_purpose
from bot.console.words import words
from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.flat import write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.tabular import write_zip
from bot.directory.freshness import Freshness
from bot.directory.hotline import Hotline
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import SERVICES
from bot.escalation.viewer import Role
from bot.store.check_rows import CHECKS
from bot.store.directory_draft import NoSuchEntry
from bot.store.directory_seen import EntrySeen
from bot.store.gap_counts import gap_counts

_WEEKS = 13
"""So many weeks of what families looked for are told."""


def _workbook(package: Package) -> bytes:
    # Here: no start waits for openpyxl, which is 180 modules.
    from bot.directory.formats.workbook import write_workbook

    return write_workbook(package)


EXPORTS: dict[str, tuple[Callable[[Package], bytes], str, str]] = {
    "csv": (write_flat, "directory.csv", "text/csv; charset=utf-8"),
    "xlsx": (
        _workbook,
        "directory.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "json": (write_json, "directory.json", "application/json"),
    "package": (write_zip, "directory.zip", "application/zip"),
}


class Row(Struct, frozen=True):
    """An entry as a row of the list."""

    entry: EntrySeen
    state: str
    confirmed: str
    old: bool
    flags: int


@console.get("/directory")
@allow(Role.VOLUNTEER, Role.PUBLISHER, Role.COORDINATOR)
def directory() -> AnyResponse:
    """All entries, or those that were asked for."""
    asked = Asked.of(request.args)
    page = max(request.args.get("page", 1, type=whole), 1)
    seen, editing = desk().directory.seen(viewer()), desk().directory
    flags, today = editing.flagged(viewer()), editing.today()
    places = desk().puente.release.places
    rows = found(seen.entries.values(), asked, flags, today, places)
    here = rows[(page - 1) * PAGE : page * PAGE]
    said = render_template(
        "directory.html",
        asked=asked,
        total=len(seen.entries),
        count=len(rows),
        rows=[_row(each, flags) for each in here],
        page=page,
        more=len(rows) > page * PAGE,
        kinds={kind: kind_words(words)[kind] for kind in SERVICES},
        languages=languages_of(*(";".join(each.listed.languages) for each in seen.entries.values())),
        states=STATE_WORDS,
        countries=countries(),
        places=_places(seen.entries.values()),
        gap=_gap(asked) if not rows and asked.kind else None,
        exports=EXPORTS,
        lines=_lines(),
    )
    return make_response(said)


def _lines() -> list[tuple[Hotline, str]]:
    """What answers name by a field, with what each is for: for those who may say anything of it."""
    if not viewer().has(*CHECKS):
        return []
    found = [(line, line_purpose(line)) for line in desk().lines.lines(viewer()).values()]
    return sorted(found, key=lambda each: (each[1].casefold(), each[0].id))


def _row(each: EntrySeen, flags: dict[str, int]) -> Row:
    today = desk().directory.today()
    old = each.listed.freshness(today) is not Freshness.FRESH
    return Row(each, entry_state(each), ago_in_days(confirmed_on(each), today), old, flags.get(each.code, 0))


def _places(entries: Iterable[EntrySeen]) -> list[str]:
    """Towns and states to choose from while typing."""
    return sorted({name for each in entries for name in (each.listed.city, each.listed.state) if name})


def _gap(asked: Asked) -> int:
    """How often families looked for that where nothing was near, in the last weeks."""
    region = region_of(asked.place, desk().puente.release.places)
    state = f"{region[0]}-{region[1]}" if region else ""
    since = desk().directory.today() - timedelta(weeks=_WEEKS)
    counts = gap_counts(desk().engine, since)
    return sum(n for where, kind, n in counts if kind == asked.kind and (not asked.place or where == state))


@console.get("/directory/export/<form>")
@allow(Role.VOLUNTEER, Role.PUBLISHER, Role.COORDINATOR)
def export_directory(form: str) -> AnyResponse:
    """The whole directory as a file: the bytes of ``directory export``."""
    if form not in EXPORTS:
        abort(404)
    write, name, kind = EXPORTS[form]
    try:
        data = write(desk().directory.seen(viewer()).package)
    except DirectoryFormatError:
        said = words(
            "directory.export-not-whole",
            "A sheet cannot hold everything that stands in the directory now. Take the package, which can.",
        )
        return make_response(render_template("said.html", title=words("directory.export", "Export"), mend=said), 422)
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@console.errorhandler(NoSuchEntry)
def _no_such_entry(error: NoSuchEntry) -> AnyResponse:
    return say(404)
