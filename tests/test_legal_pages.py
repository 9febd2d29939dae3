"""The drafts for counsel name every table, every entry of Redis and every period that the code has: a new one is noticed here."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.privacy import RETENTION
from bot.settings import REPOSITORY
from bot.store.models import Base
from bot.worker import duties
from tests.phone import Phone

PAGES = [
    REPOSITORY / "SECURITY.md",
    *(
        REPOSITORY / "docs" / f"{name}.md"
        for name in ("README", "agreement-between-members", "legal-process", "minors")
    ),
    *(REPOSITORY / "docs" / f"privacy.{language}.md" for language in ("es", "en")),
]
LEGAL = (REPOSITORY / "docs" / "legal-process.md").read_text("utf-8")

# What is kept, for how long, and the words for it in Spanish and in English.
PERIODS = [
    ("session", timedelta(hours=24), "24 horas", "24 hours"),
    ("topic", timedelta(minutes=30), "30 minutos (15", "30 minutes (15"),
    ("sensitive topic", timedelta(minutes=15), "30 minutos (15", "30 minutes (15"),
    ("stored reply", timedelta(hours=24), "24 horas", "24 hours"),
    ("day key", timedelta(hours=48), "unos 2 días", "about 2 days"),
    ("counts", timedelta(days=395), "13 meses", "13 months"),
]
# Nothing about a family, or not in use before the desk: it stands on no page for families.
OF_STAFF = {
    "area notice": timedelta(days=30),
    "closed escalation": timedelta(days=7),
    "escalation": timedelta(days=30),
    "unfinished erasing": timedelta(days=14),
    "shared phone": timedelta(days=90),
    "copy at the carrier": timedelta(hours=24),
    "audit": timedelta(days=365),
}

# As the rows of the page write it: {b}:session:<code>, day:<date>.
SHAPES = [(r"\{[0-9a-f]{4}\}", "{b}"), (r"[0-9a-f]{32}", "<code>")]
DATES = [(r"^(day:)[\d-]+$", r"\1<date>"), (r"^(counts:\w+:)[\d-]+$", r"\1<week>"), (r"^(spent:)[\d-]+", r"\1<date>")]
# Named together in one row.
BRIEFLY = {"{b}:fence": "{b}:lock", "{b}:queue": "{b}:lock", "{b}:seen": "{b}:lock"}


@pytest.mark.parametrize("table", sorted({*Base.metadata.tables, "alembic_version"}))
def test_every_table_has_its_row(table: str) -> None:
    assert f"\n| `{table}` |" in LEGAL


def test_every_period_is_told_and_no_other() -> None:
    assert {name: period for name, period, *_ in PERIODS} | OF_STAFF == dict(RETENTION)
    spanish, english = ((REPOSITORY / "docs" / f"privacy.{name}.md").read_text("utf-8") for name in ("es", "en"))
    assert [name for name, _, es, en in PERIODS if es not in spanish or en not in english] == []
    assert "13 months (395 days)" in LEGAL and "30 days after its end" in LEGAL


def test_every_entry_of_redis_is_told_and_goes_when_the_page_says(app: Flask) -> None:
    phone = Phone(app.test_client())
    for text in ("abogado 60629", "ALTO", "BORRAR", "menu"):
        phone.send(text)
    puente = app.extensions["puente"]()
    for duty in duties(puente.settings, puente.redis, puente.engine):
        duty.run()
    hours: dict[str, float] = {}
    for key in puente.redis.keys("*"):
        shape = key.decode()
        for pattern, name in (*SHAPES, *DATES):
            shape = re.sub(pattern, name, shape)
        shape = BRIEFLY.get(shape, shape)
        left = puente.redis.pttl(key)
        assert left > 0 or shape == "{optouts}", f"{shape} has no end"
        hours[shape] = max(hours.get(shape, 0), left / 3_600_000)
        assert f"`{shape}`" in LEGAL
    assert {"{b}:session:<code>", "{b}:replies:<code>", "day:<date>", "{optouts}"} <= set(hours)
    # Two days after the last message; a reply of its day's first minute is then three days old.
    assert 47 < hours["{b}:session:<code>"] <= 48 and 47 < hours["{b}:replies:<code>"] <= 48
    assert 95 < hours["day:<date>"] <= 96


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_every_file_named_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    files = re.findall(r"`((?:tests|bot|nlu|docs)/[\w/.]+)`", text)
    assert [name for name in files if not (REPOSITORY / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_anchor_is_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]*#[^)]+)\)", page.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
