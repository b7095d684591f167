"""What the database itself keeps of flags."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import Flag
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


def store(comment, person, **fields) -> Flag:
    fields = {"reason": "spam", "sha256": "0" * 64} | fields
    return Flag.objects.create(
        comment=comment, article_id=comment.article_id, revision=comment.head_revision, person=person, **fields
    )


@pytest.fixture
def comment():
    return make_comment(make_article(), make_user())


class TestFlag:
    def test_is_one_while_it_is_open(self, comment):
        person = make_user()
        store(comment, person)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(comment, person, reason="abuse")
        store(comment, make_user())
        assert Flag.objects.count() == 2

    def test_can_follow_one_that_was_closed(self, comment):
        person = make_user()
        store(comment, person, closed_at=timezone.now() + timedelta(seconds=1))
        store(comment, person)
        assert Flag.objects.open().count() == 1

    def test_says_which_other_reason_it_has(self, comment):
        with pytest.raises(IntegrityError), transaction.atomic():
            store(comment, make_user(), reason="other")
        store(comment, make_user(), reason="other", note="It is copied.")

    def test_closes_after_it_opens(self, comment):
        with pytest.raises(IntegrityError), transaction.atomic():
            store(comment, make_user(), closed_at=timezone.now() - timedelta(hours=1))
