from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory, SimpleTestCase

from skycrumbs.same_origin import same_origin


@same_origin
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.is_proven))


def answer_to(method: str = "post", data: dict | None = None, cookies: dict | None = None, **headers: str) -> str:
    request = getattr(RequestFactory(), method)("/form/", data or {}, headers=headers)
    request.COOKIES.update(cookies or {})
    return view(request).content.decode()


def token() -> str:
    return get_token(RequestFactory().get("/"))


class SameOriginTests(SimpleTestCase):
    def test_djangos_own_check_does_not_answer_in_its_place(self):
        self.assertIs(view.csrf_exempt, True)

    def test_is_proven_when_the_browser_says_same_origin(self):
        self.assertEqual(answer_to(**{"sec-fetch-site": "same-origin"}), "True")

    def test_is_not_proven_from_a_sister_site(self):
        self.assertEqual(answer_to(**{"sec-fetch-site": "same-site"}), "False")

    def test_is_not_proven_from_another_site(self):
        self.assertEqual(answer_to(**{"sec-fetch-site": "cross-site"}), "False")

    def test_is_not_proven_when_nobody_sent_it_from_a_page(self):
        self.assertEqual(answer_to(**{"sec-fetch-site": "none"}), "False")

    def test_is_proven_by_its_own_origin_when_the_browser_says_nothing_else(self):
        self.assertEqual(answer_to(origin="http://testserver"), "True")

    def test_origin_does_not_outweigh_the_browser(self):
        self.assertEqual(answer_to(origin="http://testserver", **{"sec-fetch-site": "cross-site"}), "False")

    def test_is_not_proven_by_another_scheme(self):
        self.assertEqual(answer_to(origin="https://testserver"), "False")

    def test_is_not_proven_by_another_port(self):
        self.assertEqual(answer_to(origin="http://testserver:8000"), "False")

    def test_is_not_proven_by_another_origin(self):
        self.assertEqual(answer_to(origin="http://evil.example"), "False")

    def test_is_not_proven_by_an_opaque_origin(self):
        self.assertEqual(answer_to(origin="null"), "False")

    def test_is_not_proven_by_no_headers_at_all(self):
        self.assertEqual(answer_to(), "False")

    def test_is_proven_by_a_token_that_fits_its_cookie(self):
        secret = token()
        proof = {"data": {"csrfmiddlewaretoken": secret}, "cookies": {"__Host-skycsrf": secret}}
        self.assertEqual(answer_to(**proof), "True")

    def test_is_not_proven_by_a_token_of_another_cookie(self):
        proof = {"data": {"csrfmiddlewaretoken": token()}, "cookies": {"__Host-skycsrf": token()}}
        self.assertEqual(answer_to(**proof), "False")

    def test_is_not_proven_by_a_token_without_a_cookie(self):
        self.assertEqual(answer_to(data={"csrfmiddlewaretoken": token()}), "False")

    def test_is_not_proven_by_a_token_from_another_origin(self):
        secret = token()
        proof = {"data": {"csrfmiddlewaretoken": secret}, "cookies": {"__Host-skycsrf": secret}}
        self.assertEqual(answer_to(**proof, origin="http://evil.example"), "False")

    def test_is_proven_by_its_token_from_a_page_that_tells_nobody_its_address(self):
        secret = token()
        proof = {"data": {"csrfmiddlewaretoken": secret}, "cookies": {"__Host-skycsrf": secret}}
        self.assertEqual(answer_to(**proof, origin="null"), "True")
        self.assertEqual(answer_to(**proof | {"cookies": {}}, origin="null"), "False")
        self.assertEqual(answer_to(**proof | {"data": {}}, origin="null"), "False")

    def test_a_get_proves_nothing(self):
        self.assertEqual(answer_to("get", **{"sec-fetch-site": "same-origin"}), "False")
