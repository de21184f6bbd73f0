"""The service as a program meets it: over HTTP, on a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

import httpx2
import uvicorn

from avatar_core.pictures import Pictures
from avatar_core.settings import Settings
from image_service import create_app
from tests.contract_server import KEY, ImageServer
from tests.jobs.running import soon

ROOT = Path(__file__).parents[2]


class Served:
    """The service in a thread of its own. There can be one in a process at a time, as of its engine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = create_app(settings)
        # Named as TCP, because asyncio lets only such sockets send small pieces at once.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            self.app, ws="none", lifespan="on", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self.client = httpx2.Client(base_url=self.url, timeout=60)

    def start(self) -> Self:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the service did not start"
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join()

    @property
    def pictures(self) -> Pictures:
        pictures: Pictures = self.app.state.service.pictures
        return pictures

    @property
    def folder(self) -> Path:
        """Where the images lie."""
        return self.settings.avatar_data_dir / "images"

    def generate(self, prompt: str = "A red kite", headers: Any = None, **fields: Any) -> httpx2.Response:
        return self.client.post("/generate", json={"prompt": prompt, **fields}, headers=headers)

    def audit(self) -> str:
        """The audit log, as soon as it rests: a line is written when its answer has left."""
        file, seen = self.settings.avatar_data_dir / "audit" / "requests.jsonl", None
        soon(file.exists)  # it comes with its first line
        while seen != (text := file.read_text(encoding="utf-8")):
            seen = text
            time.sleep(0.1)
        return text


class Process:
    """The service as its own program."""

    def __init__(self, server: ImageServer, folder: Path, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        values = {
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": KEY,
            "AVATAR_DATA_DIR": str(folder),
            "AVATAR_REQUESTS_PER_MINUTE": "60000",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "image_service"],
            env={**os.environ, **values, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        soon(self.answers, 60)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        try:
            return httpx2.get(f"{self.url}/health").status_code == 200
        except httpx2.TransportError:
            return False

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err
