"""Shapes of an answer that several apps give."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect

from skycrumbs.problems import Refusal


def see_other(path: str) -> HttpResponse:
    """What a posted form is answered with when it did its work. (RFC 9110, section 15.4.4)"""
    return HttpResponseRedirect(path, status=HTTPStatus.SEE_OTHER)


def with_headers(refusal: Refusal, answer: HttpResponse) -> HttpResponse:
    """`answer` with what the refusal says beside its words, such as when to come back."""
    for name, value in refusal.headers.items():
        answer[name] = value
    return answer
