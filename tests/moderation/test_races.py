"""One reader who reports twice at the same moment, and an author who is quicker."""

import pytest

from comments import services as comments
from moderation import services
from moderation.models import Flag, Reason
from tests.factories import make_article, make_comment, make_user
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


class TestFlag:
    def test_is_one_when_it_is_sent_four_times_at_once(self):
        comment, reader = make_comment(make_article(), make_user()), make_user()
        results = race([lambda: services.flag(comment, by=reader, reason=Reason.SPAM)] * 4)
        assert sorted(is_new for _, is_new in results) == [False, False, False, True]
        assert Flag.objects.count() == 1

    def test_keeps_the_text_when_the_author_withdraws_at_the_same_moment(self):
        author = make_user()
        comment, readers = make_comment(make_article(), author, "Abuse."), [make_user() for _ in range(3)]
        acts = [lambda r=r: services.flag(comment, by=r, reason=Reason.ABUSE) for r in readers]
        race([*acts, lambda: comments.withdraw(comment, by=author)])
        assert [flag.source for flag in Flag.objects.all()] == ["Abuse."] * 3
