"""What the queue's pages say in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.templatetags.moderation import waits


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ({"seconds": 0}, "waits for less than a minute"),
        ({"seconds": 59}, "waits for less than a minute"),
        ({"seconds": 60}, "waits for 1\xa0minute"),
        ({"hours": 2, "minutes": 5}, "waits for 2\xa0hours, 5\xa0minutes"),
        # The clocks of two machines are never the same.
        ({"seconds": -3}, "waits for less than a minute"),
    ],
)
def test_how_long_something_waits(time, words, clock):
    assert waits(timezone.now() - timedelta(**time)) == words
