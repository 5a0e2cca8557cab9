"""The portal as it runs for people: a web server and a worker, processes of their own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from housing_portal import create_app
from housing_portal.config import ROOT, Settings

SECRET = "a-secret-of-the-tests-that-is-long-enough"
PATIENCE = 60  # seconds; a process that needs more is broken


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Ask again and again, and fail in words."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


class LivePortal:
    """Processes on one database and one folder. Everything that it starts, it stops by its own id."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.settings = {
            "DATABASE_URL": database_url,
            "PORTAL_ENVIRONMENT": "demo",
            "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_STORAGE_DIR": str(folder / "files"),
            "PORTAL_BASE_URL": self.url,
            "PORTAL_MAIL_MODE": "page",
        }

    def app(self) -> Flask:
        """The same portal inside of the test's own process: to prepare people, and to look at rows."""
        return create_app(
            Settings(
                environment="test",
                secret_key=SECRET,
                database_url=self.settings["DATABASE_URL"],
                storage_dir=self.folder / "files",
                base_url=self.url,
            )
        )

    def migrate(self) -> None:
        """Make the tables as an operator does."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()

    def start_web(self, workers: int = 1) -> subprocess.Popen[bytes]:
        """Serve; returns once the portal says that it is well."""
        arguments = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        arguments += ["--workers", str(workers), "--log-level", "warning", "wsgi:app"]
        process = self._start("web", arguments)

        def well() -> bool:
            assert process.poll() is None, f"the web server ended: {self.log('web')}"
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        wait_until(well, "the web server answers /healthz")
        return process

    def start_worker(self) -> subprocess.Popen[bytes]:
        """The background worker; returns at once."""
        return self._start("worker", ["flask", "--app", "wsgi", "worker"])

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
        return inherited | self.settings | {"PYTHONDONTWRITEBYTECODE": "1"}

    def _start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, so that a kill reaches the server's workers too
            )
        self.processes.append(process)
        return process

    def log(self, name: str) -> str:
        """What a process wrote."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The power fails: no handler runs, nothing is tidied up."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything that still runs."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill(process)
