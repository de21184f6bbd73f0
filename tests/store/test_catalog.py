"""The catalog's contract, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from avatar_core.errors import CutUnknown, RunUnknown
from avatar_core.store import CallUnderWay, Catalog, schema
from avatar_core.types import BlockState, Cost, Ethnicity, Gender, Origin, Persona, Size, Usage, Verdict
from tests.store.conftest import Clock
from tests.toys import FREE, HOSTILE, NOON, a_cut, blocks, painting, people, recipe

BLOB = "a" * 64
ODD = HOSTILE + "\0 and half \ud83d"
STORED = HOSTILE + "\ufffd and half \ufffd"


def begin(catalog: Catalog, count: int = 9, **more: str) -> str:
    return catalog.add_run(recipe(), blocks(people(count)), **{"title": "a run", **more})


def test_a_run_comes_back_as_it_was_kept(catalog: Catalog) -> None:
    chosen = recipe(words="my words", seed=7, quality="high", size=Size(1536, 1024))
    sitting = people(20)
    run_id = catalog.add_run(chosen, blocks(sitting), title="twenty", session="s1", variant="B")
    run = catalog.run(run_id)
    assert (run.id, run.title, run.recipe, run.session, run.variant) == (run_id, "twenty", chosen, "s1", "B")
    assert run.personas == sitting
    assert [len(record.block.personas) for record in run.blocks] == [9, 9, 2]
    assert [record.prompt for record in run.blocks] == ["prompt 0", "prompt 1", "prompt 2"]
    assert run.created == NOON + timedelta(seconds=1)
    assert all(record.changed == run.created for record in run.blocks)
    assert run.state is BlockState.QUEUED


def test_one_block_of_a_run_is_that_block_alone(catalog: Catalog) -> None:
    run_id = begin(catalog, 20)
    (record,) = catalog.run(run_id, 1).blocks
    assert record.block == catalog.run(run_id).blocks[1].block


def test_the_recipe_of_a_run_can_be_read_alone(catalog: Catalog) -> None:
    assert catalog.recipe(begin(catalog)) == recipe()


@pytest.mark.parametrize("unknown", ["", "nope", "x" * 1000, "\0", "\ud800", "' OR 1=1 --"])
def test_an_unknown_id_is_an_unknown_run(catalog: Catalog, unknown: str) -> None:
    for ask in (catalog.run, catalog.recipe, catalog.states.rounds):
        with pytest.raises(RunUnknown):
            ask(unknown)
    assert catalog.summaries(session=unknown or "none") == []


def test_text_from_anywhere_can_be_kept_in_every_column(catalog: Catalog) -> None:
    sitter = Persona(HOSTILE, 40, Gender.PERSON, Ethnicity.ASIAN, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),))
    (block, _), chosen = blocks([sitter])[0], recipe(words=HOSTILE, template=HOSTILE)
    run_id = catalog.add_run(
        chosen, [(replace(block, filters=(HOSTILE,)), HOSTILE)], title=ODD, session="s", variant=ODD * 3
    )
    odd = painting(
        model=ODD,
        media_type=ODD,
        sent={HOSTILE: HOSTILE},
        request_id=ODD,
        revised_prompt=ODD,
        size=Size(1, 2),
    )
    grid = catalog.add_grid(run_id, 0, odd, BLOB, Cost(0.25, "usage", ODD))
    catalog.add_cut(run_id, 0, grid.id, a_cut(), {1: BLOB})
    catalog.states.move(run_id, 0, BlockState.FAILED, error=ODD, message=ODD)
    call = catalog.calls.begin(run_id, 0, ODD)
    catalog.calls.end(call, ODD, ODD, ODD)

    run = catalog.run(run_id)
    (record,) = run.blocks
    assert run.recipe == chosen
    assert record.block.personas == (sitter,)
    assert record.block.filters == (HOSTILE,)
    assert record.prompt == HOSTILE
    assert (run.title, run.variant, record.error, record.message) == (STORED, STORED * 3, STORED, STORED)
    assert record.grid is not None
    assert (record.grid.model, record.grid.revised_prompt, record.grid.cost.note) == (STORED, STORED, STORED)
    assert record.grid.sent == {HOSTILE: HOSTILE}
    assert record.cut == a_cut()
    (kept,) = catalog.calls.of(run_id)
    assert (kept.caller, kept.outcome, kept.message, kept.request_id) == (STORED,) * 4
    assert catalog.summaries()[0].title == STORED


def test_ten_thousand_people_are_one_run(catalog: Catalog) -> None:
    sitting = people(10_000)
    run_id = catalog.add_run(recipe(), blocks(sitting), title="all")
    run = catalog.run(run_id)
    assert run.personas == sitting
    assert len(catalog.states.rounds(run_id)) == 1112
    assert catalog.run(run_id, 1111).personas == sitting[-1:]
    assert [summary.people for summary in catalog.summaries()] == [10_000]


def test_summaries_are_paged_the_newest_first(catalog: Catalog) -> None:
    made = [begin(catalog, title=str(n)) for n in range(7)]
    pages = [catalog.summaries(limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [summary.id for page in pages for summary in page] == made[::-1]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert catalog.count_runs() == 7


def test_a_summary_tells_states_in_order_and_the_first_picture(catalog: Catalog) -> None:
    run_id = begin(catalog, 27)
    catalog.add_grid(run_id, 2, painting(), "c" * 64, FREE)
    catalog.add_grid(run_id, 1, painting(), "b" * 64, FREE)
    catalog.states.move(run_id, 1, BlockState.DONE)
    (summary,) = catalog.summaries()
    assert summary.states == (BlockState.QUEUED, BlockState.DONE, BlockState.QUEUED)
    assert (summary.cover, summary.people, summary.model) == ("b" * 64, 27, "demo")


def test_variants_of_a_session_stand_in_their_own_order(catalog: Catalog) -> None:
    first, second = (begin(catalog, session="one", variant=variant) for variant in "AB")
    begin(catalog, session="two", variant="A")
    assert [summary.id for summary in catalog.summaries(session="one")] == [first, second]


def test_runs_are_found_by_what_they_send(catalog: Catalog) -> None:
    begin(catalog, fingerprint="f" * 64)
    newest = begin(catalog, fingerprint="f" * 64)
    begin(catalog, fingerprint="0" * 64)
    assert catalog.summaries(limit=1, fingerprint="f" * 64)[0].id == newest


def test_a_block_moves_unless_it_stands_where_it_must_not(catalog: Catalog) -> None:
    run_id = begin(catalog)
    move = catalog.states.move
    assert move(run_id, 0, BlockState.PAINTING, unless=[BlockState.CANCELLED])
    assert move(run_id, 0, BlockState.CANCELLED, error="RunStopped", message="said")
    assert not move(run_id, 0, BlockState.DONE, unless=[BlockState.CANCELLED])
    assert not move(run_id, 9, BlockState.DONE)
    record = catalog.run(run_id).blocks[0]
    assert (record.state, record.error, record.message) == (BlockState.CANCELLED, "RunStopped", "said")


def test_a_block_that_left_a_round_no_longer_moves_in_it(catalog: Catalog) -> None:
    run_id = begin(catalog)
    catalog.states.move(run_id, 0, BlockState.FAILED)
    catalog.states.restart(run_id)
    assert not catalog.states.move(run_id, 0, BlockState.DONE, number=0)
    assert catalog.states.move(run_id, 0, BlockState.DONE, number=1)


def test_restarting_begins_a_round_for_what_failed_or_was_cancelled(catalog: Catalog) -> None:
    run_id = begin(catalog, 36)
    for block, state in enumerate(
        [BlockState.FAILED, BlockState.CANCELLED, BlockState.DONE, BlockState.PAINTING]
    ):
        catalog.states.move(run_id, block, state, error="X", message="said")
    catalog.states.restart(run_id)
    rounds = catalog.states.rounds(run_id)
    assert [each.number for each in rounds] == [1, 1, 0, 0]
    assert [each.state.value for each in rounds] == ["queued", "queued", "done", "painting"]
    assert [record.error for record in catalog.run(run_id).blocks] == ["", "", "X", "X"]


def test_a_stuck_block_restarts_only_if_it_still_stands_as_it_did(catalog: Catalog) -> None:
    run_id = begin(catalog, 18)
    stuck = catalog.states.rounds(run_id)
    catalog.states.move(run_id, 1, BlockState.DONE)
    catalog.states.restart(run_id, stuck)
    catalog.states.restart(run_id, stuck)
    assert [each.number for each in catalog.states.rounds(run_id)] == [1, 0]


def test_cancelling_stops_what_is_unfinished_and_names_it(catalog: Catalog) -> None:
    run_id = begin(catalog, 27)
    catalog.states.move(run_id, 0, BlockState.DONE)
    catalog.states.move(run_id, 1, BlockState.FAILED)
    catalog.states.restart(run_id)
    assert sorted(catalog.states.cancel(run_id, error="E", message="m")) == [(1, 1), (2, 0)]
    assert catalog.states.cancel(run_id, error="E", message="m") == []
    assert [each.state.value for each in catalog.states.rounds(run_id)] == ["done", "cancelled", "cancelled"]


def test_unfinished_runs_are_those_with_a_block_that_has_not_moved(catalog: Catalog, clock: Clock) -> None:
    done, moving, waiting = (begin(catalog) for _ in range(3))
    catalog.states.move(done, 0, BlockState.DONE)
    clock.now += timedelta(minutes=5)
    catalog.states.move(moving, 0, BlockState.PAINTING)
    assert catalog.states.unfinished_runs(clock.now - timedelta(minutes=1)) == [waiting]
    assert sorted(catalog.states.unfinished_runs(clock.now)) == sorted([waiting])
    assert sorted(catalog.states.unfinished_runs(clock() + timedelta(1))) == sorted([moving, waiting])


def test_a_grid_comes_back_with_all_that_is_known_about_it(catalog: Catalog) -> None:
    run_id = begin(catalog)
    used, before = Usage(1, 2, 3, usd=0.05), Cost(0.04, "estimate", "by the table")
    full = painting(usage=used, request_id="req_1", revised_prompt="revised", seconds=1.25)
    grid = catalog.add_grid(run_id, 0, full, BLOB, Cost(0.05, "usage", "note"), estimate=before)
    assert catalog.run(run_id).blocks[0].grid == grid
    assert (grid.blob, grid.size, grid.usage) == (BLOB, Size(96, 96), used)
    assert (grid.cost, grid.estimate) == (Cost(0.05, "usage", "note"), before)
    assert (grid.request_id, grid.revised_prompt, grid.seconds) == ("req_1", "revised", 1.25)
    bare = catalog.add_grid(run_id, 0, painting(), BLOB, Cost(None, "unknown"))
    assert (bare.usage, bare.request_id, bare.cost.usd) == (None, None, None)


def test_a_new_grid_takes_the_place_of_the_old_one_and_of_its_cut(catalog: Catalog) -> None:
    run_id = begin(catalog)
    old = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    catalog.add_cut(run_id, 0, old.id, a_cut(), dict.fromkeys(range(1, 10), BLOB))
    new = catalog.add_grid(run_id, 0, painting(), "b" * 64, FREE)
    catalog.add_cut(run_id, 0, old.id, a_cut(), {1: BLOB})  # too late: it cut a picture that is replaced
    record = catalog.run(run_id).blocks[0]
    assert record.grid == new
    assert (record.cut, record.avatars) == (None, ())


def test_avatars_belong_to_the_personas_of_their_cells(catalog: Catalog) -> None:
    run_id = begin(catalog, 7)
    grid = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    catalog.add_cut(run_id, 0, grid.id, a_cut(), {cell: f"{cell:064}" for cell in (7, 3, 1, 2, 4, 5, 6)})
    avatars = catalog.run(run_id).avatars
    assert [(each.persona.id, each.cell, int(each.blob)) for each in avatars] == [
        (f"p{cell}", cell, cell) for cell in range(1, 8)
    ]


def test_the_latest_cut_counts_and_earlier_ones_stay(catalog: Catalog) -> None:
    run_id = begin(catalog)
    grid = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    for blob in ("b" * 64, "c" * 64):
        catalog.add_cut(run_id, 0, grid.id, a_cut(), {1: blob})
    assert [avatar.blob for avatar in catalog.run(run_id).avatars] == ["c" * 64]
    with catalog._engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.cuts)).scalar_one() == 2


def test_a_block_has_one_call_under_way(catalog: Catalog) -> None:
    run_id = begin(catalog, 18)
    first = catalog.calls.begin(run_id, 0, "me")
    catalog.calls.begin(run_id, 1, "me")
    with pytest.raises(CallUnderWay) as busy:
        catalog.calls.begin(run_id, 0, "you")
    assert (busy.value.call.id, busy.value.call.caller, busy.value.call.ended) == (first, "me", None)
    catalog.calls.end(first, "painted", request_id="req")
    catalog.calls.end(first, "too late")
    catalog.calls.begin(run_id, 0, "you")
    assert [call.outcome for call in catalog.calls.of(run_id, 0)] == ["painted", ""]


def test_of_many_threads_one_gets_the_call(catalog: Catalog) -> None:
    run_id = begin(catalog)
    barrier, won, lost = threading.Barrier(6), [], []

    def call() -> None:
        barrier.wait()
        try:
            won.append(catalog.calls.begin(run_id, 0, "me"))
        except CallUnderWay as busy:
            lost.append(busy.call.id)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == won * 5


def test_a_call_for_a_run_that_is_gone_says_so(catalog: Catalog) -> None:
    with pytest.raises(RunUnknown):
        catalog.calls.begin("gone", 0, "me")


def test_attempts_count_requests_and_not_pictures_that_were_here(catalog: Catalog) -> None:
    run_id = begin(catalog)
    for outcome in ("ServerFailed", "spared", "painted"):
        catalog.calls.end(catalog.calls.begin(run_id, 0, "me"), outcome)
    assert catalog.run(run_id).blocks[0].attempts == 2


def test_a_removed_run_takes_all_that_is_its_own_with_it(catalog: Catalog) -> None:
    kept, removed = begin(catalog), begin(catalog)
    for run_id in (kept, removed):
        grid = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
        catalog.add_cut(run_id, 0, grid.id, a_cut(), {1: BLOB})
        catalog.calls.begin(run_id, 0, "me")
        order = {"id": run_id, "run": run_id, "token": "", "body": "", "created": NOON, "wish": {}}
        image = {"id": run_id, "order": run_id, "ordinal": 1, "width": 1, "height": 1, "created": NOON}
        with catalog._engine.begin() as connection:
            connection.execute(schema.orders.insert().values(order))
            connection.execute(
                schema.images.insert().values({**image, "sha256": BLOB, "blob": BLOB, "served_by": "demo"})
            )
    with catalog._engine.begin() as connection:
        connection.execute(schema.runs.delete().where(schema.runs.c.id == removed))
    with catalog._engine.connect() as connection:
        for table in schema.metadata.sorted_tables:
            left = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            assert left == (9 if table.name == "seats" else 1), table.name


def test_a_run_is_kept_whole_or_not_at_all(catalog: Catalog) -> None:
    twice = blocks(people(9)) * 2
    with pytest.raises(sa.exc.IntegrityError):
        catalog.add_run(recipe(), twice, title="broken")
    assert catalog.count_runs() == 0


def test_threads_write_at_once_and_nothing_is_lost(catalog: Catalog) -> None:
    run_id = begin(catalog, 9 * 8)

    def work(block: int) -> None:
        call = catalog.calls.begin(run_id, block, "me")
        grid = catalog.add_grid(run_id, block, painting(), BLOB, FREE)
        catalog.calls.end(call, "painted")
        catalog.add_cut(run_id, block, grid.id, a_cut(), dict.fromkeys(range(1, 10), BLOB))
        catalog.states.move(run_id, block, BlockState.DONE)

    threads = [threading.Thread(target=work, args=(block,)) for block in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run = catalog.run(run_id)
    assert run.state is BlockState.DONE
    assert len(run.avatars) == 72


def test_a_grid_ends_the_call_that_brought_it(catalog: Catalog) -> None:
    run_id = begin(catalog, 18)
    for block in (0, 1):
        catalog.calls.begin(run_id, block, "me")
    catalog.add_grid(run_id, 0, painting(request_id="req_1"), BLOB, FREE)
    ended, still_open = catalog.calls.of(run_id)
    assert (ended.outcome, ended.request_id, ended.ended is not None) == ("painted", "req_1", True)
    assert still_open.ended is None


def test_the_history_of_cuts_is_kept_and_an_earlier_one_can_be_used_again(catalog: Catalog) -> None:
    run_id = begin(catalog)
    grid = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    first = a_cut()
    second = replace(
        first, origin=Origin.BY_HAND, confidence=1.0, verdict=Verdict.ACCEPTED, findings=((5, HOSTILE),)
    )
    catalog.add_cut(run_id, 0, grid.id, first, {1: "b" * 64})
    catalog.add_cut(run_id, 0, grid.id, second, {1: "c" * 64, 2: "d" * 64})
    newest, oldest = catalog.cuts(run_id, 0)
    assert (newest.cut, newest.in_use, oldest.cut, oldest.in_use) == (second, True, first, False)
    assert newest.made > oldest.made
    catalog.use_cut(run_id, 0, oldest.id)
    record = catalog.run(run_id).blocks[0]
    assert record.cut == first
    assert [(avatar.cell, avatar.blob, avatar.verdict) for avatar in record.avatars] == [
        (1, "b" * 64, Verdict.UNVERIFIED)
    ]
    assert [past.in_use for past in catalog.cuts(run_id, 0)] == [False, True]
    catalog.use_cut(run_id, 0, newest.id)
    assert [avatar.cell for avatar in catalog.run(run_id).blocks[0].avatars] == [1, 2]


def test_a_new_grid_has_a_history_of_its_own(catalog: Catalog) -> None:
    run_id = begin(catalog)
    grid = catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    catalog.add_cut(run_id, 0, grid.id, a_cut(), {})
    (old,) = catalog.cuts(run_id, 0)
    catalog.add_grid(run_id, 0, painting(), BLOB, FREE)
    assert catalog.cuts(run_id, 0) == []
    with pytest.raises(CutUnknown):
        catalog.use_cut(run_id, 0, old.id)
    assert catalog.run(run_id).blocks[0].cut is None


def test_no_cut_of_another_block_or_run_can_be_used(catalog: Catalog) -> None:
    run_id, other = begin(catalog, 12), begin(catalog)
    grids = [
        catalog.add_grid(*place, painting(), BLOB, FREE) for place in ((run_id, 0), (run_id, 1), (other, 0))
    ]
    for place, grid in zip(((run_id, 0), (run_id, 1), (other, 0)), grids, strict=True):
        catalog.add_cut(*place, grid.id, a_cut(), {})
    foreign = [catalog.cuts(run_id, 1)[0].id, catalog.cuts(other, 0)[0].id, 10**6, 0, -1]
    for cut_id in foreign:
        with pytest.raises(CutUnknown):
            catalog.use_cut(run_id, 0, cut_id)
    assert [past.in_use for past in catalog.cuts(run_id, 0)] == [True]
