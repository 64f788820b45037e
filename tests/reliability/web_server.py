"""A real web server on the loopback, which a script may kill at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import httpx


class WebServer:
    """granian with one worker process and some threads, on a port of its own."""

    def __init__(self, threads: int = 16):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.threads = threads
        self.kills = 0

    def __enter__(self) -> "WebServer":
        self.start()
        return self

    def __exit__(self, *about) -> None:
        self._end()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--no-ws",
                "--port", str(self.port), "--workers", "1", "--log-level", "critical", "guixin.asgi:application",
            ],
            start_new_session=True,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "guixin.settings", "GUIXIN_THREADS": str(self.threads)},
        )  # fmt: skip
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/sign-in", timeout=20).status_code == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("The web server did not start.")

    def kill(self) -> None:
        """kill -9 of the server and all its children, then a new one on the same port."""
        self._end()
        self.kills += 1
        self.start()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
