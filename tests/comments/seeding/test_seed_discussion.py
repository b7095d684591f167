"""`manage.py seed_discussion`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from comments.models import Comment
from comments.seeding import writing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def development(settings):
    settings.DEBUG = True


class Terminal(StringIO):
    def isatty(self):
        return True


def run(*arguments, out=None, **options):
    out = out or StringIO()
    call_command("seed_discussion", *arguments, stdout=out, no_color=True, **{"people": 10} | options)
    return out.getvalue()


class TestSeedDiscussion:
    def test_says_what_stands_a_line_for_each_tenth(self):
        make_article("birds")
        assert run(article="birds", comments=30) == "30 of 30\n30 comments stand on /articles/birds/.\n"

    def test_draws_a_bar_on_a_terminal(self, monkeypatch):
        make_article("birds")
        monkeypatch.setattr(writing, "BATCH", 5)
        drawn = run(article="birds", comments=10, out=Terminal()).split("\r")[1:]
        assert drawn[0] == f"[{'#' * 20}{' ' * 20}] 5 of 10"
        assert drawn[1].startswith(f"[{'#' * 40}] 10 of 10\n")

    def test_refuses_an_article_that_is_not_there(self):
        with pytest.raises(CommandError, match=r"There is no article nothing\."):
            run(article="nothing", comments=10)

    def test_refuses_numbers_out_of_range_before_writing(self):
        make_article("birds")
        with pytest.raises(CommandError, match=r"--comments must be from 1 to 1000000\. Nothing was written\."):
            run(article="birds", comments=0)
        assert not User.objects.exists()

    def test_asks_for_yes_where_there_is_no_debug(self, settings):
        settings.DEBUG = False
        make_article("birds")
        with pytest.raises(CommandError, match="--yes"):
            run(article="birds", comments=10)
        run("--yes", article="birds", comments=10)
        assert Comment.objects.count() == 10

    def test_says_what_stands_when_it_is_stopped(self, monkeypatch):
        make_article("birds")
        write = writing._write_batch

        def stop_at_second(article, composer, size):
            if Comment.objects.exists():
                raise KeyboardInterrupt
            return write(article, composer, size)

        monkeypatch.setattr(writing, "_write_batch", stop_at_second)
        monkeypatch.setattr(writing, "BATCH", 5)
        with pytest.raises(CommandError, match=r"Stopped\. 5 comments were written and stand") as stopped:
            run(article="birds", comments=10)
        assert (stopped.value.returncode, Comment.objects.count()) == (130, 5)
