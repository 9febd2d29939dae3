"""The flow engine. The law of this folder: no IO, no Flask, no Redis, no clock, no gettext. Values in, values out."""
