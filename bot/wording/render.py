"""From actions to the text that goes out: blocks of words, then the menu. Pure; one function for each channel's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from msgspec import Struct

from bot.engine.actions import Ask, Media, Offer, Say
from bot.engine.flow import Flow, Group, Script, Sentence, Step
from bot.engine.parse import BACK, PERSON
from bot.engine.place import from_token, is_token
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, Line, Reply
from bot.wording.gsm7 import fold_for_sms, segments
from bot.wording.limits import LONGEST
from bot.wording.listing import AT_NO_COST, DROPPED, Liner
from bot.wording.performed import BY_PHONE, Announced, Listing, Named, Performed, Shared
from bot.wording.recorded import recording_of
from bot.wording.tappable import menu_apart
from bot.wording.voice import Voice

NOTICES = "notices"
_GRAVE = (Group.URGENT, Group.RIGHTS)
# Fields that tell where a person is: nothing of them goes into a text that is sent on.
ABOUT_PLACE = ("place", "area_line")


class _Block(Struct, frozen=True):
    """A paragraph. ``draft`` is its K'iche', ``native`` says that ``main`` is; ``grave`` puts the Spanish first.

    ``optional``: it goes out where it costs no segment. ``line``: it is one of the lines among which she chooses.
    """

    main: str
    draft: str = ""
    native: bool = False
    grave: bool = False
    urgent: bool = False
    optional: bool = False
    line: bool = False


class Renderer(Struct, frozen=True):
    """How one reply is written: whose words, which channel, which rights answers may go out whole.

    ``left_out``: how much of listing.DROPPED the lines of a list do without. ``child``: a child writes. ``buttons``: a reply
    has its menu apart too, where it can be tapped.
    """

    script: Script
    voice: Voice
    channel: Channel
    approved: frozenset[str] | None = None
    media_base: str = ""
    recordings: Mapping[str, str] = {}
    left_out: int = 0
    child: bool = False
    buttons: bool = False

    def reply(self, actions: Sequence[Performed]) -> Reply:
        """The texts of one turn. Nothing to say is silence."""
        text = self._text(actions)
        if self.channel is Channel.SMS and self.voice.shorter:
            brief = replace(self, voice=self.voice.in_brief())._text(actions)
            text = brief if segments(brief) < segments(text) else text
        menu = menu_apart(self, actions) if self.buttons and self.channel is Channel.WHATSAPP else None
        return Reply((text,) if text else (), self._media(actions) if text else (), menu)

    def _media(self, actions: Sequence[Performed]) -> tuple[str, ...]:
        """The addresses of recordings, to go out beside the words and never instead of them."""
        return tuple(f"{self.media_base}/media/{sha}.ogg" for sha in self.recorded(actions)) if self.media_base else ()

    def recorded(self, actions: Sequence[Performed]) -> tuple[str, ...]:
        """The recordings that go out beside the words, each once, by the SHA-256 of its bytes."""
        # A recording on SMS would be a dear MMS.
        if self.channel is not Channel.WHATSAPP:
            return ()
        return tuple(dict.fromkeys(filter(None, map(self._recording, actions))))

    def _recording(self, action: Performed) -> str | None:
        """The one that a step names, or that of the very words that this action says."""
        if isinstance(action, Media):
            return self.recordings.get(f"{self.voice.language.value}/{action.name}")
        if isinstance(action, Say):
            return recording_of(self.recordings, self.voice.language, self.aloud(action))
        return None

    def aloud(self, action: Say) -> str:
        """The main sentence of an answer as it goes out in her own language, for a recording to read; empty where it does not go out."""
        flow, step = self.step(action.flow, action.step)
        main = self._to_her(step)
        if main is None or self._is_held_back(flow, step):
            return ""
        extra = dict(action.fields)
        own = self.voice.language is self.voice.main or self.voice.is_native(main)
        return self.voice.say(main, extra) if own else self.voice.draft(main, extra)

    def _text(self, actions: Sequence[Performed]) -> str:
        text = self._whole(actions)
        if self.channel is Channel.WHATSAPP or not any(isinstance(each, Listing) and each.found for each in actions):
            return text
        return self._in_few_segments(actions, text)

    def _whole(self, actions: Sequence[Performed]) -> str:
        return self._joined(self._written_blocks(actions))

    def _written_blocks(self, actions: Sequence[Performed]) -> list[_Block]:
        return [block for action in actions for block in self._blocks(action) if block.main or block.draft]

    def without_lines(self, actions: Sequence[Performed]) -> str:
        """What these say, without the lines of the menu, which stand on buttons."""
        return self._joined([block for block in self._written_blocks(actions) if not block.line])

    @property
    def open_list(self) -> str:
        """What stands on the button that opens a list."""
        return self.voice.say(self.notice("see_options"))

    def lines(self, flow: Flow, step: Step) -> tuple[Line, ...]:
        """The lines of the menu of a step as they are written here."""
        grave = flow.group in _GRAVE
        if step.yes_no or step.helped:
            named = [(1, self.notice("yes")), (2, self.notice("no"))]
        else:
            named = [(choice.digit, choice.label) for choice in step.choices]
        worded = ((digit, *self._label(sentence, grave)) for digit, sentence in named)
        return tuple(Line(digit, f"{digit} {words}", spanish) for digit, words, spanish in worded if words)

    def _in_few_segments(self, actions: Sequence[Performed], text: str) -> str:
        """The list without what costs a segment and is not worth it; then without more, while it is longer than an answer may be."""

        def without(number: int) -> str:
            return replace(self, left_out=number)._whole(actions)

        shortest = without(AT_NO_COST)
        fewest = segments(shortest)
        # One after another: the first is nearly always short enough.
        longer = chain((text,), map(without, range(1, AT_NO_COST)), (shortest,))
        text = next(each for each in longer if segments(each) <= fewest)
        for number in range(AT_NO_COST + 1, len(DROPPED) + 1):
            if segments(text) <= LONGEST[self.voice.language]:
                break
            text = without(number)
        return text

    def _blocks(self, action: Performed) -> list[_Block]:
        if isinstance(action, Say):
            return [self._said(action)]
        if isinstance(action, Ask):
            return self._menu(action)
        if isinstance(action, Offer):
            return self._offer(action)
        if isinstance(action, Named):
            return self._offer(action.offer, action.names)
        if isinstance(action, Listing):
            return self._listing(action)
        if isinstance(action, Shared):
            return self._shared(action)
        if isinstance(action, Announced):
            return self._announced(action)
        return []

    def step(self, flow: str, step: str) -> tuple[Flow, Step]:
        """A step and its flow."""
        return self.script.flows[flow], self.script.flows[flow].steps[step]

    def notice(self, name: str) -> Sentence | None:
        """A sentence of ours by its name."""
        step = self.script.flows[NOTICES].steps.get(name)
        return self._to_her(step) if step else None

    def _to_her(self, step: Step) -> Sentence | None:
        """What the step says, in the words for a child where a child writes and there are some."""
        return step.child if self.child and step.child else step.say

    def _said(self, action: Say | Shared) -> _Block:
        flow, step = self.step(action.flow, action.step)
        if self._is_held_back(flow, step):
            return self._block(flow.minimum or self.notice("safe_minimum"), grave=True)
        extra = dict(action.fields) if isinstance(action, Say) else {}
        also = [sentence for sentence in step.also if isinstance(action, Say) or not sentence.without]
        main = self._to_her(step)
        texts = [self.voice.say(sentence, extra) for sentence in (main, *also)]
        said, draft = " ".join(text for text in texts if text), self.voice.draft(main, extra)
        native = self.voice.is_native(main)
        return _Block(said, draft, native, flow.group in _GRAVE, urgent=flow.group is Group.URGENT)

    def _is_held_back(self, flow: Flow, step: Step) -> bool:
        """Whether only the minimum goes out, because nobody has approved the flow and somebody must."""
        unapproved = self.approved is not None and flow.group is Group.RIGHTS and flow.name not in self.approved
        # "Write your town" is no advice: whoever is asked for it must be able to read that.
        return unapproved and step.ask is None

    def _block(
        self, sentence: Sentence | None, extra: Mapping[str, str] | None = None, *, grave: bool = False
    ) -> _Block:
        """A sentence as a paragraph, its K'iche' beside it or, where a speaker has approved it, alone."""
        native = self.voice.is_native(sentence)
        return _Block(self.voice.say(sentence, extra), self.voice.draft(sentence, extra), native, grave)

    def _shared(self, action: Shared) -> list[_Block]:
        """The answer without its menu and without what is about this person's place, then who says it and when it was read."""
        fields = {name: value for name, value in self.voice.fields.items() if name not in ABOUT_PLACE}
        said = replace(self, voice=replace(self.voice, fields=fields))._said(action)
        # The minimum leans on none of the flow's sources.
        whole = not self._is_held_back(*self.step(action.flow, action.step))
        day = {"day": action.read_on.strftime("%d/%m/%Y")} if action.read_on and whole else {}
        signed = self.notice("share_read" if day else "share_unread")
        return [said, _Block(self.voice.say(signed, day), grave=said.grave)]

    def _announced(self, announced: Announced) -> list[_Block]:
        if not announced.found:
            return [self._block(announced.none)]
        blocks = []
        for notice, hours in announced.found:
            head = self.voice.say(self.notice("area_notice"), {"source": notice.source, "hours": str(hours)})
            kiche = notice.texts.get(Language.QUC, "") if self.voice.language is Language.QUC else ""
            blocks.append(_Block(f"{head} {notice.texts[self.voice.main]}", kiche))
        return blocks

    def _menu(self, action: Ask) -> list[_Block]:
        flow, step = self.step(action.flow, action.step)
        grave = flow.group in _GRAVE
        lines = [f"{each.words} / {each.spanish}" if each.spanish else each.words for each in self.lines(flow, step)]
        # Beside a question for a place a choice is only an offer: it costs no SMS, and takes no room from the person.
        offers, lines = (lines, []) if step.ask else ([], lines)
        among = len(lines)
        if action.back_to:
            title = self.script.flows[action.back_to].title
            where = self.notice("other_question" if action.asked else "back_to")
            lines.append(self._line(BACK, where, grave, {"topic": self.voice.say(title)}))
        blocks = [_Block(line, grave=grave, line=number < among) for number, line in enumerate(lines) if line]
        if flow.name == "human":
            return blocks
        also = []
        if lines or step.ask:
            also.append(self._line(PERSON, self.notice("person"), grave))
            also += offers
            if action.back and not action.back_to:
                also.append(self._line(BACK, self.notice("back"), grave))
        if flow.group is Group.RIGHTS and not flow.sensitive and step.say and step.choices and not step.services:
            also.append(self.voice.say(self.notice("share_hint")))
        return blocks + [_Block(line, grave=grave, optional=True) for line in also]

    def _line(self, digit: int, label: Sentence | None, grave: bool, extra: Mapping[str, str] | None = None) -> str:
        words, spanish = self._label(label, grave, extra)
        return f"{digit} {words} / {spanish}" if spanish else f"{digit} {words}" if words else ""

    def _label(self, label: Sentence | None, grave: bool, extra: Mapping[str, str] | None = None) -> tuple[str, str]:
        """The words of a line, and the Spanish beside them where they are a draft of K'iche'."""
        main, draft = self.voice.say(label, extra), self.voice.draft(label, extra)
        beside = bool(main and draft) and not grave and draft.casefold() != main.casefold()
        return (draft, main) if beside else (main, "")

    def _offer(self, action: Offer, names: Sequence[str] = ()) -> list[_Block]:
        asked = self.notice(action.notice)
        blocks = [self._block(asked)]
        for digit, option in enumerate(action.options, 1):
            place = from_token(option) if is_token(option) else None
            if place is not None:
                blocks.append(_Block(f"{digit} {place.long_label}"))
            elif option in self.script.flows:
                blocks.append(_Block(self._line(digit, self.script.flows[option].title, False)))
        blocks += [_Block(f"{digit} {name}") for digit, name in enumerate(names, 1)]
        none = self.notice("none_of_these")
        return [*blocks, _Block(self._line(PERSON, none, False))]

    def _listing(self, listing: Listing) -> list[_Block]:
        if not listing.found:
            said = self.notice("more_none") if listing.exhausted else listing.none
            if not self.voice.say(said):
                said = self.notice("place_unknown")
            return [self._block(said, {"place": listing.place} if listing.place else None), *self._beside(listing)]
        blocks = [self._block(self.notice(listing.head), {"place": listing.place})]
        liner = Liner(self.voice, notices_of(self.script), listing.now, by_phone_said=listing.head == BY_PHONE)
        most = 1 if self.channel is Channel.SMS else None
        blocks += [_Block(liner.line(each, self.left_out, most)) for each in listing.found]
        if listing.more:
            more = self.notice("services_more")
            blocks.append(self._block(more))
        return [*blocks, self._said(listing.advice)] if listing.advice else blocks

    def _beside(self, listing: Listing) -> list[_Block]:
        """What holds with nobody near too, of the sentences that stand beside the advice: a line to call."""
        if listing.advice is None or listing.exhausted:
            return []
        _, step = self.step(listing.advice.flow, listing.advice.step)
        return [_Block(said) for sentence in step.also if (said := self.voice.say(sentence))]

    def _joined(self, blocks: Sequence[_Block]) -> str:
        """All blocks as one text: Spanish first where it is grave, K'iche' first elsewhere; what is only useful where there is room."""
        if self.channel is Channel.WHATSAPP:
            return self._written(blocks)
        needed = [block for block in blocks if not block.optional]
        whole = self._written(blocks)
        if len(needed) == len(blocks):
            return whole
        parts = segments(whole)
        at_the_end = all(block.optional for block in blocks[len(needed) :])
        if parts == 1 or (at_the_end and parts <= segments(self._written(needed))):
            # What costs nothing together costs nothing one by one.
            return whole
        kept: list[_Block] = []
        size: int | None = None
        for block in blocks:
            if block.optional:
                size = segments(self._written(kept)) if size is None else size
                with_it = segments(self._written([*kept, block]))
                if with_it > size:
                    continue
                size = with_it
            else:
                size = None
            kept.append(block)
        return self._written(kept)

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
        elif lines and not any(block.draft or block.native or block.urgent for block in blocks):
            lines.insert(0, self._attested())
        text = "\n".join(line for line in lines if line)
        return fold_for_sms(text) if self.channel is Channel.SMS else text

    def _attested(self) -> str:
        """One attested line for a K'iche' speaker who gets Spanish alone; nothing for anybody else."""
        if self.voice.language is not Language.QUC:
            return ""
        sentence = self.notice("spanish_only")
        everyone = replace(self.voice, gone=frozenset(), drafts=True)
        return everyone.draft(sentence) or (everyone.say(sentence) if everyone.is_native(sentence) else "")


def notices_of(script: Script) -> Mapping[str, Sentence | None]:
    """Our own sentences by their names."""
    return {name: step.say for name, step in script.flows[NOTICES].steps.items()}
