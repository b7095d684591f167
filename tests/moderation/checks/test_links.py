"""Links in a text, and who may leave them."""

import pytest

from comments import services
from moderation.checks.links import links
from tests.factories import make_article, make_comment, make_user
from tests.moderation.checks.sending import approve, make_known, make_moderator, sent, sent_by_guest

pytestmark = pytest.mark.django_db

ONE = "See [this](https://example.org/a)."
TWO = f"{ONE} And <https://example.net>."
THREE = f"{TWO} And https://example.com/ unlinked."
DISGUISED = "[bank.example](https://evil.example)"


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def known(article):
    return make_known(make_user(), article)


def said(result):
    return result.verdict, result.reason


class TestSomebodyKnown:
    @pytest.mark.parametrize(
        ("text", "hosts"), [(ONE, ["example.org"]), (TWO, ["example.net", "example.org"])], ids=["one", "two"]
    )
    def test_leaves_two_links(self, article, known, text, hosts):
        result = links(sent(known, article, text))
        assert said(result) == ("pass", "")
        assert result.evidence == {"links": len(hosts), "hosts": hosts}

    def test_is_held_with_three(self, article, known):
        result = links(sent(known, article, THREE))
        assert said(result) == ("hold", "links")
        assert result.evidence == {"links": 3, "hosts": ["example.com", "example.net", "example.org"], "most": 2}

    def test_is_held_with_three_to_one_host(self, article, known):
        result = links(sent(known, article, f"{ONE} {ONE} {ONE}"))
        assert said(result) == ("hold", "links")
        assert (result.evidence["links"], result.evidence["hosts"]) == (3, ["example.org"])

    def test_is_held_with_a_link_that_says_another_host(self, article, known):
        result = links(sent(known, article, DISGUISED))
        assert said(result) == ("hold", "disguised_link")
        assert result.evidence == {
            "links": 1,
            "hosts": ["evil.example"],
            "disguised": [["bank.example", "evil.example"]],
        }

    def test_is_looked_at_in_edits(self, article, known, settings):
        comment = make_comment(article, known)
        settings.COMMENT_CHECKS = ["moderation.checks.links.links"]
        services.edit(comment, by=known, text=THREE)
        comment.refresh_from_db()
        assert (comment.state, comment.state_reason) == ("held_edit", "links")

    def test_keeps_twenty_hosts_at_the_most(self, article, known):
        text = " ".join(f"<https://{letter}.example>" for letter in "abcdefghijklmnopqrstuvwxyz")
        evidence = links(sent(known, article, text)).evidence
        assert (evidence["links"], len(evidence["hosts"])) == (26, 20)

    def test_is_asked_about_hosts_alone(self, article, known):
        text = "[words](https://example.org/path?query#fragment) https://example.net/path"
        assert links(sent(known, article, text)).evidence["hosts"] == ["example.net", "example.org"]


class TestSomebodyNew:
    @pytest.mark.parametrize("approved", [0, 1])
    def test_is_held_with_a_link(self, article, approved):
        person = make_known(make_user(), article, approved)
        result = links(sent(person, article, ONE))
        assert said(result) == ("hold", "links")
        assert result.evidence == {"links": 1, "hosts": ["example.org"], "approved": approved, "needed": 2}

    def test_is_held_with_an_address_that_is_not_linked(self, article):
        assert said(links(sent(make_user(), article, "www.example.org"))) == ("hold", "links")

    def test_passes_without(self, article):
        result = links(sent(make_user(), article, "No links."))
        assert (said(result), result.evidence) == (("pass", ""), {"links": 0})

    def test_is_a_guest_until_two_comments_are_approved(self, article):
        assert said(links(sent_by_guest(article, ONE))) == ("hold", "links")
        for text in ("One.", "Two."):
            approve(services.submit(sent_by_guest(article, text)))
        assert said(links(sent_by_guest(article, ONE))) == ("pass", "")

    def test_is_no_author_of_the_article(self, article):
        person = make_user()
        article.authors.add(person)
        assert said(links(sent(person, article, ONE))) == ("pass", "")
        assert said(links(sent(person, article, THREE))) == ("hold", "links")


class TestAModerator:
    @pytest.mark.parametrize("text", [ONE, THREE, DISGUISED], ids=["one", "three", "disguised"])
    def test_is_looked_at_and_not_held(self, article, text):
        result = links(sent(make_moderator(), article, text))
        assert said(result) == ("pass", "")
        assert result.evidence["exempt"] == "moderator"
        assert result.evidence["links"] == (3 if text == THREE else 1)

    def test_is_held_on_articles_of_others(self, article):
        elsewhere = make_moderator(make_article())
        assert said(links(sent(elsewhere, article, THREE))) == ("hold", "links")
