"""What was laid on a reader, on their own page."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from moderation import services
from moderation.models import Sanction
from tests.factories import make_user
from tests.moderation.moderators import moderator

pytestmark = pytest.mark.django_db

Kind = Sanction.Kind


@pytest.fixture
def mo():
    return moderator()


@pytest.fixture
def ada():
    return make_user("Ada")


def lay(target, kind: Kind = Kind.SUSPEND, **fields) -> Sanction:
    return services.sanction(target, kind, **{"message": "Be kind."} | fields)


class TestMyPage:
    def get(self, client, person):
        client.force_login(person)
        return client.get("/me/").content.decode()

    def test_shows_message_and_end(self, mo, ada, client):
        lay(ada, by=mo, message="Be <kind>.", ends_at=datetime(2199, 5, 16, 12, tzinfo=UTC))
        content = self.get(client, ada)
        assert "You cannot comment for now." in content
        assert "Until May 16, 2199, noon." in content
        assert "Be &lt;kind&gt;." in content
        assert "I have read this" not in content
        assert "Be &lt;kind&gt;." not in self.get(client, mo)

    def test_shows_a_warning_until_it_is_read(self, mo, ada, client):
        warning = lay(ada, by=mo, kind=Kind.WARN)
        assert "I have read this" in self.get(client, ada)
        answer = client.post(f"/me/warnings/{warning.pk}/")
        assert (answer.status_code, answer["Location"]) == (303, "/me/")
        assert "Be kind." not in self.get(client, ada)

    def test_takes_nothing_for_somebody_else(self, mo, ada, client):
        warning, suspension = lay(ada, by=mo, kind=Kind.WARN), lay(ada, by=mo)
        assert client.post(f"/me/warnings/{warning.pk}/")["Location"] == "/accounts/login/?next=/me/"
        client.force_login(mo)
        assert client.post(f"/me/warnings/{warning.pk}/").status_code == 404
        client.force_login(ada)
        assert client.post(f"/me/warnings/{suspension.pk}/").status_code == 404
        assert client.get(f"/me/warnings/{warning.pk}/").status_code == 405
        assert not Sanction.objects.exclude(acknowledged_at=None).exists()

    def test_takes_nothing_from_another_site(self, mo, ada):
        warning = lay(ada, by=mo, kind=Kind.WARN)
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        assert client.post(f"/me/warnings/{warning.pk}/").status_code == 403
        assert Sanction.objects.get().acknowledged_at is None
