"""What the carriers of the US ask: the texts for an A2P 10DLC campaign and for a toll-free verification. Pure."""

from __future__ import annotations

from bot.channels.setup.voices import CONTACT, Voices
from bot.intents.reserved import CARRIER_HELP, CARRIER_STOP
from bot.settings import NOT_THERE

FLOW = (40, 2_048)
"""Characters that the message flow of a campaign may have (twilio.com, Usa2p resource)."""
DESCRIPTION = (40, 4_096)
SAMPLE = (20, 1_024)
PUBLISHED = "[where people find the number: your web page, flyers, offices; and the address of a public page or picture that shows it]"
POLICY = "[https address of your privacy policy]"
TERMS = "[https address of your terms]"


def description(voices: Voices) -> str:
    """What this service is."""
    return (
        f"{voices.owner} runs Puente, an automatic service by text message for immigrant families. A person writes to the number"
        " with a question and gets an answer in Spanish, English or K'iche': general information about rights, about safety, and"
        " names and phone numbers of organizations nearby. Who asks for it is put in touch with staff, who then answer in the same"
        " conversation. There is no marketing, and nobody is written to who has not written first."
    )


def message_flow(voices: Voices) -> str:
    """How somebody comes to get messages: the carriers' reviewers want each of these sentences."""
    return (
        f"The person writes first. The number is published here: {PUBLISHED}. Nobody is put on a list, and no number is bought or"
        f' taken from elsewhere. A greeting is answered with: "{_in_a_line(voices.first)}" A question is answered at once, and under it'
        f' stands: "{voices.welcome}" Frequency: one answer to each'
        " message of the person; replies of staff only after the person has agreed to be put in touch. Message and data rates may"
        f" apply. Reply STOP to leave, HELP for help. Mobile numbers and consent are not shared with third parties for marketing."
        f" Privacy policy: {POLICY} Terms: {TERMS}"
    )


def registration(voices: Voices) -> str:
    """The campaign for long codes."""
    samples = "\n\n".join(_field(f"Sample {number}", text, SAMPLE) for number, text in enumerate(voices.samples, 1))
    return f"""== A2P 10DLC campaign, for long codes of the US (10 digits)
Place: Twilio's console, Messaging, Regulatory Compliance, A2P 10DLC: first the brand (your organization, with its tax number),
then a campaign for your messaging service. Use case: the one that Twilio offers and that fits; a registered charity has its own.

{_field("Campaign description", description(voices), DESCRIPTION)}

{_field("Message flow (how do people consent?)", message_flow(voices), FLOW)}

{samples}

  Links in messages: yes (web addresses of organizations). Phone numbers in messages: yes. Age-gated: no. Lending: no.
  Opt-in keywords: {NOT_THERE}: any first message begins. Opt-out keywords: {_listed(CARRIER_STOP)}. Help keywords: {_listed(CARRIER_HELP)}.

  Lines that your privacy policy must have:
    We give or sell no mobile number, and no consent to get text messages, to third parties or affiliates for marketing.
  Lines that your terms must have, HELP and STOP in bold:
    Puente, of {voices.owner}: answers to questions that you text. One answer to each message. Message and data rates may apply.
    Reply HELP for help, STOP to leave. {CONTACT}
  Both pages must be public; where they are in Spanish, reviewers want the English too.
"""


def toll_free(voices: Voices) -> str:
    """The verification of a toll-free number."""
    return f"""== Toll-free verification, for numbers such as +1 8xx
Place: Twilio's console, Phone Numbers, the number, Regulatory information; or Messaging, Regulatory Compliance, Toll-Free.
Name, address, web page, tax number and contact of the organization: [yours]. Messages a month: [your guess].
How people opt in: by text (VIA_TEXT). Opt-in picture: {PUBLISHED}

{_field("Use case summary", description(voices))}

{_field("Sample message", voices.first)}

{_field("Help message", voices.help)}

{_field("Additional information", message_flow(voices))}
"""


def _field(name: str, text: str, limits: tuple[int, int] | None = None) -> str:
    allowed = f" of {limits[0]} to {limits[1]}" if limits else ""
    quoted = "\n".join(f"    {line}" for line in text.splitlines())
    return f"  {name} ({len(text)} characters{allowed}):\n{quoted}"


def _in_a_line(text: str) -> str:
    return " / ".join(text.splitlines())


def _listed(words: frozenset[str]) -> str:
    return ", ".join(word.upper() for word in sorted(words))
