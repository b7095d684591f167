import pytest
from allauth.account.models import EmailAddress

from delivery.letters import NotSent, address_of, letter, link, one_line, quoted
from tests.delivery.mailing import make_guest, make_reader
from tests.factories import make_user


class TestLetter:
    def test_names_the_site_and_itself(self, settings):
        settings.SITE_NAME, settings.SITE_URL = "Birds & Co", "https://birds.example:8443"
        made = letter("ada@example.org", "reply.key", subject="Hello", text="Text.").message()
        assert made["Subject"] == "Birds & Co: Hello"
        assert (made["To"], made["Message-ID"]) == ("ada@example.org", "<reply.key@birds.example>")
        assert (made["Auto-Submitted"], made["From"]) == ("auto-generated", "skycrumbs@localhost")
        assert (made.get_content_type(), made.get_payload()) == ("text/plain", "Text.")

    def test_is_named_in_ascii_on_a_site_that_is_not(self, settings):
        settings.SITE_URL = "https://vögel.example"
        made = letter("ada@example.org", "key", subject="Hello", text="").message()
        assert made["Message-ID"] == "<key@xn--vgel-5qa.example>"

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\0"])
    def test_has_no_more_headers_than_it_should_whatever_its_subject_holds(self, end):
        made = letter("ada@example.org", "key", subject=f"Birds{end}Bcc: eve@example.org", text="").message()
        assert "Bcc" not in made
        assert "eve@example.org" in str(made["Subject"])
        assert len(str(made["Subject"]).splitlines()) == 1


class TestOneLine:
    def test_keeps_words_and_nothing_that_ends_a_line(self):
        assert one_line("  Small\r\nbirds\u2028 sing\t\x00\x1b[31m\x07 ") == "Small birds sing [31m"

    def test_keeps_what_joins_and_directs_letters(self):
        assert one_line("👩‍🚀 می‌خواهم") == "👩‍🚀 می‌خواهم"


class TestQuoted:
    def test_marks_every_line(self):
        assert quoted("One.\n\nTwo.\r\nThree.") == "> One.\n>\n> Two.\n> Three."

    def test_lets_no_line_pass_for_ours(self):
        text = "\u2028".join(["One.", "You get this mail because"])
        assert quoted(text) == "> One.\n> You get this mail because"

    def test_is_nothing_for_nothing(self):
        assert quoted("") == ""


class TestLink:
    def test_leads_to_the_site_wherever_it_is_read(self):
        assert link("pages:me") == "https://testserver/me/"


@pytest.mark.django_db
class TestAddressOf:
    def test_is_where_they_proved_that_they_read_mail(self):
        ada = make_reader(email="old@example.org")
        EmailAddress.objects.update(email="proved@example.org")
        assert address_of(ada) == "proved@example.org"

    @pytest.mark.parametrize("fields", [{"verified": False}, {"primary": False}])
    def test_is_nothing_that_is_not_proved_or_not_the_first(self, fields):
        ada = make_reader()
        EmailAddress.objects.update(**fields)
        with pytest.raises(NotSent, match="no_address"):
            address_of(ada)

    def test_is_nothing_for_who_has_none(self):
        make_reader()
        with pytest.raises(NotSent, match="no_address"):
            address_of(make_user())

    def test_is_nothing_for_who_is_switched_off(self):
        with pytest.raises(NotSent, match="inactive"):
            address_of(make_reader(is_active=False))

    def test_is_where_a_guest_confirmed_it(self):
        assert address_of(make_guest("nora@example.org")) == "nora@example.org"

    def test_is_nothing_a_guest_did_not_confirm(self):
        with pytest.raises(NotSent, match="no_address"):
            address_of(make_guest(is_proven=False))
