from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.idempotency import prune
from accounts.models import AnsweredRequest
from skycrumbs.settings import SWEEPS
from tests.clock import MOMENT, stopped_at

pytestmark = pytest.mark.django_db


def answered(number: int, **ago: int) -> AnsweredRequest:
    moment = timezone.now() - timedelta(**ago)
    digest = f"{number:064}"
    return AnsweredRequest.objects.create(digest=digest, body_digest=digest, status=201, answered_at=moment)


class TestPrune:
    def test_deletes_what_is_24_hours_old_and_no_more(self):
        moment = answered(1).answered_at + timedelta(hours=24)
        with stopped_at(moment - MOMENT):
            assert (prune(), AnsweredRequest.objects.count()) == (0, 1)
        with stopped_at(moment):
            assert (prune(), AnsweredRequest.objects.count()) == (1, 0)

    def test_takes_batch_after_batch(self, monkeypatch):
        monkeypatch.setattr("accounts.pruning.BATCH", 2)
        for number in range(5):
            answered(number, hours=25)
        young = answered(5, hours=23)
        assert (prune(), AnsweredRequest.objects.get()) == (5, young)

    def test_is_done_by_the_sweep(self):
        assert "accounts.idempotency.prune" in SWEEPS
