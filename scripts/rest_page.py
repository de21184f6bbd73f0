"""The page about the image service: prose from rest.md.in, and what follows from the code in its gaps."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avatar_core.models.catalog import open_catalog, size_rule
from avatar_core.pictures import MOST_KEY
from avatar_core.serving import MOST
from avatar_core.settings import Settings
from avatar_core.types import ModelFacts
from image_service import answers, bodies, contract, patience, tokens
from image_service.openapi import WHY, describe

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"
LANGUAGES = {".sh": "sh", ".py": "python", ".mjs": "js", ".json": "json"}
DIALECTS = ("demo", "openai")

EDITS = """
### To change a picture

`POST /v1/images/edits` takes a form (`multipart/form-data`) with the picture and the mask as files, as OpenAI's SDK sends it:
`client.images.edit(image=…, mask=…, prompt=…, model=…)`. It takes a model that can change pictures, which the demo model cannot. The
answer, idempotency key and errors are as for `/v1/images/generations`. The whole form may have {most} MiB.

{fields}
"""

ADVICE = {
    "VALIDATION_ERROR": "Correct what the message names. The same again fails again.",
    "UNAUTHORIZED": "Send a token that is good; ask for one where the service runs.",
    "FORBIDDEN": "Ask for a token with the scope that the message names, or for your host's name to be allowed.",
    "IMAGE_NOT_FOUND": "Use the `id` of an answer. The image may be deleted, or belong to another token.",
    "JOB_NOT_FOUND": "Use the `job_id` of an answer. The job may belong to another token.",
    "NOT_FOUND": "Check the path; it has no slash at its end.",
    "METHOD_NOT_ALLOWED": "Check the method; `Allow` lists those there are.",
    "IMAGES_DELETED": "Nothing was drawn or paid again. A new order needs a new key.",
    "IDEMPOTENCY_KEY_REUSED": "A new order needs a new key.",
    "RATE_LIMIT_EXCEEDED": "Wait for the seconds of `Retry-After`, then send the same again.",
    "SERVICE_ERROR": "Read the message. Send the same again only under the same `Idempotency-Key`.",
}
"""What to do about each code."""


def rest_page() -> str:
    """The whole page."""
    template = (ROOT / "scripts" / "rest.md.in").read_text(encoding="utf-8")
    return re.sub(r"\{\{ (.+?) \}\}", lambda gap: _fill(gap[1]), template)


def _fill(gap: str) -> str:
    what, _, name = gap.partition(" ")
    if what == "example":
        return example(name)
    if what == "fields":
        return _fields(name)
    if what == "default":
        return f"{Settings.model_fields[name].default:g}"
    return {
        "scopes": lambda: _listed(tokens.SCOPES),
        "usual scopes": lambda: _listed(tokens.Token.__dataclass_fields__["scopes"].default),
        "calls": _calls,
        "key length": lambda: str(MOST_KEY),
        "side": lambda: _range("/images/{image}", "size"),
        "listed": lambda: _range("/images", "limit"),
        "retired": _retired,
        "living": _living,
        "edits": _edits,
        "codes": _codes,
        "openai codes": _openai_codes,
        "statuses": lambda: table("Status | Why", [(str(status), why) for status, why in WHY.items()]),
        "limits": _limits,
    }[gap]()


def example(name: str) -> str:
    """An example's file, and the answer to it if that is shown."""
    files = [EXAMPLES / name] if "." in name else [EXAMPLES / f"{name}{end}" for end in (".sh", ".json")]
    found = [file for file in files if file.exists()]
    assert found, name
    return "\n\n".join(
        f"```{LANGUAGES[file.suffix]}\n{file.read_text(encoding='utf-8').strip()}\n```" for file in found
    )


def table(heads: str, rows: Any) -> str:
    """A table in Markdown."""
    columns = heads.split(" | ")
    lines = [
        columns,
        ["---"] * len(columns),
        *([str(cell).replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _listed(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, calls in describe()["paths"].items():
        for method, call in calls.items():
            yield path, method, call


def _calls() -> str:
    rows = []
    for path, method, call in _operations():
        names = [f"`{each['name']}`" for each in call.get("parameters", []) if each["in"] != "path"]
        statuses = sorted(call["responses"])
        rows.append((f"`{method.upper()} {path}`", call["summary"], ", ".join(names), ", ".join(statuses)))
    return table("Call | What it does | Query and headers | Statuses", rows)


def _range(path: str, name: str) -> str:
    (schema,) = (
        each["schema"] for each in describe()["paths"][path]["get"]["parameters"] if each["name"] == name
    )
    return f"{schema['minimum']} to {schema['maximum']}"


def _fields(name: str) -> str:
    schema = describe()["components"]["schemas"][name]
    rows = []
    for field, about in schema["properties"].items():
        options = [each for each in about.get("anyOf", [about]) if each.get("type") != "null"]
        rows.append((f"`{field}`", _allowed(options[0]), _about(field, about, schema.get("required", ()))))
    return table("Field | Allowed | About", rows)


def _edits() -> str:
    """What is told of changing pictures, if this service does that."""
    if "/v1/images/edits" not in describe()["paths"]:
        return ""
    from image_service import forms

    return EDITS.format(fields=_fields("EditsRequest"), most=forms.MOST_BYTES // 2**20)


def _allowed(schema: dict[str, Any]) -> str:
    if schema.get("format") == "binary":
        return "a file"
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema.get("enum", [schema.get("const")]))
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']}"
    return f"text, {schema.get('minLength', 0)} to {schema['maxLength']:,} characters"


def _about(field: str, about: dict[str, Any], required: Any) -> str:
    parts = ["Required." if field in required else "", about.get("description", "")]
    if about.get("default") is not None:
        parts.append(f"Default: {about['default']}.")
    return " ".join(part for part in parts if part)


def _retired() -> str:
    text = (ROOT / "avatar_core" / "data" / "serving.toml").read_text(encoding="utf-8")
    rows = []
    for name, known in tomllib.loads(text)["models"].items():
        qualities = known.get("qualities", {})
        styles = "; ".join(f"`{style}`: “{words}”" for style, words in known.get("styles", {}).items())
        drawn = ", ".join(f"`{asked}` as `{drawn}`" for asked, drawn in qualities.items())
        rows.append(
            (
                _listed([name, *known.get("names", [])]),
                _listed(known["sizes"]),
                _listed(qualities) or "not supported",
                styles or "not supported",
                f"1 to {MOST}",
                f"{known['prompt_limit']:,}",
                f"`{known['drawn_by']}`, {drawn or 'quality `' + known['drawn_quality'] + '`'}",
            )
        )
    return table("model | size | quality | style | count | prompt | drawn by", rows)


def _living() -> str:
    living = [each for each in open_catalog().all() if each.dialect in DIALECTS and not each.fixed]
    retired = tomllib.loads((ROOT / "avatar_core/data/serving.toml").read_text(encoding="utf-8"))["models"]
    rows = [
        (_listed([each.id, *each.names]), _sizes(each), _listed(each.qualities) or "none", _until(each))
        for each in living
        if each.id not in retired
    ]
    return table("model | size | quality | its provider's last day for it", rows)


def _sizes(facts: ModelFacts) -> str:
    return size_rule(facts.sizes) or ", ".join(str(size) for size in facts.sizes.fixed)


def _until(facts: ModelFacts) -> str:
    return f"{facts.shutdown}" if facts.shutdown else ""


def problems() -> tuple[answers.Problem, ...]:
    """Everything that can go wrong, as the service knows it."""
    named = [each for each in vars(answers).values() if isinstance(each, answers.Problem)]
    return tuple(dict.fromkeys([*named, *(problem for _, problem in answers.PROBLEMS)]))


def _codes() -> str:
    statuses: dict[str, list[int]] = {}
    for problem in problems():
        statuses.setdefault(problem.code, []).append(problem.status)
    rows = [
        (f"`{code}`", ", ".join(str(each) for each in sorted(set(found))), ADVICE[code])
        for code, found in statuses.items()
    ]
    return table("Code | Status | What to do", rows)


def _openai_codes() -> str:
    rows = []
    for problem in problems():
        answer = answers.error_response(answers.Told(problem, ""), openai=True)
        inner = json.loads(bytes(answer.body))["error"]
        stop = "no" if answer.headers.get("x-should-retry") == "false" else ""
        rows.append(
            (answer.status_code, f"`{inner['type']}`", f"`{inner['code']}`", f"`{problem.code}`", stop)
        )
    heads = "Status | type | code | In the service's own dialect | May an SDK repeat it?"
    return table(heads, sorted(set(rows)))


def _limits() -> str:
    fields = Settings.model_fields

    def default(name: str) -> str:
        return f"{fields[name].default:g}"

    return table(
        "What | How much | Set by",
        [
            ("pictures of an order", f"1 to {MOST}", ""),
            ("a body", f"{bodies.MOST_BYTES // 1024} KiB, {bodies.MOST_DEPTH} levels deep", ""),
            ("seconds for the head of a request to come", f"{patience.HEAD_SECONDS:g}", ""),
            ("seconds for a body to come", f"{bodies.SLOW_SECONDS:g}", ""),
            ("images of a page", str(contract.MOST_LISTED), ""),
            (
                "orders under way, of everybody",
                default("avatar_service_open_orders"),
                "`AVATAR_SERVICE_OPEN_ORDERS`",
            ),
            (
                "requests to the provider a minute",
                default("avatar_requests_per_minute"),
                "`AVATAR_REQUESTS_PER_MINUTE`",
            ),
            ("USD in 24 hours, of everybody", "no limit", "`AVATAR_DAILY_BUDGET`"),
            ("orders of a token a minute", "no limit", "`tokens create --per-minute`"),
            ("USD of a token a day, from midnight UTC", "no limit", "`tokens create --usd-per-day`"),
            (
                "seconds that an order may let you wait",
                default("avatar_service_timeout"),
                "`AVATAR_SERVICE_TIMEOUT`",
            ),
            (
                "seconds to finish when the service stops",
                default("avatar_service_drain"),
                "`AVATAR_SERVICE_DRAIN`",
            ),
        ],
    )
