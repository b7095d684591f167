import base64
import hashlib
import json
import re

from django.template import Context, Template

from skycrumbs.templatetags.skycrumbs import importmap_hash, importmap_json

PAGE = Template("{% load skycrumbs %}{% importmap %}")


def script_text():
    [text] = re.findall(r'<script type="importmap">(.*)</script>', PAGE.render(Context()))
    return text


class TestImportmap:
    def test_names_every_module_once(self):
        assert sorted(json.loads(importmap_json())["imports"]) == [
            "skycrumbs/account.js",
            "skycrumbs/ages.js",
            "skycrumbs/bar.js",
            "skycrumbs/canonical.js",
            "skycrumbs/contents.js",
            "skycrumbs/counts.js",
            "skycrumbs/discussion.js",
            "skycrumbs/drafts.js",
            "skycrumbs/fragments.js",
            "skycrumbs/highlights.js",
            "skycrumbs/kept.js",
            "skycrumbs/links.js",
            "skycrumbs/main.js",
            "skycrumbs/margin.js",
            "skycrumbs/mine.js",
            "skycrumbs/opening.js",
            "skycrumbs/own.js",
            "skycrumbs/paint.js",
            "skycrumbs/panel.js",
            "skycrumbs/passages.js",
            "skycrumbs/posting.js",
            "skycrumbs/reader.js",
            "skycrumbs/sent.js",
            "skycrumbs/served.js",
            "skycrumbs/stores.js",
            "skycrumbs/textlinks.js",
            "skycrumbs/views.js",
            "skycrumbs/votes.js",
            "skycrumbs/walk.js",
        ]

    def test_leads_to_static_files(self):
        assert json.loads(importmap_json())["imports"]["skycrumbs/paint.js"] == "/static/skycrumbs/paint.js"

    def test_is_followed_by_an_early_request_for_each_module(self):
        page = Template("{% load skycrumbs %}{% modulepreloads %}").render(Context())
        found = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
        assert found == list(json.loads(importmap_json())["imports"].values())

    def test_hash_is_of_the_bytes_between_the_tags(self):
        digest = base64.b64encode(hashlib.sha256(script_text().encode()).digest()).decode()
        assert importmap_hash() == f"sha256-{digest}"
