"""What moderation refuses."""

from http import HTTPStatus

from skycrumbs.problems import Refusal


class Suspended(Refusal):
    """A moderator keeps the writer from commenting. `ends_at` goes with it: RFC 3339, null if no end is set."""

    code = "suspended"
    status = HTTPStatus.FORBIDDEN


class SanctionRefused(Refusal):
    """The sanction is over already, or is none that asks to be read."""

    code = "sanction_refused"
    status = HTTPStatus.CONFLICT
