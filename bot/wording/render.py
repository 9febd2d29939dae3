"""From actions to the text that goes out: blocks of words, then the menu. Pure; one function for each channel's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.directory.organization import Organization
from bot.engine.actions import Action, Ask, Media, Offer, Say
from bot.engine.flow import Flow, Group, Script, Sentence, Step
from bot.engine.parse import BACK, PERSON
from bot.engine.place import from_token, is_token
from bot.language import Language
from bot.message import Channel, Reply
from bot.wording.gsm7 import fold_for_sms, segments
from bot.wording.voice import Voice

NOTICES = "notices"
_SAME_TOWN_KM = 8
_KM_IN_A_MILE = 1.609
_GRAVE = (Group.URGENT, Group.RIGHTS)


@dataclass(frozen=True, slots=True)
class Listing:
    """What ShowServices became: the organizations found, nearest first, with their distance in km."""

    found: tuple[tuple[Organization, float | None], ...]
    more: bool
    place: str
    none: Sentence
    advice: Say | None = None
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph. ``draft`` is its K'iche'; ``grave`` puts the Spanish first."""

    main: str
    draft: str = ""
    grave: bool = False
    menu: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Renderer:
    """How one reply is written: whose words, which channel, which rights answers may go out whole."""

    script: Script
    voice: Voice
    channel: Channel
    approved: frozenset[str] | None = None
    media_base: str = ""
    recordings: frozenset[str] = frozenset()

    def reply(self, actions: Sequence[Action | Listing]) -> Reply:
        """The texts of one turn. Nothing to say is silence."""
        blocks = [block for action in actions for block in self._blocks(action) if block.main or block.draft]
        text = self._joined(blocks)
        wanted = (f"{self.voice.language}/{action.name}" for action in actions if isinstance(action, Media))
        # A recording on SMS would be a dear MMS; the words go out in any case.
        usable = self.channel is Channel.WHATSAPP and bool(self.media_base)
        media = tuple(f"{self.media_base}/media/{name}.ogg" for name in wanted if usable and name in self.recordings)
        return Reply((text,) if text else (), media)

    def _blocks(self, action: Action | Listing) -> list[_Block]:
        if isinstance(action, Say):
            return [self._said(action)]
        if isinstance(action, Ask):
            return self._menu(action)
        if isinstance(action, Offer):
            return self._offer(action)
        if isinstance(action, Listing):
            return self._listing(action)
        return []

    def _step(self, flow: str, step: str) -> tuple[Flow, Step]:
        return self.script.flows[flow], self.script.flows[flow].steps[step]

    def notice(self, name: str) -> Sentence | None:
        """A sentence of ours by its name."""
        step = self.script.flows[NOTICES].steps.get(name)
        return step.say if step else None

    def _said(self, action: Say) -> _Block:
        flow, step = self._step(action.flow, action.step)
        if self.approved is not None and flow.group is Group.RIGHTS and flow.name not in self.approved:
            minimum = self.notice("safe_minimum")
            return _Block(self.voice.say(minimum), self.voice.draft(minimum), grave=True)
        extra = dict(action.fields)
        texts = [self.voice.say(sentence, extra) for sentence in (step.say, *step.also)]
        said, draft = " ".join(text for text in texts if text), self.voice.draft(step.say, extra)
        return _Block(said, draft, flow.group in _GRAVE, urgent=flow.group is Group.URGENT)

    def _menu(self, action: Ask) -> list[_Block]:
        flow, step = self._step(action.flow, action.step)
        grave = flow.group in _GRAVE
        if step.yes_no or step.helped:
            lines = [self._line(1, self.notice("yes"), grave), self._line(2, self.notice("no"), grave)]
        else:
            lines = [self._line(choice.digit, choice.label, grave) for choice in step.choices]
        if action.back_to:
            title = self.script.flows[action.back_to].title
            where = self.notice("other_question" if action.asked else "back_to")
            lines.append(self._line(BACK, where, grave, {"topic": self.voice.say(title)}))
        blocks = [_Block(line, grave=grave, menu=True) for line in lines if line]
        if flow.name == "human":
            return blocks
        if lines or step.ask:
            blocks += [_Block(self._line(PERSON, self.notice("person"), grave), grave=grave, menu=True)]
            if action.back and not action.back_to:
                blocks += [_Block(self._line(BACK, self.notice("back"), grave), grave=grave, menu=True)]
        return blocks

    def _line(self, digit: int, label: Sentence | None, grave: bool, extra: Mapping[str, str] | None = None) -> str:
        main, draft = self.voice.say(label, extra), self.voice.draft(label, extra)
        both = f"{draft} / {main}" if draft and not grave and draft.casefold() != main.casefold() else main
        return f"{digit} {both}" if main else ""

    def _offer(self, action: Offer) -> list[_Block]:
        asked = self.notice(action.notice)
        blocks = [_Block(self.voice.say(asked), self.voice.draft(asked))]
        for digit, option in enumerate(action.options, 1):
            place = from_token(option) if is_token(option) else None
            if place is not None:
                blocks.append(_Block(f"{digit} {place.long_label}", menu=True))
            elif option in self.script.flows:
                blocks.append(_Block(self._line(digit, self.script.flows[option].title, False), menu=True))
        none = self.notice("none_of_these")
        return [*blocks, _Block(self._line(PERSON, none, False), menu=True)]

    def _listing(self, listing: Listing) -> list[_Block]:
        if not listing.found:
            said = self.notice("more_none") if listing.exhausted else listing.none
            if not self.voice.say(said):
                said = self.notice("place_unknown")
            return [_Block(self.voice.say(said), self.voice.draft(said))]
        head = self.notice("services_near")
        extra = {"place": listing.place}
        blocks = [_Block(self.voice.say(head, extra), self.voice.draft(head, extra))]
        blocks += [_Block(f"- {organization_line(one, km, self.voice)}") for one, km in listing.found]
        if listing.more:
            more = self.notice("services_more")
            blocks.append(_Block(self.voice.say(more), self.voice.draft(more)))
        return [*blocks, self._said(listing.advice)] if listing.advice else blocks

    def _joined(self, blocks: Sequence[_Block]) -> str:
        """All blocks as one text: Spanish first where it is grave, K'iche' first elsewhere; what is only useful where there is room."""
        kept: list[_Block] = []
        optional = self._optional()
        for block in blocks:
            if block.main in optional and block.menu and not self._room(kept, block):
                continue
            kept.append(block)
        return self._written(kept)

    def _optional(self) -> set[str]:
        return {self._line(PERSON, self.notice("person"), True), self._line(PERSON, self.notice("person"), False)} | {
            self._line(BACK, self.notice("back"), True), self._line(BACK, self.notice("back"), False)
        }  # fmt: skip

    def _room(self, kept: Sequence[_Block], block: _Block) -> bool:
        if self.channel is Channel.WHATSAPP:
            return True
        return segments(self._written([*kept, block])) <= segments(self._written(kept))

    def _written(self, blocks: Sequence[_Block]) -> str:
        grave = any(block.grave for block in blocks)
        lines: list[str] = []
        for block in blocks:
            if block.draft and not grave:
                lines.append(block.draft)
            if block.main:
                lines.append(block.main)
        drafts = [block.draft for block in blocks if block.draft] if grave else []
        if drafts:
            mark = self.voice.say(self.notice("draft_mark"))
            lines.append(f"{mark} {' '.join(drafts)}")
        elif lines and not any(block.draft or block.urgent for block in blocks):
            lines.insert(0, self._attested())
        text = "\n".join(line for line in lines if line)
        return fold_for_sms(text) if self.channel is Channel.SMS else text

    def _attested(self) -> str:
        """One attested line for a K'iche' speaker who gets Spanish alone; nothing for anybody else."""
        if self.voice.language is not Language.QUC:
            return ""
        sentence = self.notice("spanish_only")
        everyone = Voice(self.voice.catalogs, Language.QUC, frozenset(), self.voice.fields)
        return everyone.draft(sentence)


def organization_line(organization: Organization, km: float | None, voice: Voice) -> str:
    """One organization in one line: name, number or address, hours, how far.

    Outside production a phone that nobody of the network has confirmed is marked.
    """
    spanish = voice.main is Language.ES
    phone = organization.phone_text
    if phone and not organization.phone_confirmed:
        phone = f"{phone}{voice.mark}" if voice.unconfirmed else ""
    hours = organization.hours_es if spanish else organization.hours_en
    parts = (
        organization.name_es if spanish else organization.name,
        phone or organization.address_text,
        hours,
        _far(organization, km),
    )
    return ", ".join(part for part in parts if part)


def _far(organization: Organization, km: float | None) -> str:
    """How far it is, in the measure of its country; nothing for who has no door or is in the same town."""
    if km is None or km < _SAME_TOWN_KM:
        return ""
    return f"{km / _KM_IN_A_MILE:.0f} mi" if organization.country == "US" else f"{km:.0f} km"
