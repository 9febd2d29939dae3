"""What belongs in each column of the flat sheet, for volunteers, in English and Spanish. Pure."""

from __future__ import annotations

from bot.directory.formats.columns import PHONE, REQUIRED, SLOTS
from bot.directory.hsds.tables import (
    AREAS,
    EXCLUSIONS,
    HOW_VERIFIED,
    KINDS,
    MEMBERSHIP,
    PHONE_TYPES,
    PRECISIONS,
    SEEN,
    SERVICES,
    STATUSES,
)

HEADER = ("column", "what belongs there", "qué se escribe ahí")

_NEEDED = ("Required. ", "Obligatorio. ")


def _any(words: tuple[str, ...]) -> str:
    return ", ".join(words)


_EXPLAINED = {
    "code": (
        "A short name of the row: small letters, digits, _. It never changes.",
        "Nombre corto de la fila: minúsculas, números, _. Nunca cambia.",
    ),
    "organization": (
        "Code of the organization, if it has several rows; else empty.",
        "Código de la organización, si tiene varias filas; si no, vacío.",
    ),
    "service": (
        "Code of the service, if it is given at several places; else empty.",
        "Código del servicio, si se da en varios lugares; si no, vacío.",
    ),
    "location": (
        "Code of the place, if several services are given there; else empty.",
        "Código del lugar, si ahí se dan varios servicios; si no, vacío.",
    ),
    "org_name": ("Name of the organization.", "Nombre de la organización."),
    "org_name_es": ("Its Spanish name, if it has one.", "Su nombre en español, si lo tiene."),
    "org_name_quc": ("Its K'iche' name, if it has one.", "Su nombre en k'iche', si lo tiene."),
    "kind": (f"One of: {_any(KINDS)}.", f"Una de estas palabras: {_any(KINDS)}."),
    "description": (
        "For staff: what the source shows of it. Families do not see it.",
        "Para el equipo: lo que muestra la fuente. Las familias no lo ven.",
    ),
    "aa_member": (
        f"Is it a member of the network? {_any(MEMBERSHIP)}.",
        f"¿Es miembro de la red? {_any(MEMBERSHIP)}.",
    ),
    "aa_evidence": ("How we know that.", "Cómo lo sabemos."),
    "source_url": (
        "Pages where it was seen, with ' ; ' between them.",
        "Páginas donde se vio, con ' ; ' entre ellas.",
    ),
    "source_date": ("The date that the source shows; n.d. if none.", "La fecha que muestra la fuente; n.d. si no hay."),
    "source_seen": (
        f"Did somebody see the source? {_any(SEEN)}.",
        f"¿Alguien vio la fuente? {_any(SEEN)}.",
    ),
    "service_name": (
        "Name of the service; empty if it is that of the organization.",
        "Nombre del servicio; vacío si es el de la organización.",
    ),
    "service_name_es": ("Its Spanish name.", "Su nombre en español."),
    "service_name_quc": ("Its K'iche' name.", "Su nombre en k'iche'."),
    "service_terms": (
        f"Kinds of help that the source shows, with ; between: {_any(SERVICES)}.",
        f"Tipos de ayuda que muestra la fuente, con ; entre ellos: {_any(SERVICES)}.",
    ),
    "service_description": ("What the service does, in English.", "Qué hace el servicio, en inglés."),
    "service_description_es": ("What the service does, in Spanish.", "Qué hace el servicio, en español."),
    "service_description_quc": ("What the service does, in K'iche'.", "Qué hace el servicio, en k'iche'."),
    "status": (f"One of: {_any(STATUSES)}.", f"Una de estas palabras: {_any(STATUSES)}."),
    "do_not_route": (
        "Why families are not sent there; empty if they may be.",
        "Por qué no se manda a familias ahí; vacío si se puede.",
    ),
    "exclusions": (
        f"Who is not helped there, as 'women only: reason', with | between. Kinds: {_any(EXCLUSIONS[1:])}.",
        f"A quién no se atiende, como 'women only: motivo', con | entre ellos. Tipos: {_any(EXCLUSIONS[1:])}.",
    ),
    "location_name": ("Name of the building or place.", "Nombre del edificio o lugar."),
    "address": ("Street and number.", "Calle y número."),
    "address_2": ("Floor, suite.", "Piso, oficina."),
    "city": ("City or town.", "Ciudad o pueblo."),
    "state": (
        "State or department; two letters in the US.",
        "Estado o departamento; dos letras en EE. UU.",
    ),
    "country": ("US, MX, GT, HN, SV, NI, BZ or CR.", "US, MX, GT, HN, SV, NI, BZ o CR."),
    "postal_code": ("ZIP or postal code.", "Código postal."),
    "lat": ("Latitude in degrees, as 41.9909.", "Latitud en grados, como 41.9909."),
    "lon": ("Longitude in degrees, as -87.6629.", "Longitud en grados, como -87.6629."),
    "geo_precision": (
        f"How exact that point is: {_any(PRECISIONS)}.",
        f"Qué tan exacto es ese punto: {_any(PRECISIONS)}.",
    ),
    "timezone": (
        "Time zone of the hours, as America/Chicago. Empty if the state or country has only one.",
        "Zona horaria del horario, como America/Chicago. Vacío si el estado o país tiene una sola.",
    ),
    "sensitive": (
        "yes where the door must not be told, as of a shelter: families get the town alone.",
        "yes (sí) donde la dirección no se dice, como un refugio: a las familias se les da solo el pueblo.",
    ),
    "transportation": ("How to get there.", "Cómo llegar."),
    "hours": (
        "Opening hours, as Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off (PH: public holidays), or 24/7.",
        "Horario, como Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off (Mo lunes ... Su domingo, PH días feriados), o 24/7.",
    ),
    "hours_es": (
        "Hours in Spanish words, only what the source shows.",
        "Horario en palabras, solo lo que muestra la fuente.",
    ),
    "hours_en": ("Hours in English words, only what the source shows.", "Horario en palabras en inglés."),
    "languages": (
        "Languages spoken there, codes with ; between: es;en;quc;mam.",
        "Idiomas que se hablan ahí, códigos con ; entre ellos: es;en;quc;mam.",
    ),
    "interpreters": (
        "Languages by interpreter, codes with ; between.",
        "Idiomas con intérprete, códigos con ; entre ellos.",
    ),
    "interpretation": ("How one gets an interpreter.", "Cómo se consigue intérprete."),
    "service_area": (f"For whom: {_any(AREAS)}.", f"Para quién: {_any(AREAS)} (local, estatal, nacional)."),
    "eligibility": ("Who can get the service.", "Quién puede recibir el servicio."),
    "minimum_age": ("Youngest age in years.", "Edad mínima en años."),
    "maximum_age": ("Oldest age in years.", "Edad máxima en años."),
    "documents": (
        "Papers that one must bring, with ; between.",
        "Papeles que hay que llevar, con ; entre ellos.",
    ),
    "not_asked": (
        "Papers that nobody asks for there, as an ID.",
        "Papeles que ahí no piden, como una identificación.",
    ),
    "cost": ("What it costs, in words: free.", "Cuánto cuesta, en palabras."),
    "needs_appointment": ("yes or no.", "yes (sí) o no."),
    "application_process": ("How one begins: walk in, call first.", "Cómo se empieza: llegar, llamar antes."),
    "accreditations": ("As DOJ recognition.", "Como el reconocimiento del DOJ."),
    "alert": ("News for a short time.", "Aviso por poco tiempo."),
    "closed_from": ("First day on which it is closed, as 2026-12-20.", "Primer día cerrado, como 2026-12-20."),
    "closed_until": (
        "Last day on which it is closed; empty if nobody knows.",
        "Último día cerrado; vacío si no se sabe.",
    ),
    "closed_reason": ("Why.", "Por qué."),
    "assured_date": (
        "Day on which somebody of the network confirmed the service.",
        "Día en que alguien de la red confirmó el servicio.",
    ),
    "assured_by": ("Who confirmed it.", "Quién lo confirmó."),
    "url": ("Web page of the organization.", "Página web de la organización."),
    "email": ("E-mail of the organization.", "Correo de la organización."),
    "service_url": ("Web page of the service.", "Página web del servicio."),
    "service_email": ("E-mail of the service.", "Correo del servicio."),
}
_PHONE = {
    "": ("Phone number, as +17735085300.", "Número de teléfono, como +17735085300."),
    "_ext": ("Extension.", "Extensión."),
    "_type": (f"One of: {_any(PHONE_TYPES)}.", f"Una de estas palabras: {_any(PHONE_TYPES)}."),
    "_whatsapp": ("Does it answer on WhatsApp? yes or no.", "¿Contesta por WhatsApp? yes (sí) o no."),
    "_note": ("For whom to ask, when to call.", "Por quién preguntar, cuándo llamar."),
    "_verified_on": (
        "Day on which somebody of the network called and was answered.",
        "Día en que alguien de la red llamó y le contestaron.",
    ),
    "_verified_by": ("Who called.", "Quién llamó."),
    "_verified_how": (f"One of: {_any(HOW_VERIFIED)}.", f"Una de estas palabras: {_any(HOW_VERIFIED)}."),
    "_verified_source": ("Page or paper that shows the number.", "Página o papel que muestra el número."),
}
_ALL = _EXPLAINED | {f"{slot}{part}": _PHONE[part] for slot in SLOTS for part in PHONE}


def explained(column: str) -> tuple[str, str]:
    """What belongs in that column: in English and in Spanish."""
    english, spanish = _ALL[column]
    return (_NEEDED[0] + english, _NEEDED[1] + spanish) if column in REQUIRED else (english, spanish)
