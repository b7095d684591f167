"""“Why was this held?” in words, from what the checks left in the database and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.checking import FAILED
from comments.models import CheckResult
from comments.states import Verdict
from moderation.checks.closed import in_words
from moderation.checks.writers import AUTHOR, MODERATOR
from moderation.models import Sanction

Evidence = Mapping[str, Any]


@dataclass(frozen=True)
class Explanation:
    """What one check said of a text. `twins`: the keys of comments that the sentence speaks of."""

    check: str
    verdict: Verdict
    sentence: str
    twins: Sequence[str] = ()


def explain(result: CheckResult) -> Explanation:
    """What one check said. No query."""
    twins = tuple(result.evidence.get("twins", ()))
    return Explanation(result.check_name, Verdict(result.verdict), _sentence(result), twins)


def _sentence(result: CheckResult) -> str:
    evidence, verdict = result.evidence, Verdict(result.verdict)
    if result.reason == FAILED:
        return _("It failed (%(error)s), so a moderator has to look.") % {"error": evidence.get("error", "–")}
    if not evidence and result.check_name in _WORDS:
        return _("What it saw was erased with the text.")
    try:
        return " ".join([*_WORDS[result.check_name](evidence), *_spared(evidence)])
    except KeyError:
        # A check of the operator's own, or evidence as another version of ours left it.
        return f"{verdict.label}: {result.reason}" if result.reason else str(verdict.label)


def _spared(evidence: Evidence) -> list[str]:
    spared = {
        MODERATOR: _("Not held, because the writer moderates this article."),
        AUTHOR: _("Not held, because the writer is an author of the article."),
    }
    return [spared[evidence["exempt"]]] if evidence.get("exempt") in spared else []


def _shape(evidence: Evidence) -> list[str]:
    lines = ngettext("%(count)d line", "%(count)d lines", evidence["lines"]) % {"count": evidence["lines"]}
    figures = {"count": evidence["code_points"], "lines": lines, "capitals": round(100 * evidence["capitals"])}
    said = [
        ngettext(
            "%(count)d character in %(lines)s, %(capitals)d %% of the letters capitals.",
            "%(count)d characters in %(lines)s, %(capitals)d %% of the letters capitals.",
            evidence["code_points"],
        )
        % figures
    ]
    if evidence["invisible"]:
        said.append(_("Characters that show nothing: %(count)d.") % {"count": evidence["invisible"]})
    return said


def _closed(evidence: Evidence) -> list[str]:
    if evidence["kind"] is None:
        return [_("The discussion is open, and nothing is laid on the writer.")]
    until = evidence["until"]
    end = in_words(datetime.fromisoformat(until)) if until else ""
    if evidence["kind"] == Sanction.Kind.SUSPEND:
        said = _("The writer is suspended from commenting, and proved the address only after writing this.")
    else:
        said = _("Every text of this writer is held.")
    return [said, _("This ends on %(end)s.") % {"end": end} if end else _("This has no end set.")]


def _rate(evidence: Evidence) -> list[str]:
    return [_("Within the limits.")]


def _links(evidence: Evidence) -> list[str]:
    count = evidence["links"]
    if not count:
        return [_("No links.")]
    said = ngettext("%(count)d link: %(hosts)s.", "%(count)d links: %(hosts)s.", count)
    return [said % {"count": count, "hosts": ", ".join(evidence["hosts"])}, *_about_links(evidence)]


def _about_links(evidence: Evidence) -> list[str]:
    said = [
        _("One reads as %(named)s and leads to %(target)s.") % {"named": named, "target": target}
        for named, target in evidence.get("disguised", ())
    ]
    if "most" in evidence:
        said.append(_("More than %(most)d are held.") % {"most": evidence["most"]})
    if "approved" in evidence:
        said.append(_("Any is held of a writer who is new here."))
        said.append(_approved(evidence))
    return said


_TRAPS = {
    "hidden_field": gettext_lazy("the field that nobody sees was filled in"),
    "no_token": gettext_lazy("the form’s token was missing"),
    "forged_token": gettext_lazy("the form’s token is none of ours"),
    "old_token": gettext_lazy("the form was older than a day"),
    "young_token": gettext_lazy("the form was sent within three seconds"),
    "used_token": gettext_lazy("the form was sent before"),
}


def _traps(evidence: Evidence) -> list[str]:
    if not evidence["form"]:
        return [_("Not a guest’s form.")]
    sprung = [str(_TRAPS.get(name, name)) for name in evidence["traps"]]
    if not sprung:
        return [_("The form was filled in as people do.")]
    return [_("As programs do: %(traps)s.") % {"traps": "; ".join(sprung)}]


def _repeats(evidence: Evidence) -> list[str]:
    own, people = evidence["own"], evidence["people"]
    said = []
    if own:
        words = ngettext(
            "The writer posted the same text in %(count)d other place in the last 24 hours.",
            "The writer posted the same text in %(count)d other places in the last 24 hours.",
            own,
        )
        said.append(words % {"count": own})
    if people > 1:
        said.append(_("%(count)d people posted it within one hour.") % {"count": people})
    if evidence.get("twins"):
        said.append(_("The same text: %(twins)s.") % {"twins": ", ".join(evidence["twins"])})
    return said or [_("No other comment says the same.")]


def _first_comments(evidence: Evidence) -> list[str]:
    return [_approved(evidence)] if "approved" in evidence else []


def _approved(evidence: Evidence) -> str:
    """Of somebody known the exact number was not counted."""
    approved, needed = evidence["approved"], evidence["needed"]
    if approved >= needed:
        return _("Moderators approved %(needed)d comments of the writer or more.") % {"needed": needed}
    words = ngettext(
        "Moderators approved %(count)d comment of the writer so far; %(needed)d are needed.",
        "Moderators approved %(count)d comments of the writer so far; %(needed)d are needed.",
        approved,
    )
    return words % {"count": approved, "needed": needed}


_WORDS: dict[str, Callable[[Evidence], list[str]]] = {
    "shape": _shape,
    "closed": _closed,
    "rate": _rate,
    "links": _links,
    "traps": _traps,
    "repeats": _repeats,
    "first_comments": _first_comments,
}
