"""What a sentence of data/ is for: ``metadata: {part: ...}`` beside its language. Standard library only."""

LEARN = "learn"
"""The intent and the language are learned from it; what a sentence without a part is for."""
CALIBRATION = "calibration"
"""How far the model's confidence can be believed is measured on it."""
LANGUAGE = "language"
"""Only its language is learned: words and sentences of languages that the service does not speak, and more K'iche'."""
