"""Servers that are nearly OpenAI: what each of them takes, answers and refuses, in its own way.

Written from their documents and sources, and not from the product. A mode is one server; the rules of OpenAI itself are in
contract_rules.py.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from tests.contract_edits import edited, edits_refusal
from tests.contract_rules import MODELS, answer_to, draw_grid, refusal_of, refuse

if TYPE_CHECKING:
    from tests.contract_server import ImageServer, Recorded

Play = Callable[["ImageServer", "Recorded"], Response]


@dataclass(frozen=True)
class Mode:
    """One server: how it draws, how it changes pictures (None: it cannot), what it lists, where it listens."""

    generate: Play
    edit: Play | None = None
    listed: tuple[str, ...] = ()
    paths: str = r"/v1/images/(generations|edits)"


def bearer(server: ImageServer, recorded: Recorded) -> Response | None:
    if recorded.headers.get("authorization") != f"Bearer {server.key}":
        return refuse(401, "invalid_api_key", "Incorrect API key provided.")
    return None


def openai(server: ImageServer, recorded: Recorded) -> Response:
    return bearer(server, recorded) or refusal_of(recorded.json) or JSONResponse(answer_to(recorded.json))


def openai_edit(server: ImageServer, recorded: Recorded) -> Response:
    return bearer(server, recorded) or edits_refusal(recorded) or JSONResponse(edited(recorded))


def compatible(server: ImageServer, recorded: Recorded) -> Response:
    """Takes any model, any parameter and no key, and counts no tokens."""
    return JSONResponse({"created": 1, "data": [{"b64_json": encoded(drawn(recorded.json))}]})


def compatible_edit(server: ImageServer, recorded: Recorded) -> Response:
    """Changes whatever picture comes, without looking at the rest, and counts no tokens."""
    return JSONResponse({"created": 1, "data": edited(recorded)["data"]})


LEGACY_SIZES = {"2": ("256x256", "512x512", "1024x1024"), "3": ("1024x1024", "1792x1024", "1024x1792")}


def legacy(server: ImageServer, recorded: Recorded) -> Response:
    """The API of DALL-E's time: links, standard and hd, short prompts."""
    asked = recorded.json
    if wrong := bearer(server, recorded) or _legacy_refusal(asked):
        return wrong
    data = draw_grid(*_edges(asked.get("size", "1024x1024")))
    if asked.get("response_format", "url") == "b64_json":
        item = {"b64_json": encoded(data)}
    else:
        item = {"url": server.serve(data)}
    return JSONResponse({"created": int(time.time()), "data": [{**item, "revised_prompt": "As drawn."}]})


def _legacy_refusal(asked: Any) -> Response | None:
    known = {"model", "prompt", "n", "size", "quality", "style", "response_format", "user"}
    if unknown := set(asked) - known:
        return refuse(400, "unknown_parameter", f"Unknown parameter: '{min(unknown)}'.")
    found = re.fullmatch(r"dall-e-([23])|gpt-image-1-mini-([23])", asked["model"])
    if found is None:
        return refuse(400, "invalid_value", f"The model '{asked['model']}' does not exist.", "model")
    kind = found[1] or found[2]
    if len(asked["prompt"]) > {"2": 1000, "3": 4000}[kind]:
        return refuse(400, "string_above_max_length", "The prompt is too long.", "prompt")
    if asked.get("size", "1024x1024") not in LEGACY_SIZES[kind]:
        return refuse(400, "invalid_value", "Invalid size.", "size")
    if asked.get("quality", "standard") not in {"2": ("standard",), "3": ("standard", "hd")}[kind]:
        return refuse(400, "invalid_value", "Invalid quality.", "quality")
    if asked.get("n", 1) > {"2": 10, "3": 1}[kind]:
        return refuse(400, "invalid_value", "Too many pictures.", "n")
    if asked.get("response_format", "url") not in ("url", "b64_json"):
        return refuse(400, "invalid_value", "Invalid response_format.", "response_format")
    return None


def _azure_refusal(server: ImageServer, recorded: Recorded) -> Response | None:
    if recorded.headers.get("api-key") != server.key or "authorization" in recorded.headers:
        said = "Access denied due to invalid subscription key or wrong API endpoint."
        return JSONResponse({"error": {"code": "401", "message": said}}, 401)
    if "api-version" not in recorded.query:
        return JSONResponse({"error": {"code": "404", "message": "Resource not found"}}, 404)
    if recorded.path.split("/")[3] != "faces":
        said = "The API deployment for this resource does not exist."
        return JSONResponse({"error": {"code": "DeploymentNotFound", "message": said}}, 404)
    return None


def azure(server: ImageServer, recorded: Recorded) -> Response:
    """The deployment stands in the path, the key in a header of its own."""
    asked = {**recorded.json, "model": "gpt-image-2"}
    return _azure_refusal(server, recorded) or refusal_of(asked) or JSONResponse(answer_to(asked))


def azure_edit(server: ImageServer, recorded: Recorded) -> Response:
    wrong = _azure_refusal(server, recorded) or edits_refusal(recorded, model="gpt-image-2")
    return wrong or JSONResponse(edited(recorded))


def litellm(server: ImageServer, recorded: Recorded) -> Response:
    """The proxy passes on what OpenAI says, but an error's code becomes the HTTP status."""
    return _relayed(openai(server, recorded))


def litellm_edit(server: ImageServer, recorded: Recorded) -> Response:
    return _relayed(openai_edit(server, recorded))


def _relayed(response: Response) -> Response:
    if response.status_code == 200:
        return response
    message = re.search(rb'"message":"(.*?)"', response.body)
    said = f"litellm.BadRequestError: OpenAIException - {message[1].decode() if message else ''}"
    error = {"message": said, "type": None, "param": None, "code": str(response.status_code)}
    return JSONResponse({"error": error}, response.status_code)


def localai(server: ImageServer, recorded: Recorded) -> Response:
    """A link unless asked otherwise; what follows a bar is what to avoid; a size without an x is 512x512."""
    asked = recorded.json
    size = asked.get("size", "")
    data = draw_grid(*_edges(size if "x" in size else "512x512"))
    server.avoided = asked["prompt"].partition("|")[2]
    if asked.get("response_format") == "b64_json":
        return JSONResponse({"created": 1, "id": "x", "data": [{"b64_json": encoded(data)}]})
    return JSONResponse({"created": 1, "id": "x", "data": [{"url": server.serve(data)}]})


def vllm_omni(server: ImageServer, recorded: Recorded) -> Response:
    """Knows no links; errors as FastAPI has them; unknown fields are passed over."""
    asked = recorded.json
    if "x" not in asked.get("size", "1x1"):
        return detail(422, [{"loc": ["body", "size"], "msg": "size must be in format 'WIDTHxHEIGHT'"}])
    if asked.get("response_format", "b64_json") not in ("b64_json", "file"):
        return detail(422, [{"loc": ["body", "response_format"], "msg": "Only 'b64_json' or 'file'"}])
    if asked.get("response_format") == "file":
        return Response(drawn(asked), media_type="image/png")
    item = {"b64_json": encoded(drawn(asked)), "url": None, "revised_prompt": None}
    return JSONResponse({"created": 1, "data": [item], "output_format": "png", "size": asked.get("size")})


def sglang(server: ImageServer, recorded: Recorded) -> Response:
    """JPEG unless asked for another format; links need storage."""
    asked = recorded.json
    data = drawn(asked, asked.get("output_format", "jpeg"))
    if asked.get("response_format", "b64_json") != "b64_json":
        return detail(400, "response_format='url' requires cloud storage to be configured.")
    return JSONResponse({"id": "x", "created": 1, "data": [{"b64_json": encoded(data)}]})


def sd_cpp(server: ImageServer, recorded: Recorded) -> Response:
    """Errors are bare words; an order may hide in the prompt."""
    asked = recorded.json
    if "<sd_cpp_extra_args>" in asked["prompt"]:
        return JSONResponse({"error": "invalid sd_cpp_extra_args"}, 400)
    if (format := asked.get("output_format", "png")) not in ("png", "jpeg", "webp"):
        return JSONResponse({"error": "invalid output_format"}, 400)
    item = {"b64_json": encoded(drawn(asked, format))}
    return JSONResponse({"created": 1, "data": [item], "output_format": format})


def ollama(server: ImageServer, recorded: Recorded) -> Response:
    """Only model, prompt, size and b64_json; a model that was not pulled is not found."""
    asked = recorded.json
    error = {"type": "invalid_request_error", "param": None, "code": None}
    if asked["model"] == "missing":
        said = "model 'missing' not found, try pulling it first"
        return JSONResponse({"error": {**error, "type": "not_found_error", "message": said}}, 404)
    if asked.get("response_format", "b64_json") != "b64_json":
        return JSONResponse({"error": {**error, "message": "unsupported response_format"}}, 400)
    return JSONResponse({"created": 1, "data": [{"b64_json": encoded(drawn(asked))}]})


def xai(server: ImageServer, recorded: Recorded) -> Response:
    """A ratio and a resolution instead of a size; JPEG whatever happens; the price in ticks."""
    asked = recorded.json
    if bearer(server, recorded):
        return xai_error("Incorrect API key provided. You can obtain an API key from https://console.x.ai.")
    known = {"model", "prompt", "n", "aspect_ratio", "resolution", "response_format", "quality", "user"}
    if unknown := set(asked) - known:
        return xai_error(f"Argument not supported: {min(unknown)}")
    if asked.get("aspect_ratio", "auto") not in ("1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "auto"):
        return xai_error("Invalid aspect_ratio")
    if (resolution := asked.get("resolution", "1k")) not in ("1k", "2k"):
        return xai_error("Invalid resolution")
    side = 1024 * int(resolution[0])
    data = draw_grid(side, side, "jpeg")
    item = {"url": None, "b64_json": None, "mime_type": "image/jpeg", "revised_prompt": ""}
    if asked.get("response_format", "url") == "b64_json":
        item["b64_json"] = encoded(data)
    else:
        item["url"] = server.serve(data)
    usage = {"cost_in_usd_ticks": 200_000_000}
    return JSONResponse({"block_reason": None, "data": [item], "usage": usage})


def xai_error(said: str) -> Response:
    return JSONResponse({"code": "Client specified an invalid argument", "error": said}, 400)


def detail(status: int, said: Any) -> Response:
    return JSONResponse({"detail": said}, status)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def drawn(asked: dict[str, Any], format: str = "png") -> bytes:
    return draw_grid(*_edges(asked.get("size", "1024x1024")), format)


def _edges(size: str) -> tuple[int, int]:
    width, _, height = size.partition("x")
    return int(width), int(height)


def free_edit(server: ImageServer, recorded: Recorded) -> Response:
    """Wants a picture and words, and no key."""
    if not (recorded.files.get("image") or recorded.files.get("image[]")):
        return JSONResponse({"error": "at least one image[] required"}, 400)
    answer = edited(recorded)
    return JSONResponse({"created": 1, "data": answer["data"]})


MODES: dict[str, Mode] = {
    "openai": Mode(openai, openai_edit, (*MODELS, "gpt-5.9", "text-embedding-4", "gpt-image-9-flare")),
    "compatible": Mode(compatible, compatible_edit, listed=("whatever-it-is",)),
    "legacy": Mode(legacy, listed=("dall-e-3",)),
    "azure": Mode(azure, azure_edit, paths=r"/openai/deployments/[^/]+/images/(generations|edits)"),
    "litellm": Mode(litellm, litellm_edit, tuple(MODELS)),
    "localai": Mode(localai, listed=("flux.1-schnell", "llama-4", "whisper-1")),
    "vllm-omni": Mode(vllm_omni, listed=("Qwen/Qwen-Image",)),
    "sglang": Mode(sglang, free_edit, ("Tongyi-MAI/Z-Image-Turbo",)),
    "sd-cpp": Mode(sd_cpp, free_edit, ("sd-cpp-local",)),
    "ollama": Mode(ollama, listed=("x/z-image-turbo:latest", "llama4:latest")),
    "xai": Mode(xai, listed=("grok-4.6", "grok-imagine-image")),
}
