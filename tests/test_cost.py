from tests.cost import takes_at_most


class TestTakesAtMost:
    def test_takes_what_is_cheap(self):
        assert takes_at_most(0.1, lambda: None)

    def test_refuses_what_grows_with_the_square(self):
        assert not takes_at_most(0.01, lambda: [one * other for one in range(3000) for other in range(3000)])

    def test_gives_what_was_slow_once_another_turn(self):
        turns = iter([3000, 1, 1])
        assert takes_at_most(0.01, lambda: [one * other for one in range(next(turns)) for other in range(3000)])
