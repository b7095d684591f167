"""Where the words are kept, and what mail says of them."""

from itertools import product

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from comments.models import Comment
from delivery.models import Delivery
from delivery.queue import remind
from events.models import Event
from tests.canary.finding import words
from tests.canary.mail import (
    addresses,
    answered_in_public,
    as_read,
    by_reader,
    everybody_reads_mail,
    everything_is_judged_by,
    guests_write,
)
from tests.delivery.mailing import deliver
from tests.factories import make_user

pytestmark = pytest.mark.django_db


# Where the words of people and articles are kept. No other column holds any.
KEPT_IN = {
    "accounts.user": {"name"},
    "accounts.guest": {"email"},
    "comments.comment": {"guest_name"},
    "articles.article": {"draft_source"},
    "articles.revision": {"source", "html", "canonical_text"},
    "articles.sectiontext": {"html"},
    "comments.commentrevision": {"source", "html"},
    "comments.anchor": {"exact"},
}


def kept_in() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    # A proxy shows the rows of another once more.
    for model in (model for model in apps.get_models() if not model._meta.proxy):
        for row in model._base_manager.values():
            names = {name for name, value in row.items() if words(str(value), with_article_text=True)}
            if names:
                found.setdefault(model._meta.label_lower, set()).update(names)
    return found


class TestStores:
    def test_hold_words_where_they_belong_and_nowhere_else(self, site):
        assert kept_in() == KEPT_IN

    def test_hold_events_of_ids_alone(self, site):
        assert Event.objects.count() > 300
        assert list(Event.objects.exclude(data={})) == []

    def test_of_mail_are_empty_before_the_worker_comes(self, site):
        assert site.mails == 0


class TestMail:
    """What is sent when everything that is due is sent: to one person each, what anybody may read or their own."""

    def test_about_replies_holds_the_words_of_public_ones_alone(self, site, find_keys, clock):
        everybody_reads_mail(site)
        sent = [message for message in deliver() if "replied to you" in message.subject]
        expected = [
            (one.parent.author.email, [one.name, one.word("t")], [one.number]) for one in answered_in_public(site)
        ]
        assert len(expected) == 24
        assert by_reader(sent, find_keys) == sorted(expected)

    def test_about_decisions_holds_no_words_at_all(self, site, find_keys, clock):
        everybody_reads_mail(site)
        everything_is_judged_by(make_user("Moderator"))
        sent = [message for message in deliver() if message.subject.startswith("Skycrumbs: Your comment on")]
        judged = [one for one in site.planted if one.account and one.situation.split()[0] in ("rejected", "illegal")]
        assert by_reader(sent, find_keys) == sorted((one.author.email, [], [one.number]) for one in judged)

    def test_to_confirm_an_address_holds_the_words_of_that_comment_alone(self, site, find_keys, clock):
        guests_write(site)
        unproven = Comment.objects.unproven().select_related("guest", "head_revision")
        expected = sorted((one.guest.email, sorted(words(one.text.source))) for one in unproven)
        sent = [message for message in deliver() if message.subject.startswith("Skycrumbs: Confirm your comment")]
        assert [(reader, found) for reader, found, _keys in by_reader(sent, find_keys)] == expected
        assert ("guest-9703@example.org", ["zqt9703"]) in expected

    def test_of_every_kind_goes_to_one_reader_and_holds_no_other_address(self, site, viewers, clock):
        everybody_reads_mail(site)
        moderator = viewers["moderator"].user
        EmailAddress.objects.create(user=moderator, email=moderator.email, verified=True, primary=True)
        guests_write(site)
        everything_is_judged_by(moderator)
        remind()
        everyone, wrong, sent = addresses(), [], deliver()
        for message in sent:
            (reader,) = message.recipients()
            text = as_read(message)
            wrong += [(message.subject, address) for address in everyone - {reader} if address in text]
        assert wrong == []
        kinds = Delivery.objects.filter(sent_at__isnull=False).values_list("kind", flat=True)
        assert set(kinds) == {"reply", "decision", "proof", "manage", "queue"}

    def test_about_what_waits_holds_no_words_and_names_no_comment(self, site, viewers, find_keys, clock):
        moderator = viewers["moderator"].user
        EmailAddress.objects.create(user=moderator, email=moderator.email, verified=True, primary=True)
        assert remind() == 1
        sent = [message for message in deliver() if message.to == [moderator.email]]
        assert by_reader(sent, find_keys) == [(moderator.email, [], [])]

    def test_holds_nothing_of_what_is_not_confirmed_but_to_confirm_it(self, site, viewers, clock):
        everybody_reads_mail(site)
        guests_write(site)
        sent = [message for message in deliver() if "Confirm your comment" not in message.subject]
        found = {word for message in sent for word in words(as_read(message))}
        assert found & {"zqt9701", "zqn9701", "zqt9702"} == {"zqt9701", "zqn9701", "zqt9702"}
        assert found & {"zqt9703", "zqn9703", "zqt9704", "zqn9704"} == set()

    def test_leaves_no_word_behind_where_it_was_noted(self, site, clock):
        everybody_reads_mail(site)
        deliver()
        assert set(Delivery.objects.values_list("dropped", flat=True)) == {
            "",
            "not_readable",
            "parent_gone",
            "unsubscribed",
        }
        assert kept_in() == KEPT_IN


class TestSite:
    def test_holds_every_state_in_every_visibility_on_every_article(self, site):
        rows = Comment.objects.values_list("article__status", "article__discussion", "visibility", "state").distinct()
        statuses, discussions = ["draft", "published", "unpublished"], ["off", "full"]
        states = ["held", "open", "approved", "held_edit", "rejected", "illegal", "spam", "withdrawn", "erased"]
        assert set(rows) == set(product(statuses, discussions, ["public", "private"], states))

    def test_is_as_it_was_planned(self, site):
        found = Comment.objects.values_list("pk", "state", "visibility", "published_at", "section__key", "depth")
        assert {
            pk: (state, visibility, at is not None, key, depth) for pk, state, visibility, at, key, depth in found
        } == {
            one.pk: (one.situation.split()[0], one.visibility, one.is_once_public, one.section, one.depth)
            for one in site.planted
        }
