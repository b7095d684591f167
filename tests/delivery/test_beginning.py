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
        follow()
        assert fates() == []
        make_comment(remark.article, make_user(), parent=remark)
        follow()
        assert fates() == [("Ada", "waits")]

    def test_begins_a_new_site_with_its_first_event(self):
        begin(apps, None)
        Event.objects.create(type=Type.ARTICLE_PUBLISHED)
        number_committed()
        assert run_consumers() == 4

    def test_names_every_consumer_that_could_mail_about_the_past(self, settings):
        """The others mail guests what they are waiting for: of that there is none in a past without guests."""
        begin(apps, None)
        names = list(Cursor.objects.order_by("id").values_list("name", flat=True))
        assert names == ["delivery.replies.consume", "delivery.decisions.consume"]
        others = ["delivery.proofs.consume", "delivery.claims.consume"]
        assert [*names, *others] == settings.EVENT_CONSUMERS
