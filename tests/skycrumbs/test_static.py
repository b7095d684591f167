"""What must be true of the files a page loads: small, no foreign address, no sink for HTML."""

import gzip
import re

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "skycrumbs"
STYLES = sorted(FOLDER.glob("*.css"))
MODULES = sorted(FOLDER.rglob("*.js"))


def contrast(one, other):
    """The ratio of WCAG 2.2 between two colours written #rrggbb. (relative luminance, contrast ratio)"""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens():
    css = (FOLDER / "base.css").read_text()
    return {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)}


class TestStyles:
    def test_are_small_when_compressed(self):
        assert sum(len(gzip.compress(path.read_bytes())) for path in STYLES) < 20_000

    @pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
    def test_name_no_side_that_is_wrong_from_right_to_left(self, path):
        sides = r"(?<![\w-])(?:(?:margin|padding|border|scroll-\w+)-)?(?:left|right)(?:-\w+)?\s*:"
        values = r":\s*(?:left|right)\s*[;}]"
        corners = r"border-(?:top|bottom)-(?:left|right)-radius"
        assert re.findall(f"{sides}|{values}|{corners}", path.read_text()) == []

    @pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
    def test_load_nothing_from_elsewhere(self, path):
        assert re.findall(r"https?:|//|@import", path.read_text()) == []

    @pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
    def test_draw_lines_in_safari(self, path):
        """WebKit drops a `text-decoration` with a colour, a style or a thickness in it."""
        assert re.findall(r"text-decoration:\s*[^\s;}]+\s+[^;}]+[;}]", path.read_text()) == []

    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize(
        ("front", "grounds", "least"),
        [
            ("ink", "paper raised sunk accent-soft mark mark-two mark-three mark-on", 4.5),
            ("quiet", "paper raised sunk accent-soft mark", 4.5),
            ("accent", "paper raised sunk accent-soft mark", 4.5),
            ("good", "paper raised sunk", 4.5),
            ("warn", "paper raised sunk", 4.5),
            ("bad", "paper raised sunk", 4.5),
            ("paper", "accent bad ink", 4.5),
            ("edge", "paper raised sunk", 3),
            ("mark-edge", "paper", 3),
        ],
    )
    def test_can_be_read(self, front, grounds, least, scheme):
        colours = tokens()
        ratios = {ground: contrast(colours[front][scheme], colours[ground][scheme]) for ground in grounds.split()}
        assert {ground: ratio for ground, ratio in ratios.items() if ratio < least} == {}


class TestModules:
    @pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
    def test_write_no_html(self, path):
        # W3C Trusted Types, section 4: what takes a string and runs it as HTML or as a script.
        sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser"
        # Pages of our own are read by one module, into a document that runs nothing; by one in the admin, whose pages
        # have no import map.
        allowed = ["DOMParser"] if path.name == "fragments.js" else []
        assert re.findall(sinks, path.read_text()) == allowed

    def test_are_small_when_compressed(self):
        assert sum(len(gzip.compress(path.read_bytes())) for path in MODULES) < 60_000

    @pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
    def test_import_by_bare_name_alone(self, path):
        names = re.findall(r'from "([^"]+)"', path.read_text())
        assert [name for name in names if not re.fullmatch(r"skycrumbs/[a-z]+\.js", name)] == []
