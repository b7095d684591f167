import logging
from io import StringIO

import pytest

from tests.factories import make_user


@pytest.fixture
def console(monkeypatch):
    """What is written to the console."""
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", StringIO())
    return handler.stream


def test_a_wrong_host_is_one_line(client, console):
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    said = console.getvalue()
    assert (said.count("\n"), "elsewhere.example" in said) == (1, True)


@pytest.mark.parametrize("query", ["x%0ANot said by us%1B[31m=1", "_popup=1&_to_field=x%0ANot said by us%1B[31m"])
@pytest.mark.django_db
def test_what_somebody_sent_begins_no_line_and_moves_no_cursor(client, console, query):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get(f"/admin/accounts/user/?{query}").status_code == 400
    said = console.getvalue()
    assert (said.count("\n"), r"x\nNot said by us\x1b[31m" in said) == (1, True)


def test_an_error_of_ours_has_its_traceback(console):
    logging.getLogger("django.request").error("It failed.", exc_info=ZeroDivisionError("division"))
    assert "ZeroDivisionError: division" in console.getvalue()
