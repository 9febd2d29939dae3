"""Releases under load and under damage: ``python -m tests.releases`` (``make chaos-releases``)."""
