"""Whether SMS may go to the countries that families write from (Twilio's Messaging Geo Permissions). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.channels.setup.findings import Change, Finding, Thing, look, ok, wrong

WHERE = "Twilio's console, Messaging, Settings, Geo permissions"
_ABOUT = "SMS to COUNTRIES"


def judge_countries(countries: Collection[str], open_: Mapping[str, bool]) -> list[Finding]:
    """``countries``: ISO codes whose SMS are answered; ``open_``: whether Twilio lets our messages go there."""
    if not countries:
        return [look(_ABOUT, "the bot answers every country", f"close those that nobody writes from: {WHERE}")]
    closed = [code for code in countries if open_.get(code) is False]
    untold = [code for code in countries if code not in open_]
    findings = []
    if closed:
        now = f"answers to {', '.join(closed)} are stopped by Twilio"
        change = Change(
            Thing.COUNTRIES, "", tuple((code, True) for code in closed), "closed", f"open: {', '.join(closed)}"
        )
        findings.append(wrong(_ABOUT, now, "", change))
    else:
        opened = [code for code in countries if code not in untold]
        findings += [ok(_ABOUT, f"Twilio lets our answers go to {', '.join(opened)}")] if opened else []
    if untold:
        findings.append(look(_ABOUT, f"Twilio did not say whether it is open: {', '.join(untold)}", WHERE))
    return findings
