"""Why the desk did not do what a member of staff asked. The page says each in words; none tells of what she may not see."""

from __future__ import annotations

from bot.escalation.approval import TemplateState
from bot.store.errors import StoreError


class TakenBy(StoreError):
    """Somebody else has the conversation: ``name``, since when (unix seconds)."""

    def __init__(self, name: str, since: int) -> None:
        self.name, self.since = name, since
        super().__init__("somebody else has this conversation")


class Resolved(StoreError):
    """The conversation is over; whoever wants more opens it anew by writing."""

    def __init__(self) -> None:
        super().__init__("this conversation is over")


class WindowClosed(StoreError):
    """WhatsApp takes no free text any more; an approved template may go."""

    def __init__(self) -> None:
        super().__init__("the 24 hours of WhatsApp are over: only an approved template may go")


class OptedOut(StoreError):
    """The person asked us to stop: nothing of ours may begin."""

    def __init__(self) -> None:
        super().__init__("the person asked us to stop")


class NewerMessage(StoreError):
    """The family wrote again meanwhile. ``number`` is its newest message."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__("the family wrote again meanwhile")


class TextRefused(StoreError):
    """The text is empty, or longer than ``longest`` letters."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        super().__init__(f"a text has 1 to {longest} letters")


class TemplateRefused(StoreError):
    """There is no such template for this person, or not all of its values were given."""

    def __init__(self) -> None:
        super().__init__("no approved template of that name for this person, or a value of it is missing")


class TemplateNotApproved(StoreError):
    """The 24 hours are over, and Meta has not approved this template: ``state`` says how far it is."""

    def __init__(self, state: TemplateState) -> None:
        self.state = state
        super().__init__(f"Meta has not approved this template: it is {state.approval}")


class NothingToRetry(StoreError):
    """This message did not fail, or is on its way again."""

    def __init__(self) -> None:
        super().__init__("this message did not fail, or is on its way again")


class OneByOne(StoreError):
    """Danger, children, self-harm, trafficking: whoever writes about these gets an answer of her own."""

    def __init__(self) -> None:
        super().__init__("this conversation gets an answer of its own")


class CannotJoin(StoreError):
    """The two are the same, or belong to different organizations, or one of them is over."""

    def __init__(self) -> None:
        super().__init__("these two conversations cannot be joined")


class CannotPass(StoreError):
    """There is no such organization that answers at the desk, or it has the conversation already."""

    def __init__(self) -> None:
        super().__init__("the conversation cannot go there")
