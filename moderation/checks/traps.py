"""Traps for programs in the form that a guest sends."""

import time
from datetime import timedelta

from accounts import limits
from comments.checking import Result
from comments.states import Verdict
from comments.submission import PostedForm, Submission
from moderation.forms_guard import Token, read_token

TRAP, TRAPS = "trap", "traps"
OLDEST = timedelta(hours=24)
YOUNGEST = timedelta(seconds=3)


def traps(submission: Submission) -> Result:
    """One trap holds a text, two take it to the spam. Only a guest's new text from a form is looked at."""
    form = submission.form
    if form is None or submission.author is not None or submission.comment is not None:
        return Result(evidence={"form": False})
    sprung = _sprung(form)
    evidence = {"form": True, "traps": sprung}
    if len(sprung) > 1:
        return Result(Verdict.SPAM, TRAPS, evidence)
    return Result(Verdict.HOLD, TRAP, evidence) if sprung else Result(evidence=evidence)


def _sprung(form: PostedForm) -> list[str]:
    filled = ["hidden_field"] if form.trap else []
    if not form.token:
        return [*filled, "no_token"]
    token = read_token(form.token)
    return [*filled, "forged_token"] if token is None else [*filled, *_sprung_by(token)]


def _sprung_by(token: Token) -> list[str]:
    age = timedelta(seconds=time.time() - token.made_at)
    if age > OLDEST:
        return ["old_token"]
    # A window from when it was made: one on the clock would end within the token's life, and it be new again.
    window = {"starts_at": int(token.made_at), "seconds": int(OLDEST.total_seconds()) + 1}
    used = [] if limits.is_first(f"form:{token.nonce}", **window) else ["used_token"]
    return (["young_token"] if age < YOUNGEST else []) + used
