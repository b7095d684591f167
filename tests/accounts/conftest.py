"""Fixtures for people and what they may do how often."""

from types import SimpleNamespace

import pytest

from accounts import limits


@pytest.fixture
def clock(monkeypatch):
    """The clock of the limits, which stands at noon, 1 January 2026, until a test sets `now` forward."""
    clock = SimpleNamespace(now=1_767_268_800)
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: clock.now + 0.9))
    return clock
