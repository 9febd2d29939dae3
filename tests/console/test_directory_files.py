"""Files for the directory through the browser: everything is shown first, all or nothing, and nothing in them plays a trick."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from bot.directory.formats.flat import read_flat
from bot.escalation.viewer import Role
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.directory_scene import ROMERO, cells, furnished, package_of
from tests.console.reading import text

__all__ = ["furnished"]
pytestmark = pytest.mark.slow

IMPORT = "/directory/import"


@pytest.fixture
def ana(furnished: Console) -> Hand:
    return hand(furnished, furnished.account(Role.VOLUNTEER))


def send(hers: Hand, data: bytes, name: str = "hoja.csv", **form: str) -> TestResponse:
    answer = hers.post(IMPORT, on=IMPORT, file=(io.BytesIO(data), name), **form)
    answer.get_data()
    # What a client sends of more than half a megabyte stands in a file of its own.
    answer.request.input_stream.close()
    answer.close()
    return answer


def take(hers: Hand, looked: TestResponse) -> TestResponse:
    """Presses the button under what was shown."""
    form = dict(re.findall(r'name="(name|version|data|replace)" value="([^"]*)"', looked.text))
    return hers.post(IMPORT, on=IMPORT, act="take", **{name: unescape(value) for name, value in form.items()})


def test_it_is_shown_before_it_is_stored(ana: Hand, furnished: Console) -> None:
    looked = send(ana, "code,cost\ncentro_romero,gratis según ingresos\n".encode())
    assert looked.status_code == 200 and "gratis según ingresos" in text(looked)
    assert cells(furnished)["cost"] == ""
    assert take(ana, looked).status_code == 302
    assert cells(furnished)["cost"] == "gratis según ingresos"


def test_confirmations_that_would_be_lost_are_told(ana: Hand, furnished: Console) -> None:
    confirmed = b"code,phone_verified_on,phone_verified_by,phone_verified_how\ncentro_romero,2026-01-05,Rosa,call\n"
    take(ana, send(ana, confirmed))
    looked = text(send(ana, b"code,phone\ncentro_romero,+17735085309\n"))
    assert "Confirmaciones que se perderían" in looked
    assert "el teléfono 773-508-5309 no está confirmado: el 5 ene 2026 se confirmó 773-508-5300" in looked


CHANGES = {
    "kind": ("partner", "Qué es: miembro de la red -> aliada"),
    "aa_member": ("no", "Miembro de la red: probablemente -> no"),
    "source_seen": ("no", "Alguien vio la fuente: sí -> no"),
    "status": ("temporarily closed", "Situación: Activa -> Cerrada por ahora"),
    "sensitive": ("yes", "lugar, La calle no se le dice a nadie: nada -> sí"),
    "phone_whatsapp": ("yes", "WhatsApp: nada -> sí"),
    "phone_type": ("cell", "para qué: para llamar -> celular"),
    "languages": ("es;en;quc", "idiomas de Centro Romero: English; Español -> English; Español; K'iche'"),
    "service_terms": ("legal;health", "niños y jóvenes; comunidad; consejería; clases; ayuda legal -> salud; ayuda legal"),
    "service_area": ("state", "la gente cercana, Estados Unidos -> todo el estado o departamento, Estados Unidos, IL"),
    "hours": ("Mo-Fr 09:00-17:00; PH off", "lun,mar,mié,jue,vie 09:00-17:00 cerrado en días feriados"),
    "exclusions": ("women only: a shelter", "nuevo: quién no puede ir solo mujeres (a shelter)"),
    "closed_from": ("2026-12-24", "24 dic 2026, no se sabe hasta cuándo"),
}


def test_what_changes_is_told_in_the_words_of_the_page(ana: Hand, furnished: Console) -> None:
    header, row = ",".join(CHANGES), ",".join(cell for cell, _ in CHANGES.values())
    looked = text(send(ana, f"code,{header}\n{ROMERO},{row}\n".encode()))
    assert [said for _, said in CHANGES.values() if said not in looked] == []
    english = re.compile(r"\b(nothing|inactive|partner|temporarily|women only|nobody knows|local|after school|children youth|yes)\b")
    changed = looked[looked.index("Confirmaciones que") : looked.index("Guardarlo todo")]
    assert english.findall(changed) == []


def test_one_error_and_nothing_is_stored(ana: Hand, furnished: Console) -> None:
    before = package_of(furnished).digest
    looked = send(ana, b"code,cost,url\ncentro_romero,caro,https://a.org\ncarecen_dc,caro,javascript:alert(1)\n")
    page = text(looked)
    assert "hoja.csv, fila 3, url" in page and "Guardarlo todo" not in page
    assert take(ana, looked).status_code == 422
    assert package_of(furnished).digest == before


def test_who_changed_it_meanwhile_is_told(ana: Hand, furnished: Console) -> None:
    looked = send(ana, b"code,eligibility\ncentro_romero,todas\n")
    take(ana, send(ana, b"code,transportation\ncentro_romero,bus 22\n"))
    moved = take(ana, looked)
    assert moved.status_code == 409 and "No se guardó nada: mira otra vez" in text(moved)
    assert cells(furnished)["eligibility"] == ""
    assert take(ana, moved).status_code == 302 and cells(furnished)["eligibility"] == "todas"


HOSTILE = {
    "a formula": b"code,cost\ncentro_romero,'=1+1\n",
    "markup": b"code,cost\ncentro_romero,<script>alert(1)</script>\n",
    "latin": "code,cost\ncentro_romero,según\n".encode("cp1252"),
    "utf-16": "code,cost\ncentro_romero,según\n".encode("utf-16"),
    "nul": b"code,cost\ncentro_romero,a\0b\n",
    "turned around": "code,cost\ncentro_romero,a\u202eb\n".encode(),
    "no sheet": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "a broken zip": b"PK\x03\x04" + b"x" * 50,
    "empty": b"",
    "half a quote": b'code,cost\ncentro_romero,"half\n',
    "twice encoded": "code,cost\ncentro_romero,segÃºn\n".encode(),
    "one giant cell": b"code,cost\ncentro_romero," + b"x" * 500_000 + b"\n",
    "json that is none": b"{" * 5_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_strange_files_are_harmless(ana: Hand, furnished: Console, what: str) -> None:
    before = package_of(furnished).digest
    looked = send(ana, HOSTILE[what])
    assert looked.status_code in (200, 422), what
    assert "<script>alert" not in looked.text and "\u202e" not in looked.text
    assert package_of(furnished).digest == before, "looking stores nothing"


def test_a_file_that_is_too_large_is_refused(ana: Hand) -> None:
    looked = send(ana, b"code,cost\n" + b"x,y\n" * 260_000)
    assert looked.status_code == 422 and "demasiado grande" in text(looked)
    assert send(ana, b"x" * 3_000_000).status_code in (400, 413)


def test_other_pages_take_no_more_than_before(ana: Hand) -> None:
    answer = ana.client.post(f"/console/directory/{ROMERO}", data={"csrf_token": ana.token(), "cost": "x" * 100_000})
    assert answer.status_code in (400, 413)


def test_only_publishers_take_out_what_a_file_lacks(ana: Hand, furnished: Console) -> None:
    before = package_of(furnished).digest
    assert send(ana, b"code,cost\ncentro_romero,x\n", replace="1").status_code == 404
    assert 'name="replace"' not in ana.get(IMPORT).text
    bea = hand(furnished, furnished.account(Role.PUBLISHER))
    assert "Se va: el archivo no lo tiene" in text(send(bea, b"code,cost\ncentro_romero,x\n", replace="1"))
    assert package_of(furnished).digest == before


def test_what_goes_out_comes_in_again_as_it_was(ana: Hand, furnished: Console) -> None:
    take(ana, send(ana, b"code,cost\ncentro_romero,'=HYPERLINK(1)\n"))
    before = package_of(furnished)
    for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("json", b"{"), ("package", b"PK")):
        answer = ana.get(f"/directory/export/{form}")
        assert answer.status_code == 200 and answer.data.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "todo está ya así" in text(send(ana, answer.data, f"directory.{form}"))
    sheet = ana.get("/directory/export/csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in sheet, "no spreadsheet calculates it"
    assert not read_flat(sheet.encode(), before).problems
