"""Rasa alone, the peer: the same understanding model and the same answers, by Rasa's own rules and its own channel."""
