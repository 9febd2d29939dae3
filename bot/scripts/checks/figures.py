"""Figures of facts: never typed but a field, and of a fact that the answer leans on."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.flow import Flow
from bot.scripts.approval import fact_names
from bot.scripts.figure import Figure, typed_in, with_field
from bot.scripts.finding import Finding, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import Text, texts
from bot.wording.fill import placeholders

TYPED_FIGURE = warning(
    "typed figure",
    "when the deadline changes, this sentence keeps the old one, and a family goes by it",
    "Insert the field of the fact, such as $court_address_days, in place of the number",
)
FIGURE_OF_ANOTHER = error(
    "figure of a fact that is not named",
    "when the fact changes or runs out nobody looks at this answer, and what a lawyer approved stays approved",
    "Name the fact under facts of the flow, or under fact of the sentence",
)
_IN_A_MENU = "Say it without the number: a line of a menu takes no field"


def check_figures(release: Release) -> Iterator[Finding]:
    """Every text beside the figures of the facts."""
    owners = {figure.field: figure for fact in release.facts.values() for figure in fact.figures}
    for text in texts(release):
        leans = fact_names(text.flow)
        for name in sorted(placeholders(text.words) & set(owners)):
            if owners[name].fact not in leans:
                problem = f"${name} is a figure of the fact {owners[name].fact!r}, which the flow does not name"
                yield FIGURE_OF_ANOTHER.broken(text.file, text.key, problem, language=text.language, said=f"${name}")
        yield from _typed(text, figures_of(release, text.flow))


def figures_of(release: Release, flow: Flow) -> tuple[Figure, ...]:
    """The figures of the facts that a flow leans on."""
    facts = (release.facts[name] for name in fact_names(flow) if name in release.facts)
    return tuple(figure for fact in facts for figure in fact.figures)


def _typed(text: Text, figures: tuple[Figure, ...]) -> Iterator[Finding]:
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        for said in typed_in(figure, text.words):
            found.setdefault(said, []).append(figure)
    for said, may in found.items():
        # The sentence's own fact is meant before one that another sentence leans on.
        own = [figure for figure in may if figure.fact == text.sentence.fact] or may
        problem = f"{said!r} is typed, the figure {' or '.join(f'${figure.field}' for figure in own)}"
        instead, mend = with_field(own[0], said) if len(own) == 1 else "", None
        if is_in_menu(text):
            instead, mend = "", _IN_A_MENU
        elif not instead:
            mend = f"Insert the field that is meant: {' or '.join(f'${figure.field}' for figure in own)}"
        yield TYPED_FIGURE.broken(
            text.file, text.key, problem, language=text.language, said=said, mend=mend, instead=instead
        )


def is_in_menu(text: Text) -> bool:
    """Whether it is the label of a choice: people may type it, and it is compared as it is written."""
    return text.step is not None and any(text.key == choice.label.key for choice in text.step.choices)
