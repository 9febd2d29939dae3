"""What Twilio takes as an answer: well-formed XML of four elements, at most 1,600 characters a message. Nothing of ``bot`` is imported."""

from __future__ import annotations

from xml.etree import ElementTree

ELEMENTS = {"Response": {"Message"}, "Message": {"Body", "Media"}, "Body": set[str](), "Media": set[str]()}
LONGEST = 1_600
LARGEST = 64 * 1024


def faults(answer: bytes) -> list[str]:
    """What Twilio would refuse in these bytes (errors 11750, 12100, 21617)."""
    if len(answer) > LARGEST:
        return [f"TwiML of {len(answer)} bytes"]
    try:
        root = ElementTree.fromstring(answer)
    except (ElementTree.ParseError, ValueError) as error:
        return [f"TwiML that is no XML: {error}"]
    if root.tag != "Response":
        return [f"TwiML whose root is {root.tag}"]
    wrong = []
    for element in root.iter():
        wrong += [f"{each.tag} in {element.tag}" for each in element if each.tag not in ELEMENTS.get(element.tag, ())]
    for message in root.iter("Message"):
        said = message.findtext("Body") or message.text or ""
        # Characters beyond the basic plane count twice at Twilio.
        if len(said.encode("utf-16-le")) // 2 > LONGEST:
            wrong.append(f"a message of {len(said)} characters")
    return wrong
