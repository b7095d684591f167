"""The project's own settings, as a server without DEBUG has them, made quick and free of the network.

Chosen by pyproject.toml for pytest, mypy and the migrations check: their environment needs no variables. The
variables are set here because Django reads its settings before pytest reads any conftest.
"""

import os

os.environ.update(
    SECRET_KEY="only-for-tests-" * 4,
    DEBUG="false",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1,[::1]",
    SITE_URL="https://testserver",
    SECURE_SSL_REDIRECT="false",
    LANGUAGE_CODE="en",
)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from skycrumbs.settings import *  # noqa: F403

# A test of passwords is not a test of how slow the hash is.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test of a check, or of what is sent twice, says so.
COMMENT_CHECKS = []
DOUBLE_POST_SECONDS = 0
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Static files as they lie in the tree: hashed names would need them collected first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
