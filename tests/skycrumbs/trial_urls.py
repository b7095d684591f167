"""The site's addresses, and a few more whose views do one thing each."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path

from skycrumbs import urls as site
from skycrumbs.failures import bad_request, forbidden, gone, not_found, server_error
from skycrumbs.headers import kept
from skycrumbs.problems import Invalid, Refusal, TooManyRequests

handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, server_error


def plain(request):
    return HttpResponse(f"{request.method} {len(request.body)}")


def own_headers(request):
    return HttpResponse("x", headers={"Cache-Control": "max-age=60", "Content-Security-Policy": "default-src *"})


def boom(request):
    raise ZeroDivisionError("a secret")


def refuse(request):
    raise PermissionDenied("a secret")


def wait(request):
    raise TooManyRequests("Wait.", retry_after=90)


def disagree(request):
    raise Refusal("Not like this.", seen="7")


def mistake(request):
    raise Invalid.field("text", "blank", "Write something.")


def lose(request):
    raise Http404("a secret")


def misread(request):
    raise BadRequest("a secret")


@kept
def kept_page(request):
    return HttpResponse("the same for all", status=int(request.GET.get("status", 200)))


VIEWS = {
    "plain": plain, "own": own_headers, "boom": boom, "refuse": refuse, "lose": lose, "misread": misread,
    "gone": gone, "kept": kept_page,
    "wait": wait, "disagree": disagree, "mistake": mistake,
}  # fmt: skip
urlpatterns = [
    path(f"{stem}{name}/", view)
    for stem in ("try/", "api/try/", "admin/try/", "api/docs/try/")
    for name, view in VIEWS.items()
] + site.urlpatterns
