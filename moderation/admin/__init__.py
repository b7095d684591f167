"""Moderation in Django admin: its shell, sign-in and looks, with lists and pages of our own."""

from moderation.admin import flags, lost_passages, people, sanctions, waiting

__all__ = ["flags", "lost_passages", "people", "sanctions", "waiting"]
