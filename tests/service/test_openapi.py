"""The service is as its description says, whatever is thrown at it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from image_service import create_app
from image_service.answers import PROBLEMS
from image_service.openapi import WHY, describe
from tests.contract_server import ImageServer
from tests.service.conftest import settings_for
from tests.service.pictures import MASK, picture
from tests.service.served import Process

FEW = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(describe())))


@pytest.fixture(scope="module")
def _apart(_image_server: ImageServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(_image_server, tmp_path_factory.mktemp("apart"))
    yield process
    process.end(signal.SIGKILL)


@pytest.fixture
def apart(_apart: Process, image_server: ImageServer) -> Process:
    """The service in a process of its own: the engine rolls dice, which hypothesis does not like beside it.

    The server behind it draws whatever is asked for; what it draws is not the point here.
    """
    image_server.mode = "compatible"
    return _apart


def test_every_route_and_every_problem_is_described(
    apart: Process, image_server: ImageServer, tmp_path: Path
) -> None:
    described = {(path, method) for path, calls in describe()["paths"].items() for method in calls}
    routes = {
        (re.sub(r":\w+", "", route.path), method.lower())
        for route in create_app(settings_for(image_server, tmp_path)).routes
        for method in route.methods  # type: ignore[attr-defined]
        if method != "HEAD"
    }
    assert routes - described == {("/openapi.json", "get")}
    assert described <= routes
    assert {problem.status for _, problem in PROBLEMS} <= set(WHY)
    assert httpx2.get(f"{apart.url}/openapi.json").json() == json.loads(json.dumps(describe()))


@pytest.mark.parametrize(
    "operation", [each.ok() for each in SCHEMA.get_all_operations()], ids=lambda each: each.label
)
def test_the_service_is_as_it_is_described(apart: Process, operation: schemathesis.APIOperation) -> None:
    @FEW
    @given(case=operation.as_strategy())
    def call(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=apart.url, checks=CHECKS)

    call()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["prompt", "model", "size", "quality", "style", "count", "n", "stream"])
bodies = st.binary(max_size=300) | st.dictionaries(fields, json_values, max_size=5).map(
    lambda body: json.dumps(body).encode()
)


@pytest.mark.parametrize("path", ["/generate", "/v1/images/generations"])
def test_no_body_makes_it_fail(apart: Process, path: str) -> None:
    errors = Draft202012Validator(
        {"$ref": f"#/components/schemas/{'OpenAIError' if 'v1' in path else 'Error'}", **describe()}
    )

    @settings(FEW, max_examples=150)
    @given(body=bodies)
    def send(body: bytes) -> None:
        answer = client.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 400:
            errors.validate(answer.json())

    with httpx2.Client(base_url=apart.url, timeout=60) as client:
        send()


pieces = st.sampled_from(
    [
        b"--x7", b"--x7--", b"\r\n", b"\r\n\r\n", b"Content-Disposition: form-data; ", b'name="prompt"', b'name="image"',
        b'name="mask"', b'; filename="a.png"', b"A kite", b"Content-Type: image/png", b"charset", b'name="n"', b"2", picture(),
        MASK, b'name=""', b"\xff\xfe", b"\x00", b";" * 40, b"Content-Transfer-Encoding: base64", b'name*=UTF-8\'\'image',
    ]
)  # fmt: skip


def test_no_form_makes_it_fail(apart: Process) -> None:
    errors = Draft202012Validator({"$ref": "#/components/schemas/OpenAIError", **describe()})
    kinds = st.sampled_from(
        [b"multipart/form-data; boundary=x7", b"multipart/form-data", b"multipart/form-data; boundary=\xff"]
    )

    @settings(FEW, max_examples=150)
    @given(parts=st.lists(pieces | st.binary(max_size=20), max_size=14), kind=kinds, closed=st.booleans())
    def send(parts: list[bytes], kind: bytes, closed: bool) -> None:
        body = b"--x7\r\n" + b"".join(parts) + (b"\r\n--x7--\r\n" if closed else b"")
        answer = client.post("/v1/images/edits", content=body, headers={b"content-type": kind})
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 400:
            errors.validate(answer.json())

    with httpx2.Client(base_url=apart.url, timeout=60) as client:
        send()
