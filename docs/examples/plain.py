"""Order a picture and save it. Needs nothing but Python, and pays once however often it is started."""

import json
import os
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SERVICE, TOKEN = os.environ["SERVICE"], os.environ["TOKEN"]
ORDER = {"prompt": "A red kite over dunes", "model": "dall-e-3", "count": 2}


def call(method, path, body=None, **headers):
    """Ask the service; what it refuses is an answer as well."""
    headers |= {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(SERVICE + path, data, headers, method=method), timeout=180) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


for attempt in range(5):
    try:
        status, headers, data = call("POST", "/generate", ORDER, **{"Idempotency-Key": "kites-of-plain-py"})
    except (
        URLError,
        ConnectionError,
        TimeoutError,
    ):  # the service is away: the same key is safe to send again
        time.sleep(2**attempt)
        continue
    if status != 429:
        break
    time.sleep(int(headers["Retry-After"]))
else:
    raise SystemExit("The service could not be reached, or is too busy")

job = json.loads(data)
while status == 202:  # it takes longer than the service lets a program wait
    time.sleep(2)
    job = json.loads(call("GET", headers["Location"])[2])
    status = 202 if job["status"] == "running" else 200

for image in job.get("images", []):  # also of an order that failed: what was drawn is there
    Path(f"{image['id']}.png").write_bytes(call("GET", image["url"])[2])
    print(image["id"], image["size"])
if job["status"] == "failed":
    raise SystemExit(f"{job['code']}: {job['error']}")
