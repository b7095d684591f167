"""What the database itself keeps of flags and sanctions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Guest
from comments.models import CommentRevision
from moderation.models import Flag, Sanction
from tests.clock import MOMENT, stopped_at
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
        store(comment, person, closed_at=timezone.now() + timedelta(seconds=1), outcome="upheld")
        store(comment, person)
        assert Flag.objects.open().count() == 1

    def test_says_which_other_reason_it_has(self, comment):
        with pytest.raises(IntegrityError), transaction.atomic():
            store(comment, make_user(), reason="other")
        store(comment, make_user(), reason="other", note="It is copied.")

    def test_closes_after_it_opens(self, comment):
        with pytest.raises(IntegrityError), transaction.atomic():
            store(comment, make_user(), closed_at=timezone.now() - timedelta(hours=1), outcome="upheld")

    @pytest.mark.parametrize("fields", [{"outcome": "upheld"}, {"closed_at": timezone.now() + timedelta(days=1)}])
    def test_has_an_outcome_if_and_only_if_it_is_closed(self, comment, fields):
        with pytest.raises(IntegrityError, match="a_closed_flag_has_an_outcome"), transaction.atomic():
            store(comment, make_user(), **fields)

    def test_has_the_text_as_it_was_reported_until_that_is_erased(self, comment):
        flag = store(comment, make_user())
        assert flag.source == "A thought."
        CommentRevision.objects.update(source="", html="", fingerprint="", erased_length=10, erased_sha256="0" * 64)
        assert Flag.objects.get(pk=flag.pk).source == ""


class TestSanction:
    def lay(self, **fields) -> Sanction:
        people = {} if "guest" in fields else {"person": make_user()}
        fields = {"kind": "warn", "message": "Be kind.", "made_by": make_user()} | people | fields
        return Sanction.objects.create(**fields)

    def test_is_laid_on_a_person_or_a_guest(self):
        guest = Guest.objects.create(email="gus@example.org")
        assert self.lay().person
        assert self.lay(guest=guest).guest == guest
        for fields in ({"guest": None}, {"guest": guest, "person": make_user()}):
            with pytest.raises(IntegrityError, match="laid_on_a_person_or_a_guest"), transaction.atomic():
                self.lay(**fields)

    def test_ends_after_its_start(self):
        now = timezone.now()
        with pytest.raises(IntegrityError, match="a_sanction_ends_after_its_start"), transaction.atomic():
            self.lay(starts_at=now, ends_at=now)

    def test_is_lifted_by_somebody(self):
        for fields in ({"lifted_at": timezone.now()}, {"lifted_by": make_user()}):
            with pytest.raises(IntegrityError, match="somebody_lifts_a_sanction"), transaction.atomic():
                self.lay(**fields)

    def test_says_why(self):
        with pytest.raises(IntegrityError, match="a_sanction_says_why"), transaction.atomic():
            self.lay(message="")

    def test_stands_from_its_start_to_its_end_unless_it_is_lifted(self):
        now = timezone.now()
        day = timedelta(days=1)
        self.lay(starts_at=now - day, lifted_at=now, lifted_by=make_user())
        endless, ending = self.lay(starts_at=now), self.lay(starts_at=now - day, ends_at=now + day)
        self.lay(starts_at=now + day + MOMENT)
        for moment, expected in [
            (now - MOMENT, {ending}),
            (now, {endless, ending}),
            (now + day - MOMENT, {endless, ending}),
            (now + day, {endless}),
        ]:
            with stopped_at(moment):
                assert set(Sanction.objects.standing()) == expected
