"""Reads of the schemes room."""

from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
