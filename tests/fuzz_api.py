"""The API asked what nobody would think of: requests made from its own description, each answer held against it.

`python -m tests.fuzz_api`. A site of its own on a database of its own is served here, and schemathesis asks it,
with a fixed seed. Exits with 1 when an answer is not as described, when something fails in the server, or when
what the description forbids is taken. Arguments are handed on to schemathesis.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

SEED = "1"
EXAMPLES = "50"
CHECKS = """
[checks]
# Many a well-formed request is refused by a rule that a description cannot tell: whose comment it is, what stands in
# an article.
positive_data_acceptance.enabled = false
# Whether a request holds for what was read is found out before its body is looked at. (RFC 9110, section 13.2.1)
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 412, 415, 422, 429]

[[operations]]
# A vote taken back leaves what one reads there: how many others voted.
include-path = "/api/v1/comments/{id}/vote/"
checks.use_after_free.enabled = false
"""
# Refusals for being too many would hide all others.
UNLIMITED = dict.fromkeys(["VOTE_LIMITS", "FLAG_LIMITS", "FLAG_NETWORK_LIMITS", "COMMENT_LIMITS"], [])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/fuzzed.sqlite3"
        django.setup()
        return fuzz(Path(folder))


def fuzz(folder: Path) -> int:
    from django.core.management import call_command
    from django.test import override_settings

    # Refusals are what is asked for; what fails is logged with its traceback.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)
    token, comments = make_site()
    (folder / "openapi.json").write_text(json.dumps(described(comments)))
    (folder / "schemathesis.toml").write_text(CHECKS)
    with override_settings(**UNLIMITED), served() as site:
        return ask(folder, site, token)


def make_site() -> tuple[str, list[str]]:
    """A token, and the ids of comments: its owner's and others', one of them withdrawn, one removed, one answered."""
    from comments.states import State
    from tests.factories import make_article, make_comment, make_token, make_user

    birds, ada, ben = make_article("birds"), make_user("Ada"), make_user("Ben")
    comments = [make_comment(birds, who, quote="Small birds") for who in (ada, ben) for _ in range(2)]
    comments += [make_comment(birds, ada, state=State.WITHDRAWN), make_comment(birds, ben, state=State.REJECTED)]
    make_comment(birds, ben, parent=comments[0])
    return make_token(ada), [comment.key for comment in comments]


def described(comments: list[str]) -> dict[str, Any]:
    """The description, with the ids of what there is here: guessed ones would find nothing."""
    from drf_spectacular.generators import SchemaGenerator

    schema = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    there = {"id": comments, "slug": ["birds"], "number": [1], "If-Match": ["*", '"another"']}
    for operation in (one for methods in schema["paths"].values() for one in methods.values()):
        for parameter in operation.get("parameters", []):
            if parameter["name"] in there:
                parameter["schema"]["enum"] = there[parameter["name"]]
    shapes = schema["components"]["schemas"]
    new = shapes["NewCommentRequest"]["properties"]
    new["article"]["enum"] = ["birds"]
    new["parent"]["enum"] = [None, *comments]
    new["section"]["enum"] = [None, "how-birds-sing"]
    shapes["NewAnchorRequest"]["properties"]["exact"]["enum"] = ["Small birds"]
    return schema


@contextmanager
def served() -> Iterator[str]:
    from django.core.servers.basehttp import WSGIRequestHandler
    from django.test.testcases import LiveServerThread, _StaticFilesHandler

    # Else the kernel holds back the second half of each answer, for 40 ms.
    WSGIRequestHandler.disable_nagle_algorithm = True
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    server.start()
    server.is_ready.wait()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


def ask(folder: Path, site: str, token: str) -> int:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(folder / "schemathesis.toml")]
    command += ["run", str(folder / "openapi.json"), "--url", site, "--header", f"Authorization: Token {token}"]
    command += ["--seed", SEED, "--max-examples", EXAMPLES, "--generation-database", "none"]
    # What it keeps of a run stays in the folder.
    return subprocess.run([*command, *sys.argv[1:]], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
