import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def pins(lock):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


class TestLocks:
    @pytest.mark.parametrize("lock", LOCKS)
    def test_names_no_host_and_no_folder(self, lock):
        assert not re.search(r"://|^\s*-|@ |/", (ROOT / lock).read_text().replace("--hash=", ""), re.MULTILINE)

    @pytest.mark.parametrize("lock", LOCKS)
    def test_has_a_hash_for_every_pin(self, lock):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []

    def test_pins_the_same_versions_in_both(self):
        base, dev = (pins(lock) for lock in LOCKS)
        assert {name: dev.get(name) for name in base} == base
