"""The verbs of comments.

Each takes the article's row first, so that two writers of one discussion follow each other, with counters, event
and the article's version in the same transaction. (On SQLite the transaction itself is the lock.)
"""

from comments.services.attaching import attach
from comments.services.editing import correct, edit
from comments.services.forgetting import remove_unproven, remove_withdrawn_notes
from comments.services.introducing import fit_guest
from comments.services.judging import decide, erase, keep_as_it_is, refuse_edit
from comments.services.legal import ask_release, place_hold, release_hold
from comments.services.limiting import count_carry
from comments.services.locking import lock_article, lock_comment
from comments.services.managing import ask_to_manage, awaiting_proof, link_leads_to, manage, to_manage
from comments.services.proving import prove
from comments.services.removing import restore, withdraw
from comments.services.submitting import submit
from comments.services.texts import fit_text
from comments.services.voting import take_vote_back, vote
from comments.submission import GuestName, PostedForm, Submission

__all__ = [
    "GuestName",
    "PostedForm",
    "Submission",
    "ask_release",
    "ask_to_manage",
    "attach",
    "awaiting_proof",
    "correct",
    "count_carry",
    "decide",
    "edit",
    "erase",
    "fit_guest",
    "fit_text",
    "keep_as_it_is",
    "link_leads_to",
    "lock_article",
    "lock_comment",
    "manage",
    "place_hold",
    "prove",
    "refuse_edit",
    "release_hold",
    "remove_unproven",
    "remove_withdrawn_notes",
    "restore",
    "submit",
    "take_vote_back",
    "to_manage",
    "vote",
    "withdraw",
]
