"""What the documentation names exists, and what exists is named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
READS = re.compile(r"""(?:env\.\w+|_number)\(\s*["']([A-Z_]+)["']""")


def read_by(*names):
    return {found for name in names for found in READS.findall((ROOT / name).read_text())}


class TestSettings:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))

    def test_are_all_documented(self):
        assert read_by("skycrumbs/settings.py", "skycrumbs/management/commands/serve.py") == self.documented

    def test_list_every_limit(self):
        there = re.findall(r"^([A-Z_]+_LIMITS) = \[", (ROOT / "skycrumbs/settings.py").read_text(), re.MULTILINE)
        listed = re.findall(r" `([A-Z_]+_LIMITS)` \|$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
        assert set(listed) == set(there) != set()

    def test_of_the_examples_are_read(self):
        assert {"SECRET_KEY", "DATABASE_URL", "PORT"} <= self.documented


class TestLinks:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
    def test_lead_to_files_that_are_there(self, page):
        targets = [link for link in LINK.findall(page.read_text()) if "://" not in link]
        assert [link for link in targets if not (page.parent / link).exists()] == []


class TestErrorCodes:
    def test_are_all_documented(self):
        sources = [*ROOT.glob("*/errors.py"), *ROOT.glob("skycrumbs/*.py")]
        codes = {code for path in sources for code in re.findall(r'^    code = "(\w+)"', path.read_text(), re.M)}
        documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE))
        assert codes - {"refused"} <= documented


class TestLines:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
    def test_are_no_longer_than_those_of_code(self, page):
        # A row of a table and a picture cannot be broken.
        lines = [line for line in page.read_text().splitlines() if not line.startswith(("|", "!", "<img"))]
        assert [line for line in lines if len(line) > 118] == []
