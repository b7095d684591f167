"""A plain HTTP client that keeps several connections busy, in one process."""

import selectors
import socket
import time
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """`seconds` of asking; the time each answer took, in milliseconds, ascending; bytes of one answer's body."""

    seconds: float
    times: list[float]
    length: int

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def at(self, share: float) -> float:
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))]


class _Connection:
    """One request at a time over a connection that stays open. (RFC 9112, section 9.3)"""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.ask()

    def ask(self) -> None:
        self.left, self.length, self.head = -1, 0, b""
        self.began = time.perf_counter()
        self.socket.sendall(self.request)

    def take(self) -> bool:
        """Whether the answer is whole. Raises RuntimeError for any other than 200."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise RuntimeError("the server closed a connection")
        if self.left < 0:
            self.head += data
            head, there, data = self.head.partition(b"\r\n\r\n")
            if not there:
                return False
            lines = head.lower().split(b"\r\n")
            if not lines[0].startswith(b"http/1.1 200"):
                raise RuntimeError(lines[0].decode())
            self.length = self.left = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        self.left -= len(data)
        return self.left == 0


def ask(port: int, path: str, *, connections: int, seconds: float, headers: str = "") -> Asked:
    """Ask for `path` again and again, on each connection the next time when the last answer is whole."""
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()
    begin = time.perf_counter()
    times, length = [], 0
    with selectors.DefaultSelector() as selector:
        open_ones = [_Connection(port, request) for _number in range(connections)]
        for one in open_ones:
            selector.register(one.socket, selectors.EVENT_READ, one)
        while (now := time.perf_counter()) - begin < seconds:
            for key, _events in selector.select(timeout=30):
                one = key.data
                if one.take():
                    times.append((time.perf_counter() - one.began) * 1000)
                    length = one.length
                    one.ask()
        for one in open_ones:
            one.socket.close()
    return Asked(now - begin, sorted(times), length)
