"""How much a file of the directory may hold: far more than any directory of ours, far less than what would fill the memory. Pure."""

from __future__ import annotations

LARGEST_FILE = 64_000_000
"""Bytes as they come, packed or not."""
LARGEST_UNPACKED = 200_000_000
"""Bytes of everything in a zip together."""
LARGEST_SHEET = 100_000_000
"""The same of a workbook, whose texts stand in the memory all at once."""
MOST_ROWS = 100_000
"""Rows of a flat sheet."""
MOST_RECORDS = 500_000
"""Rows of one table of a package."""
MOST_COLUMNS = 300
MOST_FILES = 200
"""Files in a zip."""
