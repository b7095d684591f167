import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken
from moderation.models import Waiting
from skycrumbs.admin_pages import OfferedFilters
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# The queue takes no rows by Django's own boxes.
LISTS = [
    model._meta
    for model, shown in admin.site._registry.items()
    if isinstance(shown, OfferedFilters) and model is not Waiting
]


# The id of a token is its digest: any text may be one, but for a NUL, which no database takes.
NO_IDS = [
    (opts, text)
    for opts in LISTS
    for text in ["x", "", "-1", "1e3", "9" * 40, "1\0"]
    if opts.model is not ApiToken or "\0" in text
]


@pytest.mark.parametrize(("opts", "chosen"), NO_IDS, ids=[f"{opts.label_lower}-{text!r}" for opts, text in NO_IDS])
def test_rows_of_a_list_are_chosen_by_their_ids(opts, chosen):
    client = Client()
    client.force_login(make_user("Root", is_staff=True, is_superuser=True))
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    sent = {"action": "delete_selected", "_selected_action": ["1", chosen], "post": "yes", "index": "0"}
    assert client.post(address, sent).status_code == 400


def test_every_list_of_ours_keeps_to_that():
    own = [shown for model, shown in admin.site._registry.items() if not model.__module__.startswith("django_tasks")]
    assert all(isinstance(shown, OfferedFilters) for shown in own)
