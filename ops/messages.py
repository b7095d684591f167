"""Gathers the site's words into locale/*/LC_MESSAGES/django.po and compiles them: `make messages`.

Needs GNU gettext. What is new stands there without a translation, and the tests fail until it has one.
"""

import os

import django
import polib  # type: ignore[import-untyped]
from django.core.management import call_command

from ops.demo_site import ROOT

LANGUAGES = ["de"]
NO_WORDS = [".venv", "tests", "benchmarks", "var", "ops/*"]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    os.chdir(ROOT)
    call_command("makemessages", locale=LANGUAGES, no_location=True, no_obsolete=True, ignore_patterns=NO_WORDS)
    for language in LANGUAGES:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path), wrapwidth=118)
        # Dates would change the file each time.
        for name in ("POT-Creation-Date", "PO-Revision-Date"):
            catalogue.metadata.pop(name, None)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        print(f"{language}: {len(catalogue.untranslated_entries())} of {len(catalogue)} to be translated")


if __name__ == "__main__":
    main()
