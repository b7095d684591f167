"""What every template keeps to: it says what it needs, runs nothing inline, and trusts no text but sanitised HTML."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = settings.BASE_DIR / "templates"
NAMES = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html") if path.relative_to(FOLDER).parts[0] != "admin"
)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def source(name):
    return (FOLDER / name).read_text()


class TestTemplates:
    def test_compile(self, name):
        assert get_template(name).template.name == name

    def test_say_first_what_they_need(self, source):
        assert source.startswith("{# Needs: ")

    def test_include_pieces_with_only(self, source):
        assert [tag for tag in re.findall(r"{% include [^%]*%}", source) if not tag.endswith(" only %}")] == []

    def test_trust_nothing_but_sanitised_html(self, source):
        assert [
            value for value in re.findall(r"{{ ([\w.]+)\|safe }}", source) if value.split(".")[-1] != "html"
        ] == []
        assert source.count("|safe") == len(re.findall(r"{{ [\w.]+\|safe }}", source))

    def test_run_nothing_inline(self, source):
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]* src=)", source) == []
