"""Draw with OpenAI's SDK: only the address and the token are the service's."""

import base64
import os
from pathlib import Path

from openai import APIStatusError, OpenAI

client = OpenAI(base_url=f"{os.environ['SERVICE']}/v1", api_key=os.environ["TOKEN"], timeout=180)
print([model.id for model in client.models.list()])
try:
    answer = client.images.generate(
        model="dall-e-3",
        prompt="A red kite over dunes",
        response_format="b64_json",
        extra_headers={"Idempotency-Key": "kite-of-sdk-py"},
    )
except APIStatusError as error:
    raise SystemExit(f"{error.status_code} {error.code}: {error.message}") from None
Path("sdk.png").write_bytes(base64.b64decode(answer.data[0].b64_json))
