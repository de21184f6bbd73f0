"""Changes within limits: models that cannot, budgets that count the picture that is sent, and what failed is not kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx2
import pytest

from avatar_core import cost
from avatar_core.changing import Sources
from avatar_core.models.catalog import open_catalog
from avatar_core.types import Size
from image_service.tokens import Token, Tokens, hash_of, make_secret
from tests.contract_server import Fault, ImageServer
from tests.service.conftest import Serve
from tests.service.pictures import SIZE, files, picture
from tests.service.served import Served

FIELDS = {"prompt": "Another face", "model": "gpt-image-2.5-flare", "quality": "low"}


def change(service: Served, secret: str = "", **fields: str) -> httpx2.Response:
    headers = {"authorization": f"Bearer {secret}"} if secret else None
    data = {**FIELDS, **fields}
    return service.client.post("/v1/images/edits", data=data, files=files(), headers=headers)


def blobs(service: Served) -> list[Path]:
    return [file for file in (service.settings.avatar_data_dir / "blobs").rglob("*") if file.is_file()]


def prices() -> tuple[float, float]:
    """What the order costs by its estimate, without and with the picture that is sent."""
    facts = open_catalog().find(FIELDS["model"])
    length = len(FIELDS["prompt"])
    drawn = cost.estimate(facts, SIZE, "low", length).usd
    changed = cost.estimate(facts, SIZE, "low", length, changed=SIZE).usd
    assert drawn is not None
    assert changed is not None
    assert changed > drawn * 1.3
    return drawn, changed


@pytest.mark.parametrize("model", ["demo", "compatible:flux.1-schnell", "ollama:x"])
def test_a_model_that_cannot_change_pictures_says_so_and_keeps_nothing(
    serve: Serve, image_server: ImageServer, model: str
) -> None:
    service = serve(avatar_model=model)
    for asked in ("dall-e-3", model):
        asking = {"prompt": "Another face", "model": asked}
        answer = service.client.post("/v1/images/edits", data=asking, files=files())
        error = answer.json()["error"]
        assert (answer.status_code, error["param"]) == (400, "model")
        assert "cannot change pictures" in error["message"]
        assert "Choose another model" in error["message"]
    assert not blobs(service)
    assert not image_server.requests


def test_the_budget_of_a_day_counts_the_picture_that_is_sent(serve: Serve, image_server: ImageServer) -> None:
    drawn, changed = prices()
    service = serve(avatar_daily_budget=(drawn + changed) / 2)
    answer = change(service)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "insufficient_quota")
    assert not image_server.requests
    drawing = {**FIELDS, "size": str(SIZE)}
    assert service.client.post("/v1/images/generations", json=drawing).status_code == 200


def test_the_budget_of_a_token_counts_the_picture_that_is_sent(
    serve: Serve, image_server: ImageServer, tmp_path: Path
) -> None:
    drawn, changed = prices()
    tokens = Tokens(tmp_path / "data" / "service-tokens.json")
    poor, well, reader = make_secret(), make_secret(), make_secret()
    tokens.create(Token("poor", hash_of(poor), usd_per_day=(drawn + changed) / 2))
    tokens.create(Token("well", hash_of(well), per_minute=1))
    tokens.create(Token("reader", hash_of(reader), scopes=("read",)))
    service = serve()
    assert change(service).status_code == 401
    assert change(service, reader).status_code == 403
    assert change(service, poor).status_code == 429
    assert not blobs(service)
    assert change(service, well).status_code == 200
    held = len(blobs(service))
    refused = change(service, well)
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert len(blobs(service)) == held
    assert len(image_server.edits) == 1


def test_a_request_that_may_be_billed_is_reserved_with_the_picture_that_was_sent(
    serve: Serve, image_server: ImageServer
) -> None:
    service = serve()
    image_server.script(Fault.cut_before())
    assert change(service).status_code == 504
    studio = service.pictures._studio
    assert studio.spending().reserved == pytest.approx(prices()[1])


def test_an_order_that_failed_for_good_keeps_no_picture_after_the_next_start(
    serve: Serve, image_server: ImageServer
) -> None:
    service = serve()
    image_server.script(Fault.moderated())
    assert change(service).status_code == 400
    assert len(blobs(service)) == 2
    service.stop()
    again = serve()
    assert not blobs(again)
    assert not again.pictures._studio.store.catalog.orders.fruitless()


def test_an_order_under_a_key_that_failed_is_taken_up_again_after_a_restart(
    serve: Serve, image_server: ImageServer
) -> None:
    form = {"data": FIELDS, "files": files(), "headers": {"idempotency-key": "after-a-restart"}}
    service = serve()
    image_server.script(Fault.bad_key("sk-x"))
    assert service.client.post("/v1/images/edits", **form).status_code == 500
    service.stop()
    again = serve()
    assert len(blobs(again)) == 2
    assert again.client.post("/v1/images/edits", **form).status_code == 200
    assert len(image_server.edits) == 2


@pytest.mark.parametrize("url", ["", "postgresql"])
def test_what_is_still_needed_is_known_on_both_databases(
    serve: Serve, image_server: ImageServer, request: pytest.FixtureRequest, url: str
) -> None:
    service = serve(avatar_database_url=request.getfixturevalue("postgres_url") if url else None)
    catalog = service.pictures._studio.store.catalog
    sent = hashlib.sha256(picture()).hexdigest()
    assert not catalog.orders.need(sent)
    image_server.script(Fault(), Fault.moderated())
    done, failed = change(service), change(service)
    assert (done.status_code, failed.status_code) == (200, 400)
    assert catalog.orders.need(sent)
    (fruitless,) = catalog.orders.fruitless()
    assert fruitless.id == failed.headers["x-job-id"]
    for each in service.client.get("/images").json()["images"]:
        assert service.client.delete(each["url"]).status_code == 200
    assert not catalog.orders.need(sent)
    assert not blobs(service)


def test_a_wish_with_a_change_comes_back_as_it_was_kept(serve: Serve) -> None:
    pictures = serve().pictures
    wish = pictures.wish("A kite", model="gpt-image-2", sources=Sources(picture(size=Size(1536, 1024))))
    assert type(wish).from_dict(wish.as_dict()) == wish
    assert wish.size == wish.drawn_size == Size(1536, 1024)
    small = pictures.wish("A kite", model="gpt-image-2", sources=Sources(picture(size=Size(100, 50))))
    assert small.size == Size(1024, 1024)
