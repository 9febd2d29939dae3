"""The Twilio edge. Nothing past this folder says "Twilio"."""
