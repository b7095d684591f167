"""The catalogues in locale/: whole, in step with the code and with what is compiled of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from django.utils.translation.template import templatize

from comments.models import Comment
from tests.delivery.mailing import deliver, make_reader
from tests.factories import make_article, make_comment, make_user

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/django.po"))
# In the form of an article, for the program alone.
HIDDEN = {"seen_version"}
APPS = ["accounts", "articles", "comments", "delivery", "events", "moderation", "pages", "skycrumbs"]
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}")
_STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
# What `templatize` makes of a template's tags.
_IN_TEMPLATE = re.compile(rf"\b(?:_|gettext|ngettext)\(\s*({_STRING})")
# What of a template is no words to readers: comments, tags, what they translate, and blocks that name a CSS class.
_TAGS = re.compile(
    r"\{#.*?#\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}"
    r"|\{%\s*block (?:coltype|extrabodyclass|\w*class)\s*%\}.*?\{%\s*endblock\s*%\}|\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
_MARKUP = re.compile(r"<[^>]*>|&\w+;|/\w+/")
# The attributes that are read out or shown; the values of others are for programs.
_READ_OUT = re.compile(r"""\b(?:aria-label|aria-description|alt|label|placeholder|title)="([^"]*)\"""")
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_code() -> Iterator[str]:
    for path in (path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                yield from (said.value for said in node.args[:1] if isinstance(said, ast.Constant))


def in_templates() -> Iterator[str]:
    for path in templates():
        for found in _IN_TEMPLATE.finditer(templatize(path.read_text("utf-8"))):
            yield ast.literal_eval(found[1])


def templates() -> list[Path]:
    found = Path(settings.BASE_DIR, "templates").rglob("*")
    return sorted(path for path in found if path.suffix in (".html", ".txt"))


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def path(request):
    return request.param


class TestCatalogues:
    def test_are_there_for_every_language_but_the_one_of_the_code(self):
        found = [path.parts[-3] for path in CATALOGUES]
        assert found == sorted(code for code, _name in settings.LANGUAGES if code != "en")

    def test_hold_every_message_of_code_and_templates_and_no_other(self, path):
        messages = {entry.msgid for entry in polib.pofile(str(path))}
        wanted = {*in_code(), *in_templates()}
        assert len(wanted) > 700
        assert wanted - messages == set()
        assert messages - wanted == set()

    def test_are_translated_whole(self, path):
        catalogue = polib.pofile(str(path))
        assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
        assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []

    def test_keep_every_placeholder(self, path):
        wrong = []
        for entry in polib.pofile(str(path)):
            pairs = [(entry.msgid, entry.msgstr)]
            if entry.msgid_plural:
                pairs = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
            for said, meant in pairs:
                if sorted(PLACEHOLDER.findall(said)) != sorted(PLACEHOLDER.findall(meant)):
                    wrong.append((said, meant))
        assert wrong == []

    def test_are_compiled(self, path):
        def told(entries):
            return {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in entries}

        assert told(polib.mofile(str(path.with_suffix(".mo")))) == told(polib.pofile(str(path)))


class TestCode:
    def test_names_its_messages_as_they_are(self):
        """What is put together in the call itself is in no catalogue."""
        wrong = []
        for path in (path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                    wrong += [f"{path}:{node.lineno}" for said in node.args[:1] if not isinstance(said, ast.Constant)]
        assert wrong == []


class TestTemplates:
    @pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
    def test_say_nothing_that_is_not_translated(self, path):
        shown = _TAGS.sub("", path.read_text("utf-8"))
        bare = " ".join([_MARKUP.sub(" ", shown), *_READ_OUT.findall(shown)])
        assert set(_WORD.findall(bare)) == set()


class TestAdmin:
    """The labels that Django makes up from the names of fields are English, and in no catalogue."""

    @staticmethod
    def labels(language: str) -> list[tuple[str, str]]:
        request = RequestFactory().get("/")
        found = []
        with translation.override(language):
            for model, site_admin in admin.site._registry.items():
                if model._meta.app_label not in APPS:
                    continue
                fields = flatten_fieldsets(site_admin.fieldsets or [(None, {"fields": site_admin.fields or []})])
                columns = [name for name in site_admin.get_list_display(request) if name != "__str__"]
                filters = [name for name in site_admin.list_filter if isinstance(name, str)]
                shown = [name for name in [*fields, *columns, *filters] if name not in HIDDEN]
                meta = model._meta
                found += [(meta.label, str(label_for_field(name, model, site_admin))) for name in shown]
                found += [(meta.label, str(name)) for name in (meta.verbose_name, meta.verbose_name_plural)]
                found.append((meta.label, str(meta.app_config.verbose_name)))
        return found

    def test_has_no_label_that_is_not_translated(self, path):
        messages = {entry.msgid for entry in polib.pofile(str(path))}
        english, other = self.labels("en"), self.labels(path.parts[-3])
        assert len(english) > 80
        both = zip(english, other, strict=True)
        # Some words are the same in both; then they stand in the catalogue, ours or Django's.
        same = [(model, said) for (model, said), (_model, meant) in both if said == meant]
        assert [(model, said) for model, said in same if said and said not in messages] == []


@pytest.mark.django_db
class TestGerman:
    @pytest.fixture(autouse=True)
    def german(self):
        with override_settings(LANGUAGE_CODE="de"), translation.override("de"):
            yield

    def test_is_what_pages_are_in(self):
        article = make_article("birds", "Birds sing.", title="Vögel")
        make_comment(article, make_user("Ada"), quote="Birds sing")
        content = Client().get("/articles/birds/").content.decode()
        assert '<html lang="de" dir="ltr">' in content
        assert "1 Kommentar<" in content and "Kommentar abschicken" in content
        assert "Comment" not in re.sub(r"<[^>]*>", "", content)

    def test_is_what_refusals_are_in(self):
        assert "Hier ist keine Seite" in Client().get("/nothing/").content.decode()
        problem = Client().get("/api/v1/comments/?article=nothing").json()
        assert problem["errors"][0]["detail"] == "Diesen Artikel gibt es nicht."

    def test_is_what_forms_are_in(self):
        make_article("birds", "Birds sing.", title="Vögel")
        content = Client().get("/articles/birds/comment/").content.decode()
        assert '<html lang="de" dir="ltr">' in content
        assert "Ihr Kommentar zu" in content and "Kommentar abschicken" in content
        assert "comment" not in re.sub(r"<[^>]*>", "", content).lower()

    def test_is_what_mail_is_in(self, clock):
        ada, grace = make_reader("Ada"), make_reader("Grace")
        article = make_article("birds", title="Vögel")
        remark = make_comment(article, ada, "Was ich denke.")
        make_comment(article, grace, "Ich nicht.", parent=Comment.objects.get(pk=remark.pk))
        (sent,) = deliver()
        assert sent.subject == "Skycrumbs: Grace hat Ihnen zu „Vögel“ geantwortet"
        assert "Lesen und antworten:" in sent.body
        assert not re.search(r"\b(reply|mail about|you)\b", sent.body, re.IGNORECASE)

    def test_is_what_an_unexpected_failure_is_in(self):
        content = render_to_string("500.html")
        assert '<html lang="de" dir="ltr">' in content and "Etwas ist kaputtgegangen" in content
