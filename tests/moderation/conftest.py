"""Fixtures for whoever judges, and what is judged."""

import pytest

from tests.factories import make_article
from tests.moderation.moderators import moderator
from tests.moderation.waiting_page import client_of


@pytest.fixture
def mo():
    return moderator()


@pytest.fixture
def desk(mo):
    return client_of(mo)


@pytest.fixture
def article():
    return make_article("birds")
