"""Answers to "where are you?", sentences that name a place beside what they are about, and pins."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.fold import fold
from bot.directory.places import Level, Place, Places

ANSWERS = [
    # ZIPs
    ("60629", "60629 (Chicago, IL)"),
    ("vivo en 60629", "60629 (Chicago, IL)"),
    ("mi zip es 02740-1234.", "02740 (New Bedford, MA)"),
    ("12345 Main St, Houston TX 77081", "77081 (Houston, TX)"),
    # everyday and K'iche' names
    ("Xela", "Quetzaltenango"),
    ("cerca de Xela", "Quetzaltenango"),
    ("Xelaju'", "Quetzaltenango"),
    ("Xelajuʼ", "Quetzaltenango"),
    ("xelajú", "Quetzaltenango"),
    ("Toto", "Totonicapán"),
    ("TOTONICAPAN", "Totonicapán"),
    ("Huehue", "Huehuetenango"),
    ("Reu", "Retalhuleu"),
    ("Mazate", "Mazatenango"),
    ("Chichi", "Chichicastenango"),
    ("Chi uwiʼ la", "Chichicastenango"),
    ("pa Nawaljaʼ", "Nahualá"),
    ("Armita", "Ciudad de Guatemala"),
    ("Guate", "Ciudad de Guatemala"),
    ("La Capi", "Ciudad de Guatemala"),
    ("Tecún Umán", "Ciudad Tecún Umán"),
    ("San Bartolo Aguas Calientes", "San Bartolo"),
    ("Tegus", "Tegucigalpa"),
    ("San Pedro", "San Pedro Sula"),
    ("DF", "Ciudad de México"),
    ("cdmx", "Ciudad de México"),
    ("LA", "Los Angeles, CA"),
    ("L.A.", "Los Angeles, CA"),
    ("NYC", "New York City, NY"),
    ("Nueva York", "New York City, NY"),
    ("DMV", "Washington, DC"),
    ("D.C.", "Washington, DC"),
    ("Langley Park", "Langley Park, MD"),
    ("La Villita", "60623 (Chicago, IL)"),
    ("Little Village", "60623 (Chicago, IL)"),
    ("Pico-Union", "90006 (Los Angeles, CA)"),
    ("Pilsen", "60608 (Chicago, IL)"),
    ("Filadelfia", "Philadelphia, PA"),
    # towns, with what people say around them
    ("Houston", "Houston, TX"),
    ("por el centro de Houston", "Houston, TX"),
    ("houston creo", "Houston, TX"),
    ("ahorita estoy en Houston gracias", "Houston, TX"),
    ("Momostenango", "Momostenango"),
    ("Tapachula", "Tapachula"),
    ("St. Paul", "Saint Paul, MN"),
    ("New Bedford", "New Bedford, MA"),
    ("Homestead", "Homestead, FL"),
    ("Storm Lake", "Storm Lake, IA"),
    ("falls church", "Falls Church, VA"),
    # with a state or a country
    ("houston tx", "Houston, TX"),
    ("Houston, Texas", "Houston, TX"),
    ("Charlotte Carolina del Norte", "Charlotte, NC"),
    ("Newark, Nueva Jersey", "Newark, NJ"),
    ("Portland Maine", "Portland, ME"),
    ("Billings MT", "Billings, MT"),
    ("San Marcos, Guatemala", "San Marcos"),
    ("Santa Ana El Salvador", "Santa Ana"),
    ("tapachula chiapas mexico", "Tapachula"),
    ("Hope, Arkansas", "Hope, AR"),
    ("El Centro California", "El Centro, CA"),
    # states, departments, countries
    ("Carolina del Norte", "North Carolina"),
    ("TX", "Texas"),
    ("Quiché", "Quiché"),
    ("en Guatemala", "Guatemala"),
    ("México", "México"),
    # a word before a country is not a hamlet of that country
    ("ayuda en México", "México"),
    ("comida texas", "Texas"),
    ("la migra en guatemala", "Guatemala"),
    # small misspellings
    ("kezaltenango", "Quetzaltenango"),
    ("chicgo", "Chicago, IL"),
    ("los anjeles", "Los Angeles, CA"),
    ("vivo por los anjeles", "Los Angeles, CA"),
    ("mineapolis", "Minneapolis, MN"),
    ("chichicastenago", "Chichicastenango"),
    ("huston tx", "Houston, TX"),
    ("charlote nc", "Charlotte, NC"),
    # a code of five digits beside a place outside the United States is not a ZIP
    ("01010 Guatemala", "Ciudad de Guatemala"),
    ("Xela 09001", "Quetzaltenango"),
    ("Tapachula 30700", "Tapachula"),
]


@pytest.mark.parametrize(("text", "label"), ANSWERS, ids=[text for text, _ in ANSWERS])
def test_an_answer_names_one_place(places: Places, text: str, label: str) -> None:
    match = places.find(text)
    assert match.found is not None
    assert match.found.label == label
    assert match.candidates == ()


SEVERAL = [
    ("Springfield", {"Springfield, MO", "Springfield, MA", "Springfield, IL"}),
    ("San Marcos", {"San Marcos, CA", "San Marcos, Guatemala"}),
    ("Santa Ana", {"Santa Ana, CA", "Santa Ana, El Salvador"}),
    ("Washington", {"Washington, DC", "Washington (WA)"}),
    ("Kansas City", {"Kansas City, MO", "Kansas City, KS"}),
]


@pytest.mark.parametrize(("text", "among"), SEVERAL, ids=[text for text, _ in SEVERAL])
def test_towns_of_one_name_and_like_size_are_for_the_person_to_choose(
    places: Places, text: str, among: set[str]
) -> None:
    match = places.find(text)
    assert match.found is None
    assert 2 <= len(match.candidates) <= 5
    labels = [place.long_label for place in match.candidates]
    assert among <= set(labels)
    assert len(set(labels)) == len(labels), "two lines of the menu look the same"


NOT_ANSWERS = [
    "",
    "   ",
    "1",
    "0",
    "Chi",
    "Quet",
    "99999",
    "123456",
    "si",
    "no",
    "no sé",
    "ok",
    "hola",
    "gracias",
    "mi",
    "mi casa",
    "aquí",
    "mañana",
    "ayuda",
    "abogado",
    "necesito abogado",
    "la corte",
    "El Centro",
    "en el hospital",
    "la frontera",
    "María",
    "Hope",
    "Esperanzas",
    "5 de mayo",
    "visita",
    # one letter replaced, and it would be Tampico, Mérida, Texas, Salem, Dallas
    "tampoco",
    "medida",
    "temas",
    "salen",
    "damas",
    # another first letter: Petapa, Savannah
    "etapa",
    "habana",
    "comida",
    "tengo miedo",
    "k'iche'",
    "kinwaj to'b'al",
    "Are waʼ",
    "va",
    "🙏",
    "你好",
    "\x00",
]


@pytest.mark.parametrize("text", NOT_ANSWERS, ids=[repr(text) for text in NOT_ANSWERS])
def test_a_text_that_names_no_place_is_not_taken_for_one(places: Places, text: str) -> None:
    match = places.find(text)
    assert match.found is None
    assert match.candidates == ()


SENTENCES = [
    ("abogado 60629", "60629 (Chicago, IL)"),
    ("me mudé a 77081 ayer", "77081 (Houston, TX)"),
    ("necesito abogado en Houston", "Houston, TX"),
    ("psicólogo en Xela", "Quetzaltenango"),
    ("psicologo xela", "Quetzaltenango"),
    ("lawyer near Los Angeles", "Los Angeles, CA"),
    ("lawyer in LA", "Los Angeles, CA"),
    ("abogado chicago", "Chicago, IL"),
    ("abogado pa Houston", "Houston, TX"),
    ("comida por Dallas", "Dallas, TX"),
    ("cerca del centro de Houston", "Houston, TX"),
    ("albergue en la ciudad de Guatemala", "Ciudad de Guatemala"),
    ("necesito un abogado, vivo en Dalton Georgia", "Dalton, GA"),
    ("abogado en Santa Ana California?", "Santa Ana, CA"),
    ("escuela para mis hijos en el Bronx", "The Bronx, NY"),
    ("busco consejería en Momostenango", "Momostenango"),
    ("estoy en Tapachula y necesito ayuda", "Tapachula"),
    ("abogado en El Paso", "El Paso, TX"),
    ("abogado en Carolina del Norte", "North Carolina"),
    ("en Houston, aquí en Texas", "Houston, TX"),
    ("psicóloga para mi hija en Xela", "Quetzaltenango"),
    ("kinwaj to'b'al pa Nawalja'", "Nahualá"),
    ("abogado en West Palm Beach", "West Palm Beach, FL"),
    ("comida en Villa Canales", "Villa Canales"),
    ("lawyer in Lynn", "Lynn, MA"),
    ("comida en el centro de Immokalee para hoy", "Immokalee, FL"),
    ("antes en 60629 y ahora en 60632", "60632 (Chicago, IL)"),
    ("vivía en Guatemala pero ahora vivo en Houston", "Houston, TX"),
]


@pytest.mark.parametrize(("text", "label"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_sentence_gives_its_place(places: Places, text: str, label: str) -> None:
    place = places.extract(text)
    assert place is not None
    assert place.label == label


NO_PLACE = {
    "ordinary words": [
        "la corte",
        "Paz",
        "Libertad",
        "Hope",
        "Union",
        "necesito",
        "mi",
        "casa",
        "tengo cita en la corte",
        "estoy en la casa",
        "en el centro",
        "quiero vivir en paz",
        "salió en libertad bajo fianza",
        "in the union",
        "in hope of an answer",
        "en la mesa",
        "en los baños",
        "en el monte",
        "en la esperanza de verlo",
        "en el progreso de mi hijo",
        "cerraron el paso",
        "in the white house",
        "in reading class",
        "live in a mobile home",
        "en la frontera",
        "en la capital",
        "en mi pueblo",
        "en navidad",
        "mi corte es en marzo",
        "in May",
        "el 5 de mayo",
    ],
    "turns of speech": [
        "por favor",
        "gracias por la ayuda",
        "por Dios",
        "de verdad",
        "de repente",
        "por la noche",
        "en serio",
        "en caso de emergencia",
        "in case of need",
        "cerca de mí",
        "near me",
        "por aquí",
        "for my son",
    ],
    "languages": [
        "hablo español",
        "en español por favor",
        "in English please",
        "hablo en k'iche'",
        "en quiché",
        "intérprete de mam",
    ],
    "names of people": [
        "se llevaron a mi esposo Orlando",
        "mi hija Carolina",
        "mi hija Victoria tiene miedo",
        "hijo de Santiago",
        "mi amigo Austin",
        "me llamo Dallas",
        "soy Guadalupe",
        "mi nombre es Florencia López",
    ],
    "somebody else, another time, the way there": [
        "mi esposo está en Laredo",
        "mi mamá vive en Guatemala",
        "mis hijos en Guatemala",
        "mi hermano está detenido en Texas",
        "my son was born in California",
        "he is in Texas",
        "estaba en Houston",
        "nací en Xela",
        "crucé por Laredo",
        "pasé por Tapachula",
        "me deportaron de Houston",
        "soy de Guatemala",
        "vengo de Honduras",
        "quiero ir a Houston",
        "Pa Nawaljaʼ kinpe wi",
        "Pa Nawaljaʼ xinalexik",
    ],
    "governments and papers": [
        "consulado de Guatemala",
        "pasaporte de Honduras",
        "tps de El Salvador",
        "presidente de México",
    ],
    "several": ["en Houston o en Dallas", "en Houston o Dallas", "abogado en Springfield"],
    "numbers that are no ZIP": [
        "tengo 10001 dolares",
        "me cobró $60629",
        "caso 60629",
        "A60629",
        "3235551234",
        "312-60629",
        "60,629",
        "12345 Main Street",
    ],
    "urgent": [
        "la migra está en la puerta",
        "ICE is at my door",
        "se llevaron a mi papá",
        "en peligro",
        "in danger",
        "me quiero morir",
    ],
    "K'iche'": ["In kʼo pa Estados Unidos", "Xkowïr ri kaxlaʼn wa wa."],
    "bare two letters": ["la", "no va", "pa que", "in or out"],
}
NO_PLACE_CASES = [(why, text) for why, texts in NO_PLACE.items() for text in texts]


@pytest.mark.parametrize(("why", "text"), NO_PLACE_CASES, ids=[f"{why}: {text}" for why, text in NO_PLACE_CASES])
def test_a_sentence_without_a_place_of_its_writer_gives_none(places: Places, why: str, text: str) -> None:
    assert places.extract(text) is None, why


PINS = [
    ("Tapachula", (14.92, -92.25), "Tapachula"),
    ("Totonicapán", (14.911, -91.36), "Totonicapán"),
    ("a hamlet's distance from Quetzaltenango", (14.83, -91.52), "Quetzaltenango"),
    ("Tapachula, with a hamlet between", (14.932, -92.283), "Tapachula"),
    ("Pilsen in Chicago", (41.8515, -87.6694), "60608 (Chicago, IL)"),
    ("San Ysidro, on the US side", (32.552, -117.04), "92173 (San Ysidro, CA)"),
    ("the middle of Tijuana", (32.5, -117.0), "Tijuana"),
    ("Tecún Umán, across the river from Mexico", (14.6774, -92.1404), "Ciudad Tecún Umán"),
]


@pytest.mark.parametrize(("pin", "label"), [row[1:] for row in PINS], ids=[row[0] for row in PINS])
def test_a_pin_becomes_a_town(places: Places, pin: tuple[float, float], label: str) -> None:
    place = places.nearest_town(*pin)
    assert place is not None
    assert place.label == label


NO_TOWN = [
    ("the middle of the Pacific", (0.0, -140.0)),
    ("Madrid, a country that is not known", (40.4, -3.7)),
    ("latitude out of range", (91.0, 0.0)),
    ("longitude out of range", (14.8, -191.5)),
    ("not a number", (math.nan, -91.5)),
    ("infinite", (14.8, math.inf)),
    ("the fence between Tijuana and San Ysidro", (32.537, -117.03)),
]


@pytest.mark.parametrize("pin", [row[1] for row in NO_TOWN], ids=[row[0] for row in NO_TOWN])
def test_a_pin_that_is_near_nothing_or_on_a_border_is_asked_about(places: Places, pin: tuple[float, float]) -> None:
    assert places.nearest_town(*pin) is None


def test_a_zip_is_five_digits_that_exist(places: Places) -> None:
    chicago = places.by_zip("60629")
    assert chicago is not None
    assert (chicago.zip, chicago.country, chicago.level) == ("60629", "US", Level.ZIP)
    for wrong in ("99999", "6062", "606290", "6062a", "６０６２９", "", "-1000"):
        assert places.by_zip(wrong) is None


def test_a_town_weighs_more_than_the_state_of_its_name(places: Places) -> None:
    for text in ("Quetzaltenango", "Oaxaca", "Totonicapán", "San Salvador"):
        found = places.find(text).found
        assert found is not None
        assert found.level is Level.TOWN


def test_the_long_label_tells_namesakes_apart() -> None:
    assert Place("San Marcos", "Carazo", "NI", 11.9, -86.2).long_label == "San Marcos, Carazo, Nicaragua"
    assert Place("Mixco", "Guatemala", "GT", 14.6, -90.6).long_label == "Mixco, Guatemala"
    assert Place("Washington", "WA", "US", 47.4, -121.0, level=Level.REGION).long_label == "Washington (WA)"
    assert Place("Chicago", "IL", "US", 41.8, -87.7, zip="60629", level=Level.ZIP).label == "60629 (Chicago, IL)"


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=400))
def test_no_text_breaks_it(places: Places, text: str) -> None:
    match = places.find(text)
    assert match.found is None or match.candidates == ()
    assert len(match.candidates) in (0, 2, 3, 4, 5)
    places.extract(text)


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.sampled_from("en la de Houston Texas Xela paz 60629 y o vivo LA mi casa Guatemala".split())))
def test_no_order_of_telling_words_breaks_it(places: Places, words: list[str]) -> None:
    places.find(" ".join(words))
    places.extract(" ".join(words))


@settings(max_examples=200, deadline=None)
@given(latitude=st.floats(), longitude=st.floats())
def test_no_pin_breaks_it(places: Places, latitude: float, longitude: float) -> None:
    place = places.nearest_town(latitude, longitude)
    assert place is None or place.level in (Level.ZIP, Level.TOWN)


@given(text=st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text) + " x") == fold(text + " x")
