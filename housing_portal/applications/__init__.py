"""Drafts, uploads and what was handed in."""
