"""The words of the printed call list, in Spanish and English. Pure."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("es", "en")

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Call list",
        "made": "Made on {day} from the directory. Numbers that somebody confirmed within 90 days are not in it.",
        "script_title": "What to say",
        "script": (
            "Good afternoon. My name is ____. I am a volunteer for a network of community organizations. We run a text line that"
            " tells families their rights and which organizations are near them. May I check what we have about you? It takes five"
            " minutes. I will not tell you anything about any family, and I do not ask about anybody you help."
        ),
        "consent": "At the end ask: May families be given this number? Write what was said, also when it was no.",
        "rules_title": "Before you begin",
        "rules": (
            "Tell nothing about any family, and write down nothing about one. If somebody asks for names, say that you know none.\n"
            "Confirmed means that a person said it to you today. A recording, a web page or your own memory is not enough.\n"
            "Nobody answers: leave no message about families, try once more on another day, and leave the confirmation empty.\n"
            "Write only what they said. What you did not ask stays as it is.\n"
            "Two people: one calls the rows with A, the other those with B."
        ),
        "back_title": "When you are done",
        "back": (
            "Put the answers into {sheet}: one row for each organization, found by its code. For a number that works write the day"
            " (as 2026-01-31) into phone_verified_on, your name into phone_verified_by and call into phone_verified_how, over what stands"
            " there; for a number that does not work, correct it or empty these three. Leave a row that you did not come to as"
            " it is. If do_not_route says why no family is sent there and that is over,"
            " empty it. Then: flask --app webhook directory import {sheet}\n"
            "Telephone lines (their rows say so) stand in directory/hotlines.csv: verified_on and verified_by there."
        ),
        "limits": (
            "The minutes are a guess: {with_number} for a call with a second try, {without} where the number is to be found first,"
            " {line} for a telephone line. What the list cannot tell: whether they are good at what they do, whether they will"
            " have room next week, and whom it forgot."
        ),
        "summary": "All cities",
        "city": "City",
        "calls": "Calls",
        "to_find": "Number to be found",
        "minutes": "Minutes, about",
        "together": "both at once",
        "total": "In all",
        "head": "{calls} calls. A: {a}, about {a_minutes} minutes. B: {b}, about {b_minutes} minutes.",
        "phone_only": "By phone, whole country",
        "listed": "Listed",
        "nothing": "no kind of help",
        "hours": "hours",
        "speaks": "speaks",
        "unknown": "not known",
        "never": "Nobody has ever confirmed it",
        "confirmed": "Last confirmed {day} by {by}",
        "flagged": "{times} families say that it does not work",
        "flagged_once": "A family says that it does not work",
        "held_back": "No family is sent there now",
        "no_number": "no number",
        "find": "Find the number first. Where to look",
        "look": "its own page, then whoever knows the city: a church, a school, the library, 211",
        "read": "Read on",
        "also_line": "The same number stands in hotlines.csv ({id}): note it there too.",
        "q1": "1. Is this still the right number, and are you open to new families?",
        "q2": "2. Which of these do you do? What does it cost? Which papers do you ask for?",
        "q3": "3. Which languages? K'iche', or an interpreter? When are you open?",
        "works": "number works",
        "open": "open to new families",
        "other": "other number",
        "closed": "closed for good",
        "asked": "may be given to families",
        "cost": "cost",
        "papers": "papers",
        "languages": "languages",
        "quc": "K'iche'",
        "interpreter": "interpreter",
        "more": "said besides",
        "day_name": "day, your name",
        "line_asks": "Is it this line? Who answers, in which languages, when? Can it be called from abroad?",
        "line": "telephone line",
    },
    "es": {
        "title": "Lista de llamadas",
        "made": "Hecha el {day} con el directorio. No trae los números que alguien confirmó en los últimos 90 días.",
        "script_title": "Qué decir",
        "script": (
            "Buenas tardes. Me llamo ____. Soy voluntaria o voluntario de una red de organizaciones comunitarias. Tenemos una línea de"
            " mensajes que explica a las familias sus derechos y les dice qué organizaciones tienen cerca. ¿Puedo revisar con usted lo"
            " que tenemos de su organización? Son cinco minutos. No voy a contarle nada de ninguna familia, y no pregunto por nadie a"
            " quien ustedes ayudan."
        ),
        "consent": "Al final pregunte: ¿Podemos dar este número a las familias? Anote lo que dijeron, también si dijeron que no.",
        "rules_title": "Antes de empezar",
        "rules": (
            "No cuente nada de ninguna familia, y no anote nada de ninguna. Si le piden nombres, diga que no sabe ninguno.\n"
            "Confirmado quiere decir que hoy se lo dijo una persona. Una grabación, una página o su memoria no bastan.\n"
            "Si nadie contesta: no deje mensajes sobre familias, pruebe una vez más otro día y deje vacía la confirmación.\n"
            "Anote solo lo que le dijeron. Lo que no preguntó se queda como está.\n"
            "Son dos personas: una llama a las filas con A y la otra a las filas con B."
        ),
        "back_title": "Al terminar",
        "back": (
            "Pase las respuestas a {sheet}: una fila por organización, con su código. Si el número sirve, escriba el día (así:"
            " 2026-01-31) en phone_verified_on, su nombre en phone_verified_by y call en phone_verified_how, encima de lo que haya;"
            " si no sirve, corríjalo o vacíe esas tres. La fila a la que no llegó, déjela como está."
            " Si do_not_route dice por qué no se manda allí a ninguna familia y eso ya pasó, vacíelo. Después:"
            " flask --app webhook directory import {sheet}\n"
            "Las líneas telefónicas (su fila lo dice) están en directory/hotlines.csv: allí van verified_on y verified_by."
        ),
        "limits": (
            "Los minutos son un cálculo: {with_number} por llamada con un segundo intento, {without} donde primero hay que buscar el"
            " número, {line} por línea telefónica. Lo que la lista no sabe: si hacen bien su trabajo, si la próxima semana tendrán"
            " lugar, y a quién olvidó."
        ),
        "summary": "Todas las ciudades",
        "city": "Ciudad",
        "calls": "Llamadas",
        "to_find": "Número por buscar",
        "minutes": "Minutos, más o menos",
        "together": "los dos a la vez",
        "total": "En total",
        "head": "{calls} llamadas. A: {a}, unos {a_minutes} minutos. B: {b}, unos {b_minutes} minutos.",
        "phone_only": "Por teléfono, todo el país",
        "listed": "Tenemos",
        "nothing": "ningún servicio",
        "hours": "horario",
        "speaks": "hablan",
        "unknown": "no se sabe",
        "never": "Nadie lo ha confirmado nunca",
        "confirmed": "Confirmado el {day} por {by}",
        "flagged": "{times} familias dicen que no sirve",
        "flagged_once": "Una familia dice que no sirve",
        "held_back": "Ahora no se manda allí a ninguna familia",
        "no_number": "sin número",
        "find": "Primero busque el número. Dónde buscar",
        "look": "su propia página; después, quien conoce la ciudad: una iglesia, una escuela, la biblioteca, el 211",
        "read": "Leído en",
        "also_line": "El mismo número está en hotlines.csv ({id}): anótelo allí también.",
        "q1": "1. ¿Este número sigue siendo el correcto? ¿Reciben familias nuevas?",
        "q2": "2. ¿Cuáles de estas cosas hacen? ¿Cuánto cuesta? ¿Qué papeles piden?",
        "q3": "3. ¿Qué idiomas hablan? ¿K'iche', o intérprete? ¿Cuándo abren?",
        "works": "el número sirve",
        "open": "reciben familias nuevas",
        "other": "otro número",
        "closed": "cerró para siempre",
        "asked": "se puede dar a las familias",
        "cost": "costo",
        "papers": "papeles",
        "languages": "idiomas",
        "quc": "K'iche'",
        "interpreter": "intérprete",
        "more": "qué más dijeron",
        "day_name": "día, su nombre",
        "line_asks": "¿Es esa línea? ¿Quién contesta, en qué idiomas, cuándo? ¿Se puede llamar desde otro país?",
        "line": "línea telefónica",
    },
}

KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "legal": "legal help",
        "counseling": "counseling",
        "after_school": "after school",
        "children_youth": "children and youth",
        "basic_needs": "food, clothes, a roof",
        "health": "health",
        "education": "classes",
        "workers_rights": "workers' rights",
        "interpreters": "interpreters",
        "community": "community help",
    },
    "es": {
        "legal": "ayuda legal",
        "counseling": "apoyo emocional",
        "after_school": "después de la escuela",
        "children_youth": "niños y jóvenes",
        "basic_needs": "comida, ropa, techo",
        "health": "salud",
        "education": "clases",
        "workers_rights": "derechos de trabajadores",
        "interpreters": "intérpretes",
        "community": "apoyo comunitario",
    },
}
"""The kinds of help (hsds.tables.SERVICES) as a volunteer says them on the phone."""
