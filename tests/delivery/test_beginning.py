"""The first sweep of a site that had readers before it had mail."""

from importlib import import_module

import pytest
from django.apps import apps

from events.consuming import run_consumers
from events.models import Cursor, Event, Type
from events.services import number_committed
from tests.delivery.mailing import fates, follow, make_reader
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db
begin = import_module("delivery.migrations.0002_begin_with_what_happens_next").begin


@pytest.fixture(autouse=True)
def no_cursors():
    Cursor.objects.all().delete()


class TestBegin:
    def test_leaves_the_past_alone(self):
        remark = make_comment(make_article(), make_reader())
        make_comment(remark.article, make_user(), parent=remark)
        number_committed()
        begin(apps, None)
        assert run_consumers() == 0
        make_comment(remark.article, make_user(), parent=remark)
        follow()
        assert fates() == [("Ada", "waits")]

    def test_begins_a_new_site_with_its_first_event(self):
        begin(apps, None)
        Event.objects.create(type=Type.ARTICLE_PUBLISHED)
        number_committed()
        assert run_consumers() == 2

    def test_names_every_consumer_that_mails(self, settings):
        begin(apps, None)
        assert list(Cursor.objects.order_by("id").values_list("name", flat=True)) == settings.EVENT_CONSUMERS
