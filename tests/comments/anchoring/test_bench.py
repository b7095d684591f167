import gzip
import json
import sys

import pytest

from comments.anchoring import Placement, Status, bench

OLD = "The larks sing at dawn.\nThe owls are silent."
NEW = "The larks sing at dusk.\nNothing more."


def place(start, end, status=Status.KEPT):
    return Placement(start, end, status, 1.0, "test")


GONE = Placement(None, None, Status.ORPHANED, 0.0, "none")


def case(cls, tight=None, wide=None, start=4, end=14):
    tight = tight and list(tight)
    return {"start": start, "end": end, "cls": cls, "kind": "phrase", "tight": tight, "wide": wide or tight}


class TestVerdict:
    @pytest.mark.parametrize(
        ("case", "found", "expected"),
        [
            (case("same", (4, 14)), place(4, 14), "exact"),
            (case("edited", (4, 14), (2, 16)), place(3, 15), "exact"),
            (case("same", (0, 10)), place(0, 9), "near"),
            (case("same", (0, 10)), place(0, 6), "partial"),
            (case("same", (0, 10)), place(20, 30), "wrong"),
            (case("same", (0, 10)), GONE, "missed"),
            (case("deleted"), GONE, "orphaned"),
            (case("deleted"), place(0, 1), "attached"),
            (case("gray", (0, 10)), GONE, "gray"),
            (case("gray", (0, 10)), place(5, 20), "gray"),
            (case("gray", (0, 10)), place(20, 30), "wrong, gray"),
        ],
    )
    def test_says_how_right_a_place_is(self, case, found, expected):
        assert bench.verdict(case, found) == expected


class TestCommand:
    @pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
    def test_prints_shares_and_the_errors_asked_for(self, tmp_path, monkeypatch, capsys, name):
        cases = [case("same", (4, 14)), case("same", (20, 23)), case("deleted", start=24, end=43)]
        line = json.dumps({"old": OLD, "new": NEW, "dist": 1, "sample": "a", "cases": cases})
        data = f"{line}\n".encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
        monkeypatch.setattr(sys, "argv", ["bench", str(path), "--by", "cls", "--errors", "5"])
        bench.main()
        said = capsys.readouterr().out
        assert said.count("--- ") == 1 and "--- wrong: same, phrase" in said
        deleted, same = (line.split() for line in said.splitlines() if line.startswith(("deleted", "same")))
        assert deleted[:3] == ["deleted", "1", "100.00"] and deleted[-1] == "100.00"
        assert same[:5] == ["same", "2", "50.00", "50.00", "50.00"]
