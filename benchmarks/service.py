"""The image service: pictures served, what it adds to a generation, and health while two hundred wait.

The peer finds a picture as such services often do: it looks through the folders of all jobs.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import multiprocessing
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from avatar_core.store.database import open_database
from tests.contract_server import Fault, ImageServer, draw_grid
from tests.service.served import Process
from tests.service.stored import enter_images

AIM_TIMES = 20  #: serving a picture, times the peer at 10,000
AIM_MS = 25  #: added to a generation
ROUNDS = 60
CLIENTS = 200


def fill(folder: Path, count: int) -> list[str]:
    """A data folder of a service that has made so many pictures, one an order."""
    picture = draw_grid(256, 256)
    engine = open_database(f"sqlite:///{folder / 'catalog.sqlite'}")
    names = enter_images(engine, count, 256)
    engine.dispose()
    for name in names:
        job = folder / "images" / name
        job.mkdir(parents=True)
        (job / f"001-{name}.png").write_bytes(picture)
    return names


def walk(folder: Path, port: int) -> None:
    """The peer: the same web server, and a look through the folders for each picture."""

    def find(request: Request) -> Response:
        wanted = request.path_params["image"]
        for job in folder.iterdir():
            for file in job.iterdir():
                if file.stem[4:] == wanted:
                    return Response(file.read_bytes(), media_type="image/png")
        return Response(status_code=404)

    app = Starlette(routes=[Route("/images/{image}", find)])
    uvicorn.run(app, port=port, log_level="critical", lifespan="off")


@contextlib.contextmanager
def peer(folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=walk, args=(folder, port), daemon=True)
    process.start()
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join()


def serving(port: int, names: list[str], seconds: float) -> tuple[float, float]:
    """Pictures per second over one connection, and the 99th percentile in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds or len(taken) < 20:
        asked = time.perf_counter()
        connection.request("GET", f"/images/{names[(len(taken) * 7919) % len(names)]}")
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        assert answer.read()[:4] == b"\x89PNG"
        taken.append(time.perf_counter() - asked)
    connection.close()
    return len(taken) / sum(taken), percentile(taken, 99)


def percentile(taken: list[float], percent: int) -> float:
    return 1000 * sorted(taken)[min(len(taken) - 1, len(taken) * percent // 100)]


def timed(action: Callable[[], httpx2.Response]) -> float:
    begun = time.perf_counter()
    answer = action()
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - begun


def stored_pictures(server: ImageServer) -> None:
    print(f"{'Pictures served from a store of':44} {'10':>9} {'10,000':>9}")
    rates: dict[str, list[float]] = {}
    slowest: dict[str, list[float]] = {}
    for count in (10, 10_000):
        with tempfile.TemporaryDirectory() as place:
            names = fill(Path(place), count)
            service = Process(server, Path(place))
            with peer(Path(place) / "images") as walking:
                for who, port in (("this service", service.port), ("looking through folders", walking)):
                    serving(port, names, 0.5)
                    rate, p99 = serving(port, names, 3)
                    rates.setdefault(who, []).append(rate)
                    slowest.setdefault(who, []).append(p99)
            service.end(signal.SIGKILL)
    for who in rates:
        print(f"{who + ', a second':44} {rates[who][0]:9.0f} {rates[who][1]:9.0f}")
        print(f"{who + ', p99 ms':44} {slowest[who][0]:9.1f} {slowest[who][1]:9.1f}")
    ours, theirs = (rates[who][1] for who in ("this service", "looking through folders"))
    print(f"{'times as fast at 10,000':44} {'':9} {ours / theirs:9.0f}   aim: {AIM_TIMES}\n")


def added(server: ImageServer, service: Process) -> None:
    """What the service adds to a generation, before a server that answers at once."""
    body = json.dumps(
        {"created": 1, "data": [{"b64_json": base64.b64encode(draw_grid(1024, 1024)).decode()}]}
    )
    fault = Fault.raw(200, body, "application/json")
    direct: list[float] = []
    through: list[float] = []
    order = {"prompt": "A kite", "model": "gpt-image-2"}
    with httpx2.Client(timeout=60) as client:
        for _ in range(ROUNDS + 5):
            server.script(fault, fault)
            direct.append(timed(lambda: client.post(f"{server.url}/images/generations", json=order)))
            through.append(timed(lambda: client.post(f"{service.url}/generate", json=order)))
    direct, through = direct[5:], through[5:]
    print(f"{'A generation, milliseconds':44} {'p50':>9} {'p99':>9}")
    for who, taken in (("asked of the server directly", direct), ("through this service", through)):
        print(f"{who:44} {percentile(taken, 50):9.1f} {percentile(taken, 99):9.1f}")
    more = [percentile(through, percent) - percentile(direct, percent) for percent in (50, 99)]
    print(f"{'added':44} {more[0]:9.1f} {more[1]:9.1f}   aim: {AIM_MS}\n")


def waiting(server: ImageServer, service: Process) -> None:
    """Health checks while two hundred clients wait for slow pictures."""
    server.reset()
    server.script(*[Fault.slow(3)] * CLIENTS)
    statuses: list[int] = []

    def wait(number: int) -> None:
        key = {"idempotency-key": f"waiting-{number % 16}"}
        order = {"prompt": "A kite", "model": "gpt-image-2"}
        statuses.append(clients.post(f"{service.url}/generate", json=order, headers=key).status_code)

    limits = httpx2.Limits(max_connections=CLIENTS)
    with httpx2.Client(timeout=120, limits=limits) as clients, httpx2.Client(timeout=60) as client:
        threads = [threading.Thread(target=wait, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        while len(server.generations) < 16:
            time.sleep(0.05)
        healthy = [timed(lambda: client.get(f"{service.url}/health")) for _ in range(200)]
        for thread in threads:
            thread.join()
    print(f"{f'Health checks while {CLIENTS} clients wait, ms':44} {'p50':>9} {'p99':>9}")
    print(f"{'':44} {percentile(healthy, 50):9.1f} {percentile(healthy, 99):9.1f}")
    print(f"answered: {statuses.count(200)} of {CLIENTS}, pictures asked for: {len(server.generations)}")


def main() -> None:
    server = ImageServer().start()
    try:
        stored_pictures(server)
        with tempfile.TemporaryDirectory() as place:
            service = Process(server, Path(place))
            added(server, service)
            waiting(server, service)
            service.end(signal.SIGKILL)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
