import pytest
from django.core.signing import Signer

from accounts.models import Guest, User
from delivery.stopping import reader_of, set_reply_mail, stop_link
from tests.delivery.mailing import make_guest
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def token_of(person):
    return stop_link(person).removeprefix("https://testserver/mail/stop/").removesuffix("/")


class TestStopLink:
    def test_leads_to_the_site_and_stops_for_its_reader_alone(self):
        ada, grace = make_user("Ada"), make_user("Grace")
        assert stop_link(ada).startswith("https://testserver/mail/stop/")
        assert (reader_of(token_of(ada)), reader_of(token_of(grace))) == (ada, grace)

    def test_stays_good_when_its_reader_changes(self):
        ada = make_user("Ada")
        token = token_of(ada)
        User.objects.update(email="new@example.org", password="new")
        assert reader_of(token) == ada


class TestReaderOf:
    def test_is_nobody_for_what_was_not_signed(self):
        ada, grace = make_user("Ada"), make_user("Grace")
        signature = token_of(ada).split(".")[1]
        for token in ("", ".", str(ada.pk), f"{ada.pk}.", f"{grace.pk}.{signature}", f"{ada.pk}.{signature}x", "é.é"):
            assert reader_of(token) is None, token

    def test_is_a_guest_for_a_guests_link_and_never_an_account_of_the_same_number(self):
        ada, nora = make_user("Ada"), make_guest()
        Guest.objects.filter(pk=nora.pk).update(id=ada.pk)
        nora = Guest.objects.get()
        assert (reader_of(token_of(nora)), reader_of(token_of(ada))) == (nora, ada)
        assert (type(reader_of(token_of(nora))), type(reader_of(token_of(ada)))) == (Guest, User)

    def test_is_nobody_for_a_guest_who_is_gone(self):
        nora = make_guest()
        token = token_of(nora)
        nora.delete()
        assert reader_of(token) is None

    def test_is_nobody_for_what_was_signed_for_something_else(self):
        ada = make_user("Ada")
        assert reader_of(Signer(sep=".").sign(str(ada.pk))) is None
        assert reader_of(Signer(salt="other", sep=".").sign(str(ada.pk))) is None

    def test_is_nobody_for_an_account_that_is_gone(self):
        ada = make_user("Ada")
        token = token_of(ada)
        ada.delete()
        assert reader_of(token) is None


class TestSetReplyMail:
    def test_is_a_guests_own_too(self):
        nora, ole, ada = make_guest(), make_guest("ole@example.org"), make_user("Ada")
        set_reply_mail(nora, is_wanted=False)
        assert dict(Guest.objects.values_list("email", "wants_reply_mail")) == {nora.email: False, ole.email: True}
        ada.refresh_from_db()
        assert ada.wants_reply_mail

    def test_changes_that_and_nothing_else(self):
        ada, grace = make_user("Ada"), make_user("Grace")
        assert (ada.wants_reply_mail, grace.wants_reply_mail) == (True, True)
        User.objects.filter(pk=ada.pk).update(name="Ada L.")
        set_reply_mail(ada, is_wanted=False)
        wanted = {user.name: user.wants_reply_mail for user in User.objects.all()}
        assert wanted == {"Ada L.": False, "Grace": True}
        set_reply_mail(ada, is_wanted=True)
        assert User.objects.filter(wants_reply_mail=True).count() == 2
