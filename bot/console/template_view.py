"""Templates of WhatsApp as they are chosen: the gaps to be filled in, and how the message then reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.escalation.approval import TemplateState


class Approved(Protocol):
    """What of a template is read (bot/store/desk_templates.py, Template)."""

    @property
    def sid(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def state(self) -> TemplateState: ...


@dataclass(frozen=True, slots=True)
class TemplateView:
    """``gaps``: name and value of each. ``preview``: the words with the values that are filled in; ``chosen``: it was asked for."""

    sid: str
    name: str
    language: str
    gaps: tuple[tuple[str, str], ...]
    preview: str = field(repr=False)
    chosen: bool = False
    state: TemplateState = field(default_factory=TemplateState)


def template_views(templates: Sequence[Approved], chosen: str, values: Mapping[str, str]) -> tuple[TemplateView, ...]:
    """Those that may be sent; ``values`` are those of the one that is ``chosen``."""
    return tuple(_view(each, each.sid == chosen, values if each.sid == chosen else {}) for each in templates)


def _view(template: Approved, chosen: bool, values: Mapping[str, str]) -> TemplateView:
    gaps = tuple((name, " ".join(values.get(name, "").split())) for name in template.values)
    preview = template.body
    for name, value in gaps:
        preview = preview.replace(f"{{{{{name}}}}}", value or "______")
    return TemplateView(template.sid, template.name, template.language, gaps, preview, chosen, template.state)
