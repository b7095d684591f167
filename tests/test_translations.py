"""The catalogues in locale/: whole, in step with the code and with what is compiled of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation.template import templatize

from tests.factories import make_article, make_comment, make_user

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/django.po"))
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


class TestTemplates:
    @pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
    def test_say_nothing_that_is_not_translated(self, path):
        bare = _MARKUP.sub(" ", _TAGS.sub("", path.read_text("utf-8")))
        assert set(_WORD.findall(bare)) == set()


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
