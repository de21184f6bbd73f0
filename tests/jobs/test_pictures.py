"""Pictures for programs, on the engine: orders are runs without people, and no page takes them for anything else."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from avatar_core.allowance import Customer
from avatar_core.errors import AnswerLost, ImageUnknown, OrderDiffers, OrdersTooMany, OrderUnknown
from avatar_core.pictures import Pictures
from avatar_core.store import Order
from avatar_core.types import BlockState, Size
from tests.jobs.conftest import Launch
from tests.jobs.running import begin, soon
from tests.toys import ToyModel, painting

ANYBODY = Customer()


def finished(pictures: Pictures, order: Order) -> None:
    soon(lambda: pictures.progress(order).finished, 30)


def test_an_order_is_no_run_of_people(launch: Launch) -> None:
    jobs = launch(ToyModel(), avatar_model="demo")
    pictures, studio = Pictures(jobs), jobs.studio
    order = pictures.order(pictures.wish("A kite", model="dall-e-2", size="256x256", count=2), ANYBODY)
    finished(pictures, order)
    run = studio.run(order.run)
    assert (run.complete, run.personas, run.state) == (True, (), BlockState.DONE)
    assert studio.store.catalog.summaries() == []
    assert studio.store.catalog.count_runs() == 0
    begin(studio)
    assert [summary.people for summary in studio.store.catalog.summaries()] == [9]
    with zipfile.ZipFile(
        io.BytesIO(studio.export(order.run))
    ) as exported:  # whoever asks for it by its id gets it
        assert len([name for name in exported.namelist() if name.startswith("grids/")]) == 2


def test_a_picture_of_another_size_or_format_than_ordered_is_handed_out_as_ordered(launch: Launch) -> None:
    from tests.contract_server import draw_grid

    data = draw_grid(500, 300, "jpeg")
    model = ToyModel(lambda _: painting(data, media_type="image/jpeg", size=Size(500, 300)))
    jobs = launch(model, avatar_model="demo")
    pictures = Pictures(jobs)
    order = pictures.order(pictures.wish("A kite", model="dall-e-2", size="256x256"), ANYBODY)
    finished(pictures, order)
    (image,) = pictures.progress(order).images
    png = pictures.read(image)
    assert png.startswith(b"\x89PNG")
    assert jobs.studio.picture(image.blob) == data
    assert pictures.original(image, order.wish) == png


def test_threads_that_order_under_one_key_get_one_order(launch: Launch) -> None:
    model = ToyModel()
    pictures = Pictures(launch(model, avatar_model="demo"))
    wish = pictures.wish("A kite", model="dall-e-2")
    with ThreadPoolExecutor(8) as pool:
        orders = list(pool.map(lambda _: pictures.order(wish, ANYBODY, key="k"), range(16)))
    assert len({order.id for order in orders}) == 1
    finished(pictures, orders[0])
    assert len(model.asked) == 1
    with pytest.raises(OrderDiffers):
        pictures.order(replace(wish, prompt="A boat"), ANYBODY, key="k")
    assert pictures.order(wish, Customer("somebody else"), key="k").id != orders[0].id


def test_a_limit_holds_however_many_order_at_once(launch: Launch) -> None:
    pictures = Pictures(launch(ToyModel(), avatar_model="demo"))
    hasty, wish = Customer("hasty", per_minute=3), pictures.wish("A kite", model="dall-e-2")

    def order(_: int) -> float:
        try:
            pictures.order(wish, hasty)
        except OrdersTooMany as refused:
            return refused.retry_after
        return 0

    with ThreadPoolExecutor(8) as pool:
        waits = sorted(pool.map(order, range(12)))
    assert waits[:3] == [0, 0, 0]
    assert all(0 < wait <= 60 for wait in waits[3:])


def test_a_picture_that_two_orders_share_stays_until_both_are_deleted(launch: Launch) -> None:
    same = painting()
    jobs = launch(ToyModel(lambda _: same), avatar_model="demo")
    pictures = Pictures(jobs)
    images = []
    for _ in range(2):
        order = pictures.order(pictures.wish("A kite", model="dall-e-2"), ANYBODY)
        finished(pictures, order)
        images += pictures.progress(order).images
    one, other = images
    assert one.blob == other.blob
    pictures.delete(one.id, ANYBODY)
    assert jobs.studio.picture(other.blob) == same.data
    pictures.delete(other.id, ANYBODY)
    assert not list((jobs.studio.settings.avatar_data_dir / "blobs").rglob(other.blob))
    for image in images:
        with pytest.raises(ImageUnknown):
            pictures.delete(image.id, ANYBODY)
    order = pictures.find(one.order, ANYBODY)
    assert (order.wish.prompt, order.wish.sent) == ("", "")
    assert pictures.progress(order).usd == 0.0


def test_a_deletion_that_was_cut_short_is_finished_by_the_next_start(launch: Launch) -> None:
    jobs = launch(ToyModel(), avatar_model="demo")
    pictures = Pictures(jobs)
    order = pictures.order(pictures.wish("A kite", model="dall-e-2"), ANYBODY)
    finished(pictures, order)
    (image,) = pictures.progress(order).images
    jobs.studio.store.catalog.images.hide(image)  # and the process dies
    with pytest.raises(ImageUnknown):
        pictures.image(image.id, ANYBODY)
    Pictures(jobs)
    folder = jobs.studio.settings.avatar_data_dir / "images"
    assert not list(folder.rglob("*.*"))
    assert jobs.studio.store.catalog.images.hidden() == []


@pytest.mark.parametrize("outcome", ["", "AnswerLost"])
def test_an_order_that_may_have_been_billed_is_not_sent_again_whenever_its_process_died(
    launch: Launch, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    """It died with its request under way, or after that was told to be lost and before the order was."""
    model = ToyModel()
    jobs = launch(model, avatar_model="demo")
    pictures, calls = Pictures(jobs), jobs.studio.store.catalog.calls
    with monkeypatch.context() as dying:
        dying.setattr(jobs, "start", lambda *_, **__: None)
        order = pictures.order(pictures.wish("A kite", model="dall-e-2"), ANYBODY)
    call = calls.begin(order.run, 0, "host-1-deadbeef#1")
    if outcome:
        calls.end(call, outcome)
    jobs.start(order.run)
    finished(pictures, order)
    assert isinstance(pictures.progress(order).error, AnswerLost)
    assert model.asked == []
    assert [call.outcome for call in calls.of(order.run)] == ["AnswerLost"]


def test_nobody_finds_what_another_ordered(launch: Launch) -> None:
    pictures = Pictures(launch(ToyModel(), avatar_model="demo"))
    one, other = Customer("one", sees_all=False), Customer("other", sees_all=False)
    order = pictures.order(pictures.wish("A kite", model="dall-e-2"), one)
    finished(pictures, order)
    (image,) = pictures.progress(order).images
    assert pictures.image(image.id, one) == image
    assert pictures.images(other, 10) == []
    for find, key, error in (
        (pictures.image, image.id, ImageUnknown),
        (pictures.find, order.id, OrderUnknown),
    ):
        with pytest.raises(error):
            find(key, other)
