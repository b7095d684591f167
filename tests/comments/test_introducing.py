"""Who a guest says to be, and that it touches nobody who has an account."""

import pytest

from accounts.models import Guest, User
from comments.models import Comment
from comments.services import GuestName, Submission, submit
from comments.services.introducing import fit_guest
from comments.states import State
from events.models import Event
from skycrumbs.problems import Invalid
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def wrong(name: str = "Nora", email: str = "nora@example.org") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        fit_guest(GuestName(name, email))
    return [(error.field, error.code) for error in caught.value.errors]


class TestFitGuest:
    def test_gives_both_as_they_are_stored(self):
        found = fit_guest(GuestName(" Zoe\u0308  B. ", " Zoe@Example.org ", is_proven=True))
        assert found == GuestName("Zoë B.", "zoe@example.org", is_proven=True)

    def test_names_every_field_that_is_wrong(self):
        assert wrong("", "nora") == [("guest.name", "blank"), ("guest.email", "no_address")]

    @pytest.mark.parametrize(
        ("name", "code"),
        [("N\0ra", "control_character"), ("N\u043era", "mixed_alphabets"), ("N" + "\u0301" * 5000, "too_long")],
    )
    def test_refuses_a_name_that_cannot_be_read(self, name, code):
        assert wrong(name) == [("guest.name", code)]

    @pytest.mark.parametrize("name", ["Mo Mot", "MO MOT.", "Mó Mot", "\u041c\u043e \u041c\u043e\u0442"])
    def test_refuses_what_reads_as_the_name_of_staff(self, name):
        make_user("Mo Mot", is_staff=True)
        assert wrong(name) == [("guest.name", "name_taken")]

    def test_refuses_the_name_of_an_author(self):
        make_article(authors=[make_user("Mirela Pop")])
        assert wrong("mirela pop") == [("guest.name", "name_taken")]

    def test_refuses_a_by_line(self):
        make_article(by_line="The Desk")
        assert wrong("the desk") == [("guest.name", "name_taken")]

    def test_takes_the_name_of_any_other_member(self):
        make_user("Ada")
        make_user("Mo Mot", is_staff=True, is_active=False)
        assert fit_guest(GuestName("Ada", "nora@example.org")).name == "Ada"
        assert fit_guest(GuestName("Mo Mot", "nora@example.org")).name == "Mo Mot"

    def test_asks_twice_at_the_most(self, django_assert_num_queries):
        with django_assert_num_queries(2):
            fit_guest(GuestName("Nora", "nora@example.org"))


@pytest.fixture
def article():
    return make_article()


def submit_as(guest: GuestName, article, text: str = "A thought.", **fields) -> Comment:
    return submit(Submission(article=article, author=None, text=text, guest=guest, **fields))


class TestSubmit:
    def test_stores_the_name_with_the_comment_and_the_address_apart(self, article):
        comment = submit_as(GuestName(" Nora ", " Nora@Example.org"), article)
        assert (comment.writer_name, comment.author, comment.guest.email) == ("Nora", None, "nora@example.org")
        assert (comment.state, comment.state_reason, comment.is_public) == (State.HELD, "confirm_email", False)

    def test_leaves_an_event_of_ids_from_which_the_mail_is_made(self, article):
        comment = submit_as(GuestName("Nora", "nora@example.org"), article)
        events = Event.objects.filter(comment_id=comment.pk).values_list("type", "actor_id", "data")
        assert list(events) == [("guest.proof_asked", None, {})]

    @pytest.mark.parametrize(
        "guest",
        [GuestName("", "nora@example.org"), GuestName("Nora", "nora"), GuestName("N\u043era", "n@example.org")],
    )
    def test_stores_nothing_where_either_is_wrong(self, article, guest):
        with pytest.raises(Invalid):
            submit_as(guest, article)
        assert (Comment.objects.count(), Guest.objects.count()) == (0, 0)

    def test_changes_nothing_of_the_member_with_that_name_and_address(self, article):
        ada = make_user("Ada", email="ada@example.org", is_active=True)
        before = User.objects.filter(pk=ada.pk).values().get()
        comment = submit_as(GuestName("Ada", "ADA@example.org"), article)
        assert User.objects.filter(pk=ada.pk).values().get() == before
        assert not ada.comments.exists()
        assert (comment.author, comment.guest.email, User.objects.count()) == (None, "ada@example.org", 1)

    def test_makes_one_comment_of_a_form_that_is_sent_twice(self, article, settings):
        settings.DOUBLE_POST_SECONDS = 60
        first = submit_as(GuestName("Nora", "nora@example.org"), article)
        assert submit_as(GuestName(" Nora", "Nora@example.org "), article) == first
        assert submit_as(GuestName("Nora", "eve@example.org"), article) != first
