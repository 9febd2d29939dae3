"""Conversations that people have with staff: values and rules. Pure; SQL is in bot/store, pages are in bot/console."""
