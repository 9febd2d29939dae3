"""Each rule of the content check broken once, in content where nothing else is wrong: exactly that finding appears."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.directory.directory import Directory
from bot.engine.flow import Choice, Group, Sentence, Target
from bot.frozen import replace
from bot.language import Language
from bot.scripts import accepted, checks
from bot.scripts.figure import Figure
from bot.scripts.finding import Finding, Rule, Severity
from bot.scripts.release import Release
from bot.wording.catalog import Entry
from bot.wording.state import State, review
from tests.directory.made import a_service, km_north
from tests.scripts.small import Small, near

Plant = Callable[[Small], object]


def say(flow: str, words: str, step: str = "first") -> Plant:
    return lambda small: small.step(flow, step).update(say=words)


def also(flow: str, words: str, **more: str) -> Plant:
    return lambda small: small.step(flow).update(also=[{"id": "x", "text": words, **more}])


def es(key: str, words: str) -> Plant:
    return lambda small: small.es.update({key: words})


def quc(key: str, words: str) -> Plant:
    return lambda small: small.quc.update({key: words})


def label(words: str, flow: str = "home") -> Plant:
    return lambda small: small.step(flow)["choices"][1].update(label=words)


def entry(language: Language, key: str, **fields: object) -> Plant:
    made = Entry(key, "Stay calm and silent.", "Buenos días.", State.STALE)
    return lambda small: small.entries.append((language, replace(made, **fields)))


def many_choices(small: Small) -> None:
    small.step("home")["choices"] = {
        number: {"label": f"help near {number}", "flow": "services_near"} for number in range(1, 5)
    } | {5: {"label": "more", "go": "inner"}}


def with_organization(release: Release) -> Release:
    """The release with one more organization in its directory; its code is ``organiza``."""
    services = (*release.directory.services, a_service("Casa Inventada", kinds=("education",), **km_north(2000)))
    return replace(release, directory=Directory.of(services))


def digit_nine(release: Release) -> Release:
    """No file can say this: the reader refuses it. A flow made elsewhere could."""
    flow = release.script.flows["home"]
    choice = Choice(9, Sentence("home.first.choice.2", "more"), Target(step="inner"))
    step = replace(flow.first, choices=(flow.first.choices[0], choice))
    flows = {**release.script.flows, "home": replace(flow, steps={**flow.steps, "first": step})}
    return replace(release, script=replace(release.script, flows=flows))


def approved(key: str, english: str, spanish: dict[str, str], kiche: str) -> Entry:
    """K'iche' that somebody (invented) has approved beside these words."""
    words = {Language.EN: english, Language.ES: spanish[key], Language.QUC: kiche}
    mark = review(Language.QUC, date(2026, 1, 2), "Inventada Tzoc", words)
    return Entry(key, english, kiche, State.REVIEWED, review=mark)


def fact(days: int, count: int, apart: int = 0) -> Plant:
    def plant(small: Small) -> None:
        first = date(2027, 6, 7) + timedelta(days=days)
        for number in range(count):
            name = f"fact_{number}"
            day = first + timedelta(days=number * apart)
            small.facts[name] = replace(small.facts["calm"], name=name, valid_until=day)
            small.flow("home")["facts"] = [*small.flow("home")["facts"], name]

    return plant


def figure(fact: str, name: str = "days") -> Plant:
    """Five of something as a figure of a fact, of another name than its own where there is none of this."""

    def plant(small: Small) -> None:
        owner = fact if fact in small.facts else "calm"
        small.facts[owner] = replace(small.facts[owner], figures=(Figure(fact, name, 5),))

    return plant


def site(**words: str) -> Plant:
    """A site that nobody can do without, in English and Spanish."""

    def plant(small: Small) -> None:
        small.step("home").update(say=words["en"])
        small.es["home.first.say"] = words["es"]
        small.quc["home.first.say"] = "utz"

    return plant


def crisis_is_slow(release: Release) -> Release:
    line = replace(release.hotlines["crisis_988"], for_emergencies=False)
    return replace(release, hotlines={**release.hotlines, "crisis_988": line})


def costly_street(release: Release) -> Release:
    first, *others = release.directory.services
    return replace(release, directory=Directory.of([replace(first, address="Calle \u2603 5"), *others]))


# What is planted; the rule that it breaks; where it is found, and in which language.
FAULTS: dict[str, tuple[Plant, str, str]] = {
    # Ways
    "a choice leads to a flow that is not there": (
        lambda s: s.step("home")["choices"][1].update(flow="nowhere"),
        "unknown target",
        "home.first",
    ),
    "a step that nothing leads to": (
        lambda s: s.flow("home")["steps"].update(lost={"say": "Hello.", "choices": near()}),
        "unreachable step",
        "home.lost",
    ),
    "a flow that nothing leads to": (
        lambda s: s.add("lost", Group.RIGHTS, {"first": {"say": "Hello.", "choices": near()}}),
        "answer that nothing leads to yet",
        "lost",
    ),
    "two steps that lead to one another and never wait": (
        lambda s: s.flow("home")["steps"].update(
            inner={"say": "Hello.", "go": "third"}, third={"branch": [{"if": "has place", "flow": "danger"}, {"go": "inner"}]}
        ),
        "circle without waiting",
        "home.inner",
    ),
    "a circle over two flows": (
        lambda s: (
            s.add("other", Group.CONVERSATION, {"first": {"flow": "lost_place"}}),
            s.flow("lost_place").update(steps={"first": {"say": "Hello.", "flow": "other"}}),
        ),
        "circle without waiting",
        "lost_place.first",
    ),
    "an answer about rights that ends": (
        lambda s: s.flow("home")["steps"].update(inner={"say": "Hello.", "end": True}),
        "dead end",
        "home.inner",
    ),
    "choices that lead round and round and to nobody": (
        lambda s: s.flow("home")["steps"].update(
            inner={"say": "Hello.", "choices": {1: {"label": "again", "go": "inner"}}}
        ),
        "no way to help",
        "home.inner",
    ),
    "a hand-over behind a choice": (
        lambda s: s.step("home", "inner").update(escalate="asked"),
        "hand-over that nobody was asked about",
        "home.inner",
    ),
    "words kept behind a choice": (
        lambda s: s.flow("home")["steps"].update(inner={"keep": True, "flow": "menu"}),
        "words kept that nobody agreed to keep",
        "home.inner",
    ),
    # What the engine and the model count on
    "a flow of the engine is gone": (lambda s: s.flows.pop("thank"), "missing flow", "thank"),
    "a notice of the engine is gone": (
        lambda s: s.flow("notices")["steps"].pop("degraded"),
        "missing notice",
        "notices.degraded",
    ),
    "an intent that nobody answers": (
        lambda s: setattr(s, "intents", s.intents | {"rumor"}),
        "intent without a flow",
        "rumor",
    ),
    "an intent that the model does not know": (
        lambda s: s.flow("greet").update(intents=["pizza"]),
        "unknown intent",
        "greet",
    ),
    "an intent that two flows answer": (
        lambda s: s.flow("greet").update(intents=["home"]),
        "intent answered twice",
        "greet home",
    ),
    # Languages
    "a sentence without Spanish": (es("home.inner.say", ""), "no Spanish", "home.inner.say (es)"),
    "a Spanish that means something else by now": (
        entry(Language.ES, "home.first.say", meaning_changed=True),
        "Spanish of another meaning",
        "home.first.say (es)",
    ),
    "a translation of the sentence before": (
        entry(Language.ES, "home.first.say", english="Be quiet."),
        "catalog behind its flow",
        "home.first.say (es)",
    ),
    "an English text for a sentence that is gone": (
        entry(Language.EN, "home.gone.say"),
        "text without a sentence",
        "home.gone.say (en)",
    ),
    "a Spanish that nobody has read again": (entry(Language.ES, "home.first.say"), "stale text", "home.first.say (es)"),
    "an English override that nobody has read again": (
        entry(Language.EN, "home.first.say", text="Stay calm."),
        "stale text",
        "home.first.say (en)",
    ),
    "a title without K'iche'": (quc("home.title", ""), "no K'iche'", "home.title (quc)"),
    "a first answer without K'iche', behind a branch": (
        lambda s: (
            s.flow("home")["steps"].update(
                first={"branch": [{"if": "has place", "go": "inner"}, {"go": "second"}]},
                second={"say": "Stay calm.", "also": s.step("home")["also"], "choices": near()},
                inner={"say": "Ask for a lawyer.", "choices": near()},
            ),
            s.quc.update({"home.inner.say": ""}),
        ),
        "no K'iche'",
        "home.inner.say (quc)",
    ),
    "a number that the Spanish leaves out": (
        es("danger.first.say", "Llame ahora."),
        "fields differ",
        "danger.first.say (es)",
    ),
    "a number that only the K'iche' names": (
        quc("home.first.say", "utz $emergency_911"),
        "fields differ",
        "home.first.say (quc)",
    ),
    "an urgent number that the K'iche' leaves out": (
        quc("danger.first.say", "utz"),
        "field missing in K'iche'",
        "danger.first.say (quc)",
    ),
    "a number that K'iche' leaves out which goes out alone": (
        lambda s: (
            s.step("greet").update(say="Call $emergency_911."),
            s.es.update({"greet.first.say": "Llame al $emergency_911."}),
            s.entries.append((Language.QUC, approved("greet.first.say", "Call $emergency_911.", s.es, "utz"))),
        ),
        "fields differ",
        "greet.first.say (quc)",
    ),
    "a K'iche' word that nobody has attested": (
        quc("home.first.say", "utz xyzzy"),
        "K'iche' word without a source",
        "home.first.say (quc)",
    ),
    # Fields, numbers, links
    "a field that is none": (also("danger", "Call $pizza."), "unknown field", "danger.first.also.x (en es)"),
    "a number that is not always there": (
        say("home", "Call $eoir."),
        "field that may be missing",
        "home.first.say (en es quc)",
    ),
    "the line of an area in an answer": (
        say("greet", "Call $area_line."),
        "field that may be missing",
        "greet.first.say (en es quc)",
    ),
    "a line that is not for emergencies, in danger": (
        lambda s: (also("danger", "Listen to $crisis_988.")(s), setattr(s, "change", crisis_is_slow)),
        "line that is not for emergencies",
        "danger.first.also.x (en es)",
    ),
    "a line that is not for emergencies, beside a rumor": (
        lambda s: (
            s.add("rumor", Group.RIGHTS, {"first": {"say": "Listen to $crisis_988.", "choices": near()}}),
            s.step("home", "inner")["choices"].update({1: {"label": "a rumor", "flow": "rumor"}}),
            setattr(s, "change", crisis_is_slow),
        ),
        "line that is not for emergencies",
        "rumor.first.say (en es quc)",
    ),
    "a typed phone number": (say("home", "Call 1-800-203-7001."), "typed number", "home.first.say (en)"),
    "a typed phone number, in Spanish": (
        es("home.first.say", "Llame al (800) 203 7001."),
        "typed number",
        "home.first.say (es)",
    ),
    "911 typed": (say("home", "Call 911 now."), "typed number", "home.first.say (en)"),
    "a typed site": (say("home", "Look at locator.ice.gov today."), "typed link", "home.first.say (en)"),
    "a short link in Spanish": (es("home.first.say", "Vea bit.ly/abc hoy."), "typed link", "home.first.say (es)"),
    "an organization typed by its name": (
        lambda s: (say("home", "Go to Casa Inventada.")(s), setattr(s, "change", with_organization)),
        "typed organization",
        "home.first.say (en)",
    ),
    "an organization typed by its name, in Spanish": (
        lambda s: (es("home.first.say", "Vaya a la casa inventáda hoy.")(s), setattr(s, "change", with_organization)),
        "typed organization",
        "home.first.say (es)",
    ),
    "the number of an organization in danger": (
        lambda s: (also("danger", "Or call $tel_casa_organiza.")(s), setattr(s, "change", with_organization)),
        "line that is not for emergencies",
        "danger.first.also.x (en es)",
    ),
    "an organization that the directory has no more": (
        also("danger", "Ask $org_casa_gone."),
        "organization that is not in the directory",
        "danger.first.also.x (en es)",
    ),
    "an organization as a part of an answer that must stand": (
        lambda s: (say("home", "Ask $org_casa_organiza.")(s), setattr(s, "change", with_organization)),
        "field that may be missing",
        "home.first.say (en es quc)",
    ),
    "a link and nothing else": (
        site(en="Look in $locator today.", es="Busque hoy en $locator."),
        "link alone",
        "home.first.say (en es)",
    ),
    "a link whose way without internet the Spanish leaves out": (
        site(en="Look in $locator. No internet? A library helps.", es="Busque hoy en $locator."),
        "link alone",
        "home.first.say (es)",
    ),
    "a link alone in a sentence beside": (
        also("danger", "Look in $locator."),
        "link alone in a further sentence",
        "danger.first.also.x (en es)",
    ),
    "a link whose phone nobody has confirmed": (
        lambda s: (
            site(en="Look in $acis today.", es="Busque hoy en $acis.")(s),
            s.step("home")["also"].append({"id": "line", "text": "Or call $eoir."}),
        ),
        "link alone until a phone is confirmed",
        "home.first.say (en es)",
    ),
    # Consulates
    "government offices in any list": (
        lambda s: s.step("services_near").update(government=True),
        "government office in the list",
        "services_near.first",
    ),
    "a consulate without a word about fear": (
        also("danger", "Call $consulate_mx."),
        "consulate without a warning",
        "danger.first.also.x (en es)",
    ),
    "a consulate whose warning the Spanish leaves out": (
        lambda s: (
            also("danger", "Call $consulate_mx.")(s),
            say("danger", "If you fear your government, a lawyer first. In danger: $emergency_911.")(s),
        ),
        "consulate without a warning",
        "danger.first.also.x (es)",
    ),
    # Menus
    "a choice that takes the digit of the way back": (
        lambda s: setattr(s, "change", digit_nine),
        "digit that is taken",
        "home.first",
    ),
    "a label that the carrier takes": (label("Stop"), "word of the carrier", "home.first.choice.1 (en)"),
    "COMPARTIR as a label": (
        es("home.first.choice.1", "Compartir"),
        "reserved word as a label",
        "home.first.choice.1 (es)",
    ),
    "SALIR as a label": (es("home.first.choice.1", "salir"), "reserved word as a label", "home.first.choice.1 (es)"),
    "AVISOS as a label": (es("home.first.choice.1", "avisos"), "reserved word as a label", "home.first.choice.1 (es)"),
    "MAS as a label where it shows more organizations": (
        lambda s: s.step("services_near")["choices"][1].update(label="more"),
        "reserved word as a label",
        "services_near.first.choice.1 (en)",
    ),
    "two lines that read alike": (
        label("More"),
        "two lines alike",
        "home.first.choice.1 home.first.choice.2 (en)",
    ),
    "a label too long for a button": (
        label("help in your own town"),
        "label too long for a button",
        "home.first.choice.1 (en)",
    ),
    "a K'iche' label too long for a button": (
        quc("home.first.choice.1", "abogado utz abogado utz"),
        "label too long for a button",
        "home.first.choice.1 (quc)",
    ),
    "a label too long for a list": (
        lambda s: (many_choices(s), s.es.update({"home.first.choice.1": "ayuda cerca de mi pueblo ya"})),
        "label too long for a list",
        "home.first.choice.1 (es)",
    ),
    # Words
    "a person called illegal": (
        es("home.first.say", "Si usted es ilegal, calle."),
        "word we do not say",
        "home.first.say (es)",
    ),
    "a person called a case": (
        say("home", "We take this case today."),
        "word we do not say",
        "home.first.say (en)",
    ),
    "a promise of safety": (
        es("home.first.say", "En la iglesia está a salvo."),
        "promise we cannot keep",
        "home.first.say (es)",
    ),
    "a promise of secrecy": (
        say("home", "Nobody can read this."),
        "promise we cannot keep",
        "home.first.say (en)",
    ),
    # Letters
    "an emoji": (
        es("home.first.say", "Buenos días \u2764"),
        "letter that is not in an SMS",
        "home.first.say (es)",
    ),
    "a letter of another alphabet in an address": (
        lambda s: setattr(s, "change", costly_street),
        "letter of the directory that is not in an SMS",
        Small().release().directory.services[0].name,
    ),
    "potatoes for fathers": (
        es("home.first.say", "Llame a los papás."),
        "accent that changes the meaning",
        "home.first.say (es)",
    ),
    "quotes of a word processor": (
        es("home.first.say", "Diga \u201cno abro\u201d."),
        "sign that an SMS writes otherwise",
        "home.first.say (es)",
    ),
    # The languages beside one another
    "English in the Spanish": (
        es("home.first.say", "Stay calm and silent."),
        "copy of another language",
        "home.first.say (es)",
    ),
    "Spanish in the K'iche'": (
        lambda s: (
            s.es.update({"home.first.say": "Abogado abogado abogado utz."}),
            s.quc.update({"home.first.say": "Abogado abogado abogado utz."}),
        ),
        "copy of another language",
        "home.first.say (quc)",
    ),
    "another line of the menu": (
        lambda s: (say("home", "Write 2 for more.")(s), s.es.update({"home.first.say": "Escriba 1 para más."})),
        "option numbers differ",
        "home.first.say (es)",
    ),
    # Facts
    "a fact that is none": (
        lambda s: s.flow("home").update(facts=["calm", "gravity"]),
        "unknown fact",
        "home",
    ),
    "a fact that nobody needs": (lambda s: s.flow("home").update(facts=[]), "fact that no flow names", "calm"),
    "six facts due in one week": (fact(0, 6, apart=1), "too many facts due in one week", "2027-W23"),
    "a third of the facts due on one day": (
        lambda s: (fact(0, 4)(s), s.facts.pop("fact_3"), s.flow("home")["facts"].pop()),
        "a third of the facts due on one day",
        "2027-06-07",
    ),
    "a first answer in danger that leans on what changes": (
        lambda s: s.flow("danger").update(facts=["new_rule"]),
        "volatile fact in a first answer",
        "danger",
    ),
    # Figures of facts
    "a figure typed": (
        lambda s: (figure("calm")(s), say("home", "Stay calm, for 5 working days.")(s)),
        "typed figure",
        "home.first.say (en)",
    ),
    "a figure typed, in Spanish": (
        lambda s: (figure("calm")(s), es("home.first.say", "Calma, por 5 días hábiles.")(s)),
        "typed figure",
        "home.first.say (es)",
    ),
    "a figure typed in a sentence that leans on the fact by itself": (
        lambda s: (figure("new_rule")(s), also("home", "Rules change in 5 days.", fact="new_rule")(s)),
        "typed figure",
        "home.first.also.x (en)",
    ),
    "a figure typed in a menu": (
        lambda s: (figure("calm")(s), label("in 5 days")(s)),
        "typed figure",
        "home.first.choice.1 (en)",
    ),
    "a figure of a fact that the flow does not name": (
        lambda s: (
            figure("calm")(s),
            say("services_near", "Stay calm, for $calm_days days.")(s),
        ),
        "figure of a fact that is not named",
        "services_near.first.say (en es quc)",
    ),
    "a figure that no fact has": (
        also("home", "Stay calm, for $calm_weeks weeks.", fact="new_rule"),
        "unknown field",
        "home.first.also.x (en es)",
    ),
    "a figure that is called like a line": (
        figure("desk", "hours"),
        "figure named like another field",
        "desk",
    ),
    # The locked phone
    "violence in the first line": (
        es("harm.first.say", "Si le pegan, borre esto después. SALIR cambia de tema."),
        "telling words on the lock screen",
        "harm (es quc)",
    ),
    "no way out of a sensitive answer": (
        es("harm.first.say", "Aquí Puente, información para familias. Borre esto."),
        "no word about the trace",
        "harm (es)",
    ),
    "the way out in a sentence that may be left out": (
        lambda s: (
            say("harm", "Puente here, information for families.")(s),
            s.es.update({"harm.first.say": "Aquí Puente, información para familias."}),
            also("harm", "Delete this. EXIT changes the topic. Help: $dv.")(s),
            s.es.update({"harm.first.also.x": "Borre esto. SALIR cambia de tema. Ayuda: $dv."}),
        ),
        "no word about the trace",
        "harm (en es)",
    ),
    # Costs
    "a first answer in danger of three segments": (
        say("danger", "Call $emergency_911. " + "Stay where you are and wait. " * 11),
        "answer too long",
        "danger.first (en)",
    ),
    "an answer of five segments": (
        es("home.inner.say", "Quédese ahí y espere. " * 30),
        "answer too long",
        "home.inner (es)",
    ),
    "a pause notice of four segments": (
        es("notices.paused.say", "Ahora no podemos contestar. " * 20),
        "pause notice too long",
        "notices.paused",
    ),
    "an answer that gets too long with the organizations near": (
        lambda s: s.step("services_near").update(say="Call before you go there. " * 24),
        "answer too long",
        "services_near.first (en)",
    ),
}  # fmt: skip


def test_nothing_is_wrong_before() -> None:
    assert Small().found() == ()


def places(found: tuple[Finding, ...]) -> str:
    """Where, and in which languages: ``home.first.say (en es)``."""
    languages = " ".join(dict.fromkeys(str(finding.language) for finding in found if finding.language))
    where = " ".join(dict.fromkeys(finding.where for finding in found))
    return f"{where} ({languages})" if languages else where


@functools.cache
def found_in(name: str) -> tuple[Finding, ...]:
    """What the checks say when this fault is planted."""
    small = Small()
    FAULTS[name][0](small)
    return small.found()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_else(name: str) -> None:
    _, rule, where = FAULTS[name]
    found = found_in(name)
    assert {finding.rule.name for finding in found} == {rule}, [f"{f.rule.name}: {f.place}" for f in found]
    assert places(found) == where


@pytest.mark.parametrize("name", FAULTS)
def test_a_finding_says_where_why_and_how_to_mend(name: str) -> None:
    for finding in found_in(name):
        assert all((finding.file, finding.where, finding.problem, finding.rule.why, finding.mend)), finding
        assert "." not in finding.rule.why, "one clause"
        assert finding.mend[0].isupper() and finding.mend[-1] != ".", "a sentence whose full stop is added"


def rules() -> list[Rule]:
    modules = [
        importlib.import_module(f"{checks.__name__}.{each.name}") for each in pkgutil.iter_modules(checks.__path__)
    ]
    found = {
        id(value): value
        for module in (*modules, accepted)
        for value in vars(module).values()
        if isinstance(value, Rule)
    }
    return list(found.values())


FITTING = {
    "its field, and other numbers": (
        lambda s: say("home", "Stay calm for $calm_days days. In 2025, EOIR-5, 15 days and 5 hours.")(s),
    ),
    "in an answer that does not lean on the fact": (lambda s: say("services_near", "Wait 5 days.")(s),),
    "the number of a menu": (label("5 lawyers"),),
}


@pytest.mark.parametrize("name", FITTING)
def test_what_is_no_typed_figure(name: str) -> None:
    small = Small()
    figure("calm")(small)
    FITTING[name][0](small)
    assert small.found() == ()


@pytest.mark.parametrize(
    ("plant", "instead", "mend"),
    [
        (say("home", "Wait 5 days."), "$calm_days days", "Use $calm_days days instead"),
        (label("in 5 days"), "", "Say it without the number: a line of a menu takes no field"),
        (
            lambda s: (figure("new_rule")(s), say("home", "Wait 5 days.")(s)),
            "",
            "Insert the field that is meant: $calm_days or $new_rule_days",
        ),
        (
            lambda s: (figure("new_rule")(s), also("home", "Wait 5 days.", fact="new_rule")(s)),
            "$new_rule_days days",
            "Use $new_rule_days days instead",
        ),
    ],
    ids=["one figure", "a line of a menu", "two facts with the same figure", "the fact of the sentence itself"],
)
def test_what_belongs_in_the_place_of_a_typed_figure(plant: Plant, instead: str, mend: str) -> None:
    small = Small()
    figure("calm")(small)
    plant(small)
    (found,) = small.found()
    assert (found.instead, found.mend) == (instead, mend)


def test_every_rule_has_a_fault_here() -> None:
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names)), "accepted.yml tells rules apart by their names"
    # What nothing is wrong with any more is tested with accepted.yml.
    assert set(names) - {accepted.NOTHING_LEFT.name} == {rule for _, rule, _ in FAULTS.values()}


def test_what_keeps_content_from_going_out_cannot_be_accepted_but_by_judgement() -> None:
    errors = [rule for rule in rules() if rule.severity is Severity.ERROR]
    assert [rule.name for rule in errors if rule.acceptable] == ["volatile fact in a first answer"]
    assert len(errors) > 20
