"""What articles refuse."""

from http import HTTPStatus

from skycrumbs.problems import Invalid, Refusal


class StaleDraft(Refusal):
    """Somebody saved the draft since it was opened; theirs is in `article`."""

    code = "stale_version"
    status = HTTPStatus.CONFLICT


class BeingPublished(Refusal):
    """The worker is publishing the draft, which stays as it is meanwhile."""

    code = "being_published"


class NothingToPublish(Invalid):
    """The draft holds no text."""

    code = "nothing_to_publish"


class BadArticle(Invalid):
    """The title, the text or the address cannot stand as it is; says which and what is allowed."""

    code = "bad_article"
