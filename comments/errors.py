"""What comments refuse."""

from http import HTTPStatus

from skycrumbs.problems import Refusal


class DiscussionClosed(Refusal):
    code = "discussion_closed"
    status = HTTPStatus.CONFLICT


class StaleVersion(Refusal):
    """The comment changed since it was read."""

    code = "stale_version"
    status = HTTPStatus.CONFLICT


class TransitionRefused(Refusal):
    """The table of states has no such arrow."""

    code = "transition_refused"
    status = HTTPStatus.CONFLICT


class AnchorNotFound(Refusal):
    """The quoted words do not stand in the article."""

    code = "anchor_not_found"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AnchorAmbiguous(Refusal):
    """The quoted words stand more than once, and their context does not say which is meant."""

    code = "anchor_ambiguous"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AnchorMismatch(Refusal):
    """At the place given the text is another than the one quoted, which stands elsewhere."""

    code = "anchor_mismatch"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class EditClosed(Refusal):
    """The time for another text is over, or somebody answered this one; a correction may be added."""

    code = "edit_closed"
    status = HTTPStatus.CONFLICT


class RestoreClosed(Refusal):
    """It is too late to take the withdrawal back, or there is none."""

    code = "restore_closed"
    status = HTTPStatus.CONFLICT


class OnLegalHold(Refusal):
    """A legal hold keeps it from being erased."""

    code = "on_legal_hold"
    status = HTTPStatus.CONFLICT


class HoldRefused(Refusal):
    """The legal hold is there already, is released, or wants another person."""

    code = "hold_refused"
    status = HTTPStatus.CONFLICT
