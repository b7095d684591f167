"""Warning, holding and suspending people: who may, whom, and what they are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Guest
from comments.models import Comment
from moderation import services
from moderation.errors import SanctionRefused
from moderation.models import Sanction
from skycrumbs.problems import Forbidden, Invalid
from tests.clock import later
from tests.factories import make_article, make_comment, make_user
from tests.moderation.moderators import limited, moderator
from tests.racing import race

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
Kind = Sanction.Kind


@pytest.fixture
def mo():
    return moderator()


@pytest.fixture
def ada():
    return make_user("Ada")


def a_guest() -> Guest:
    return Guest.objects.create(email="gus@example.org")


def lay(target, kind: Kind = Kind.SUSPEND, **fields) -> Sanction:
    return services.sanction(target, kind, **{"message": "Be kind."} | fields)


class TestSanction:
    def test_is_kept_with_who_why_and_how_long(self, mo, ada):
        end = datetime(2199, 5, 16, 12, tzinfo=UTC)
        comment = make_comment(make_article(), ada)
        lay(ada, by=mo, message=" Be\r\nkind. ", ends_at=end, comment=comment)
        kept = Sanction.objects.get()
        assert (kept.person, kept.guest, kept.kind, kept.made_by) == (ada, None, "suspend", mo)
        assert (kept.message, kept.comment) == ("Be\nkind.", comment)
        assert (kept.ends_at, kept.is_standing) == (end, True)

    def test_may_have_no_end_and_be_on_a_guest(self, mo):
        guest = a_guest()
        lay(guest, by=mo, kind=Kind.HOLD)
        kept = Sanction.objects.get()
        assert (kept.person, kept.guest, kept.target, kept.ends_at) == (None, guest, guest, None)

    def test_is_laid_on_staff_by_a_superuser(self, ada):
        root = make_user(is_superuser=True)
        assert lay(moderator("Max"), by=root).made_by == root

    @pytest.mark.parametrize("who", ["limited", "reader", "themselves", "on staff", "on a superuser"])
    def test_is_forbidden(self, mo, ada, who):
        others = {
            "limited": limited(moderator(), make_article()),
            "reader": make_user(),
            "themselves": make_user(is_superuser=True),
        }
        by = others.get(who, mo)
        target = {
            "themselves": by,
            "on staff": make_user(is_staff=True),
            "on a superuser": make_user(is_superuser=True),
        }
        with pytest.raises(Forbidden):
            lay(target.get(who, ada), by=by)
        assert not Sanction.objects.exists()

    def test_says_to_a_limited_moderator_whom_to_ask(self, ada):
        with pytest.raises(Forbidden, match="not limited"):
            lay(ada, by=limited(moderator(), make_article()))

    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"message": " \u200b"}, "message", "blank"),
            ({"message": "a" * 1001}, "message", "too_long"),
            ({"message": "a\0b"}, "message", "control_character"),
            ({"ends_at": NOON}, "ends_at", "past"),
            ({"ends_at": datetime(3000, 1, 1, tzinfo=UTC)}, "ends_at", "too_late"),
            ({"ends_at": NOON + timedelta(days=9000), "kind": Kind.WARN}, "ends_at", "not_for_kind"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, mo, ada, fields, field, code):
        with pytest.raises(Invalid) as refused:
            lay(ada, by=mo, **fields)
        (error,) = refused.value.errors
        assert (error.field, error.code) == (field, code)
        assert not Sanction.objects.exists()

    def test_takes_no_comment_of_somebody_else_as_its_cause(self, mo, ada):
        with pytest.raises(Invalid):
            lay(ada, by=mo, comment=make_comment(make_article(), make_user()))

    def test_takes_no_comment_that_no_moderator_may_read(self, mo, ada):
        own = make_comment(make_article(), ada)
        Comment.objects.filter(pk=own.pk).update(state="held", state_reason="confirm_email", public_revision=None)
        with pytest.raises(Invalid):
            lay(ada, by=mo, comment=Comment.objects.get())


class TestTwice:
    @pytest.fixture(autouse=True)
    def within_a_minute(self, settings):
        settings.DOUBLE_POST_SECONDS = 60

    def test_at_once_is_one(self, mo, ada):
        first = lay(ada, Kind.WARN, by=mo)
        assert lay(ada, Kind.WARN, by=mo) == first
        assert Sanction.objects.get() == first

    @pytest.mark.django_db(transaction=True)
    def test_in_a_race_is_one(self, mo, ada):
        race([lambda: lay(ada, Kind.WARN, by=mo)] * 3)
        assert Sanction.objects.count() == 1

    def test_a_minute_later_is_another(self, mo, ada):
        lay(ada, Kind.WARN, by=mo)
        with later(seconds=61):
            lay(ada, Kind.WARN, by=mo)
        assert Sanction.objects.count() == 2

    def test_is_another_of_somebody_else_with_other_words_or_once_it_was_lifted(self, mo, ada):
        services.lift(lay(ada, by=mo), by=mo)
        lay(ada, by=mo)
        lay(ada, by=moderator())
        lay(ada, by=mo, message="Be kinder.")
        lay(a_guest(), by=mo)
        assert Sanction.objects.count() == 5


class TestLift:
    def test_ends_it_and_says_who_did(self, mo, ada):
        other = moderator("Max")
        services.lift(lay(ada, by=mo), by=other)
        kept = Sanction.objects.get()
        assert (kept.lifted_by, kept.lifted_at is not None, kept.is_standing) == (other, True, False)
        assert not Sanction.objects.standing().exists()

    def test_is_refused_when_it_is_over(self, mo, ada):
        laid = lay(ada, by=mo)
        services.lift(laid, by=mo)
        with pytest.raises(SanctionRefused):
            services.lift(laid, by=mo)
        Sanction.objects.create(
            person=ada, kind="hold", message="Old.", made_by=mo, starts_at=NOON, ends_at=NOON + timedelta(days=1)
        )
        with pytest.raises(SanctionRefused):
            services.lift(Sanction.objects.get(message="Old."), by=mo)

    def test_is_forbidden_to_a_limited_moderator_and_to_whom_it_is_on(self, mo):
        laid = lay(make_user(), by=mo)
        with pytest.raises(Forbidden):
            services.lift(laid, by=limited(moderator(), make_article()))
        laid = lay(mo, by=make_user(is_superuser=True))
        with pytest.raises(Forbidden):
            services.lift(laid, by=mo)
        assert Sanction.objects.standing().count() == 2


class TestAcknowledge:
    def test_notes_when_it_was_first_read(self, mo, ada, monkeypatch):
        warning = lay(ada, by=mo, kind=Kind.WARN)
        services.acknowledge(warning, by=ada)
        first = Sanction.objects.get().acknowledged_at
        monkeypatch.setattr(timezone, "now", lambda: NOON)
        services.acknowledge(warning, by=ada)
        assert Sanction.objects.get().acknowledged_at == first
        assert first is not None

    def test_is_for_guests_too(self, mo):
        guest = a_guest()
        services.acknowledge(lay(guest, by=mo, kind=Kind.WARN), by=guest)
        assert Sanction.objects.get().acknowledged_at is not None

    def test_is_forbidden_to_everybody_else_and_refused_for_what_is_no_warning(self, mo, ada):
        warning, suspension = lay(ada, by=mo, kind=Kind.WARN), lay(ada, by=mo)
        # A guest with the number of the account.
        for other in (mo, make_user(), Guest.objects.create(pk=ada.pk, email="gus@example.org")):
            with pytest.raises(Forbidden):
                services.acknowledge(warning, by=other)
        with pytest.raises(SanctionRefused):
            services.acknowledge(suspension, by=ada)
        assert not Sanction.objects.exclude(acknowledged_at=None).exists()


class TestToBeTold:
    def test_is_what_stands_and_no_warning_that_was_read(self, mo, ada):
        told, read, over = (lay(ada, by=mo, kind=kind) for kind in (Kind.HOLD, Kind.WARN, Kind.SUSPEND))
        services.acknowledge(read, by=ada)
        services.lift(over, by=mo)
        lay(make_user(), by=mo)
        assert list(Sanction.objects.to_be_told(ada)) == [told]
