"""What tests of the form for a comment share: an article, a person, and the fields as a browser sends them."""

import re
from html import unescape

from django.test import Client, TestCase

from tests.factories import make_article, make_user, passage

SOURCE = """\
Before all headings.

## Song

Small birds *sing* at dawn. They stop at noon.

```
line one
line two
```

## Nests

Most birds nest in hedges.
"""
FORM = "/articles/birds/comment/"


class ComposeCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = make_user("Ada")
        cls.article = make_article("birds", SOURCE, title="Birds")

    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)

    def at(self, quote: str) -> dict:
        """The fields with which a form names a passage."""
        chosen = passage(self.article, quote)
        return {"revision": chosen.revision, "start": chosen.start, "end": chosen.end, "exact": quote}

    def query(self, quote: str) -> dict:
        return {name: value for name, value in self.at(quote).items() if name != "exact"}

    def send(self, text: str = "A thought.", *, do: str = "post", site: str = "same-origin", **target):
        return self.client.post(FORM, {"text": text, "do": do, **target}, headers={"sec-fetch-site": site})

    def send_signed_in(self, *args, **kwargs):
        self.client.force_login(self.ada)
        return self.send(*args, **kwargs)

    def carried(self, answer) -> dict:
        """Every field of the form in an answer, as a browser would send it again."""
        html = answer.content.decode()
        form = html[html.index('<form class="compose"') : html.index("</form>")]
        hidden = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', form)
        area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
        fields = {name: unescape(value) for name, value in hidden}
        return fields | ({"text": unescape(area[1])} if area else {})
