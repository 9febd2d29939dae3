"""The files behind the places: what is refused, and that the packaged table is what the build makes."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest

from bot.directory.distance import distance_km, miles
from bot.directory.errors import DirectoryFileError
from bot.directory.fold import fold
from bot.directory.gazetteer import COLUMNS
from bot.directory.hotline import COLUMNS as HOTLINE_COLUMNS
from bot.directory.places import load_places

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    for name in ("places.tsv.gz", "aliases.tsv", "not_places.tsv", "postal_codes.tsv"):
        shutil.copy(folder / name, tmp_path)
    return tmp_path


CELLS = dict(
    zip(
        COLUMNS,
        ("town", "GT", "Sololá", "Nahualá", "14.8429", "-91.3170", "27690", "", "nahuala", "0", "", ""),
        strict=True,
    )
)


def packed(**others: str) -> bytes:
    """A table of one town, with other cells under these columns."""
    cells = CELLS | others
    return gzip.compress("".join(f"{name}\t{cell}\n" for name, cell in cells.items()).encode())


TABLES = [
    ("no table", None, "cannot be read"),
    ("not compressed", b"town", "cannot be read"),
    ("cut short", packed()[:-9], "cannot be read"),
    ("a column missing", gzip.compress(b"level\ttown\n"), "does not fit"),
    ("a cell missing", packed(population="27690\t3"), "does not fit"),
    ("a spelling too many", packed(spelling="nahuala\tnavala"), "does not fit"),
    ("no row for a spelling", packed(**{"its rows": "Nahualá"}), "does not fit"),
    ("a word for a number", packed(population="many"), "does not fit"),
    ("an unknown level", packed(level="village"), "does not fit"),
    ("nothing in it", gzip.compress(b""), "does not fit"),
    ("no rows", gzip.compress("\n".join(COLUMNS).encode()), "no rows"),
]


@pytest.mark.parametrize(("table", "told"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_a_broken_table_is_named(copied: Path, table: bytes | None, told: str) -> None:
    (copied / "places.tsv.gz").unlink()
    if table is not None:
        (copied / "places.tsv.gz").write_bytes(table)
    with pytest.raises(DirectoryFileError, match=told) as error:
        load_places(copied)
    assert "python -m directory.build_places" in str(error.value)


ALIASES = [
    ("a town that does not exist", "Xelita\tXelita\tQuetzaltenango\tGT\tanywhere\t", "No place is called Xelita"),
    ("a ZIP that does not exist", "Nowhere\tzip:99999\tIL\tUS\tanywhere\t", "No place is called zip:99999"),
    ("leads two ways", "xela\tCantel\tQuetzaltenango\tGT\tanywhere\t", "another row leads it elsewhere"),
    ("no letters", "!!\tCantel\tQuetzaltenango\tGT\tanywhere\t", "has no letters"),
    ("trusted nowhere", "Cantelito\tCantel\tQuetzaltenango\tGT\tsometimes\t", "Use one of: anywhere, answer, also"),
]


@pytest.mark.parametrize(("line", "told"), [row[1:] for row in ALIASES], ids=[row[0] for row in ALIASES])
def test_a_wrong_alias_is_named_with_its_line(copied: Path, line: str, told: str) -> None:
    file = copied / "aliases.tsv"
    before = file.read_text("utf-8")
    file.write_text(f"{before}{line}\n", encoding="utf-8")
    with pytest.raises(DirectoryFileError, match=told) as error:
        load_places(copied)
    assert error.value.line == before.count("\n") + 1


CODES = [
    ("a state that does not exist", "MX\t17\t17\tAztlán\t", "No state in Aztlán"),
    ("a seat elsewhere", "GT\t23\t23\tQuiché\tCobán", "No Cobán in Quiché"),
    ("given out twice", "GT\t14\t14\tSololá\tSololá", "14 stands twice"),
    ("no digits", "MX\tx\ty\tOaxaca\t", "is not a number"),
    ("a country without such codes", "HN\t31\t31\tAtlántida\tLa Ceiba", "Use one of: GT, MX"),
]


@pytest.mark.parametrize(("line", "told"), [row[1:] for row in CODES], ids=[row[0] for row in CODES])
def test_a_wrong_postal_code_is_named_with_its_line(copied: Path, line: str, told: str) -> None:
    file = copied / "postal_codes.tsv"
    with file.open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")
    with pytest.raises(DirectoryFileError, match=told) as error:
        load_places(copied)
    assert error.value.line == len(file.read_text("utf-8").splitlines())


def test_a_word_has_a_kind_that_exists(copied: Path) -> None:
    with (copied / "not_places.tsv").open("a", encoding="utf-8") as file:
        file.write("bonito\trarely\n")
    with pytest.raises(DirectoryFileError, match="Use one of: never, ordinary, name"):
        load_places(copied)


def test_a_word_put_on_the_list_is_a_place_no_more(copied: Path) -> None:
    assert load_places(copied).extract("psicólogo en Momostenango") is not None
    with (copied / "not_places.tsv").open("a", encoding="utf-8") as file:
        file.write("momostenango\tnever\n")
    assert load_places(copied).extract("psicólogo en Momostenango") is None


def test_the_words_of_the_list_are_keys(folder: Path) -> None:
    lines = (folder / "not_places.tsv").read_text("utf-8").splitlines()[1:]
    words = [line.split("\t")[0] for line in lines]
    assert len(words) == len(set(words))
    assert [word for word in words if fold(word) != word] == []


@pytest.mark.slow
def test_the_packaged_table_is_what_the_build_makes(folder: Path) -> None:
    from directory.build_places import table

    assert gzip.decompress((folder / "places.tsv.gz").read_bytes()) == table()


def test_every_column_of_the_hotlines_is_explained(folder: Path) -> None:
    part = (folder / "README.md").read_text("utf-8").partition("## Hotlines")[2]
    heads = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    assert [name for head in heads for name in re.findall(r"`(\w+)`", head)] == list(HOTLINE_COLUMNS)


FOLDED = [
    ("San José", "san jose"),
    ("Xelajuʼ", "xelaju"),
    ("Nawal'jaʼ", "nawalja"),
    ("Washington, D.C.", "washington dc"),
    ("L.A.", "la"),
    ("Sta. Ana", "santa ana"),
    ("St. Louis", "saint louis"),
    ("Billings MT", "billings mt"),
    ("Nuevo-León!!", "nuevo leon"),
    ("MUÑOZ", "munoz"),
]


@pytest.mark.parametrize(("text", "key"), FOLDED, ids=[row[0] for row in FOLDED])
def test_spellings_fall_together(text: str, key: str) -> None:
    assert fold(text) == key


def test_distances_are_those_of_the_map() -> None:
    assert distance_km(14.8446, -91.5232, 14.6407, -90.5133) == pytest.approx(111, abs=1)  # Xela to the capital
    assert distance_km(41.85, -87.65, 41.85, -87.65) == 0
    assert distance_km(0, 179.9, 0, -179.9) == pytest.approx(22.2, abs=0.1)  # over the date line
    assert distance_km(90, 0, -90, 0) == pytest.approx(20015, abs=1)
    assert miles(160.9344) == pytest.approx(100)
