import pytest

from tests.articles.admin_pages import signed_in
from tests.factories import make_article


@pytest.fixture
def editor():
    return signed_in("view_article", "add_article", "change_article", "delete_article")


@pytest.fixture
def article():
    return make_article("birds", title="Birds")
