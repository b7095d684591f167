import logging
from io import StringIO

import pytest


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


def test_an_error_of_ours_has_its_traceback(console):
    logging.getLogger("django.request").error("It failed.", exc_info=ZeroDivisionError("division"))
    assert "ZeroDivisionError: division" in console.getvalue()
