"""``flask --app webhook ...``: what a person does at the terminal."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from bot import content
from bot.cli_content import content_check, content_report
        desk,
