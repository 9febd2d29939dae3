"""Templates of WhatsApp: which a person may get, and what one says once its values are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field
from sqlalchemy import Connection, select

from bot.escalation.approval import TemplateState
from bot.escalation.escalation import Escalated
from bot.language import Language
from bot.message import Channel
from bot.store.desk_errors import TemplateRefused
from bot.store.staff_models import MessageTemplate
from bot.store.template_states import STATE, state_in

LONGEST_VALUE = 200
_VALUE = re.compile(r"\{\{(\w{1,20})\}\}")
# Meta refuses a value with a line break, a tab or four blanks in a row.
_UNSENDABLE = re.compile(r"[\n\r\t]| {4}")


class Template(Struct, frozen=True):
    """A template: the carrier's id, a name for staff, the words with {{1}}, and how far it is with Meta."""

    sid: str
    name: str
    language: str
    body: str
    state: TemplateState = field(default_factory=TemplateState)

    @property
    def values(self) -> tuple[str, ...]:
        """The names of what is to be filled in, in the order in which they stand there."""
        return tuple(dict.fromkeys(_VALUE.findall(self.body)))


def templates_for(connection: Connection, escalated: Escalated) -> tuple[Template, ...]:
    """Those that this person may get, by name; none on SMS. A language that nobody knows gets all."""
    if escalated.channel != Channel.WHATSAPP:
        return ()
    wanted = select(
        MessageTemplate.sid, MessageTemplate.name, MessageTemplate.language, MessageTemplate.body, *STATE
    ).where(MessageTemplate.active.is_(True))
    if escalated.about.language is not None:
        wanted = wanted.where(MessageTemplate.language.in_(_languages(escalated.about.language)))
    rows = connection.execute(wanted.order_by(MessageTemplate.name, MessageTemplate.sid))
    return tuple(Template(row.sid, row.name, row.language, row.body, state_in(row)) for row in rows)


def filled(
    connection: Connection, escalated: Escalated, sid: str, values: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """What the template says to this person, and the values that are sent. Raises ``TemplateRefused``."""
    template = next((each for each in templates_for(connection, escalated) if each.sid == sid), None)
    if template is None:
        raise TemplateRefused
    kept = {name: values.get(name, "").strip() for name in template.values}
    if any(not 0 < len(value) <= LONGEST_VALUE or _UNSENDABLE.search(value) for value in kept.values()):
        raise TemplateRefused
    return _VALUE.sub(lambda found: kept[found[1]], template.body), kept


def _languages(language: str) -> tuple[str, ...]:
    # There may be none that Meta approved in K'iche'.
    return (language, Language.ES) if language == Language.QUC else (language,)
