"""Why a comment is in its state, in words for its author. The codes are those of docs/api.md."""

from django.utils.translation import gettext_lazy as _

from moderation.rulings import RejectionReason

_SAID = {
    "first_comments": _("These are your first comments."),
    "links": _("It has links."),
    "disguised_link": _("A link in it names another site than the one it leads to."),
    "repeat": _("The same text stands elsewhere."),
    "person_held": _("A moderator reads what you write before it appears."),
    "trap": _("The form was filled in the way programs do it."),
    "traps": _("The form was filled in the way programs do it."),
    "check_failed": _("It could not be checked just now."),
    "edited": _("A moderator had approved the text before it."),
    "resubmitted": _("You wrote it anew after it was rejected."),
    "edit_refused": _("A moderator did not take your last change; readers see the text from before."),
}


def to_author(reason: str) -> str:
    """A reason as its author should read it: "" where there is none or the moderator's note says it, else in words.

    A code that only the operator's own checks know is given as it is.
    """
    if reason in ("", RejectionReason.OTHER):
        return ""
    if reason in RejectionReason.values:
        return str(RejectionReason(reason).label)
    return str(_SAID.get(reason, reason))
