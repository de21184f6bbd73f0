"""Looks and words on the Studio page: plans, where looks come from, the balance table, placeholders, findings."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from avatar_core.types import FilterMode, FilterPlan
from dashboard import state
from tests.pages.app import ROOT, change, edit, generate, prompt, run_id, said, sound, visit


def choose(at: AppTest, key: str, value: str) -> AppTest:
    return sound(at.get_by_key(key).set_value(value).run())


def recorded(at: AppTest) -> tuple[FilterPlan, FilterMode, tuple[str, ...]]:
    run = state.studio().run(run_id(at))
    return run.recipe.filter_plan, run.recipe.filter_mode, run.blocks[0].block.filters


# Plans


@pytest.mark.parametrize(
    "plan", [state.BALANCED, state.COUNTERBALANCED, state.BY_HAND, state.SAME, state.WITHOUT]
)
@pytest.mark.parametrize("mode", [state.SPOKEN, state.APPLIED])
def test_a_run_records_its_plan_and_where_its_looks_come_from_and_both_come_back(
    plan: str, mode: str
) -> None:
    at = edit(visit(), occupation="cooper")
    choose(at, state.LOOK_MODE, mode)
    choose(at, state.PLAN, plan)
    words = prompt(at)
    generate(at)
    of_run, where, worn = recorded(at)
    if plan == state.WITHOUT:
        assert where is FilterMode.NONE
    else:
        assert where is (FilterMode.AFTER if mode == state.APPLIED else FilterMode.PROMPT)
        assert of_run.value == plan.lower() or (plan, of_run) == (state.SAME, FilterPlan.SAME)
    for query in ({"run": run_id(at)}, {"draft": str(at.query_params["draft"])}):
        again = visit(**query)
        assert again.get_by_key(state.PLAN).value == plan
        if plan != state.WITHOUT:
            assert again.get_by_key(state.LOOK_MODE).value == mode
        assert prompt(again) == words
        sound(again.button(key="studio.generate").click().run())
        state.jobs().cancel(run_id(again))  # who wears what is on record before anything is drawn
        assert recorded(again)[2] == worn


def test_applied_after_the_cut_only_what_pixels_can_show_is_offered_and_the_prompt_is_silent() -> None:
    at = choose(visit(), state.LOOK_MODE, state.APPLIED)
    assert "“3D movie character” needs the model" in said(at)
    assert "epia" not in prompt(at)
    choose(at, state.PLAN, state.SAME)
    assert "3D movie character" not in at.selectbox(key=state.SAME_LOOK).options
    choose(at, state.PLAN, state.BY_HAND)
    assert "3D movie character" not in set(at.session_state[state.PEOPLE][state.LOOK])


def test_a_look_that_only_the_model_draws_is_refused_after_the_cut_with_what_to_do() -> None:
    at = choose(visit(), state.PLAN, state.BY_HAND)
    edit(at, **{state.LOOK: "3D movie character"})
    choose(at, state.LOOK_MODE, state.APPLIED)
    assert "can only be drawn by the model" in said(at)
    assert at.button(key="studio.generate").disabled
    choose(at, state.LOOK_MODE, state.SPOKEN)
    assert not at.button(key="studio.generate").disabled


def test_a_template_that_never_speaks_of_looks_offers_them_after_the_cut_or_not_at_all() -> None:
    at = sound(visit().selectbox(key=state.TEMPLATE).set_value("neutral").run())
    assert "“Neutral” never speaks of looks" in said(at)
    assert at.get_by_key(state.QUIET_MODE).value == state.NOT_APPLIED
    generate(at)
    assert recorded(at)[1:] == (FilterMode.NONE, ("none",) * 9)
    choose(at, state.QUIET_MODE, state.APPLIED)
    generate(at)
    _, where, worn = recorded(at)
    assert where is FilterMode.AFTER
    assert len(set(worn)) == 5
    assert visit(run=run_id(at)).get_by_key(state.QUIET_MODE).value == state.APPLIED
    sound(at.selectbox(key=state.TEMPLATE).set_value("precise").run())
    assert at.get_by_key(state.LOOK_MODE).value == state.SPOKEN  # the other templates keep their own choice


def test_who_wears_what_can_be_read_copied_and_saved() -> None:
    at = choose(visit(), state.PLAN, state.COUNTERBALANCED)
    at.session_state["recipe.balance"] = True  # the panel is open
    sound(at.run())
    table = next(one.value for one in at.dataframe if "Factor" in one.value)
    assert {"gender", "ethnicity", "age", "all"} == set(table["Factor"])
    assert table["Total"].iloc[-1] == 9
    assert table["Imbalance"].iloc[-1] <= 1
    assert any(one.value.startswith("| Factor | Group |") for one in at.code)
    assert "Looks by group for 9 people" in said(at)


def test_choices_in_the_studio_are_still_there_in_tune_and_on_the_way_back() -> None:
    at = choose(visit(), state.PLAN, state.COUNTERBALANCED)
    choose(at, state.LOOK_MODE, state.APPLIED)
    for page in ("tune", "studio"):
        at.switch_page(str(ROOT / "pages" / f"{page}.py"))
        sound(at.run())
        assert at.get_by_key(state.PLAN).value == state.COUNTERBALANCED
        assert at.get_by_key(state.LOOK_MODE).value == state.APPLIED


def test_tune_says_where_a_template_leaves_the_looks_out() -> None:
    at = visit("tune")
    assert "nobody wears one here" not in said(at)
    sound(at.selectbox(key="tune.B.template").set_value("neutral").run())
    assert said(at).count("nobody wears one here") == 1
    choose(at, state.LOOK_MODE, state.APPLIED)
    assert "nobody wears one here" not in said(at)


# Words


def test_placeholders_stand_where_the_words_are_edited() -> None:
    at = choose(visit(), state.MODE, state.WORDS)
    for name in ("{portraits}", "{look_note}", "{cell}", "{occupation}"):
        assert f"`{name}`" in said(at)
    assert "Row {row}, column {column}: {gender}, {age}, {ethnicity}, {occupation}. {look}" in said(at)


@pytest.mark.parametrize(
    ("deleted", "sentence"),
    [
        ([8], "Cell 9 stays empty"),
        ([0, 1], "Cells 8 and 9 stay empty"),
        ([0, 1, 2], "Cells 7, 8 and 9 stay empty"),
    ],
)
def test_a_short_table_says_which_cells_stay_empty(deleted: list[int], sentence: str) -> None:
    at = change(visit(), {"edited_rows": {}, "added_rows": [], "deleted_rows": deleted})
    assert sentence in said(at)
    assert "stay empty" not in said(visit())


def test_findings_are_grouped_by_severity_and_kind_with_their_cells() -> None:
    at = choose(visit(), state.MODE, state.EXACT)
    text = at.text_area(key=state.EXACT_TEXT)
    sound(
        text.set_value(text.value + "\nRafael and Luciana, headshot and full body, signed with names.").run()
    )
    assert len(at.error) == 1
    assert "**What should stay here**" in said(at)
    assert (
        "cell 1: The name “Rafael” of person 1 stands in the prompt. *Names stay here: remove it.*"
        in said(at)
    )
    assert "cell 2: The name “Luciana”" in said(at)
    assert len(at.warning) == 1
    assert "**Contradictions**" in said(at)
    assert not at.button(key="studio.generate").disabled  # who edits by hand has the last word


def test_many_findings_of_one_kind_name_the_other_cells_only() -> None:
    at = choose(visit(), state.MODE, state.EXACT)
    sound(at.text_area(key=state.EXACT_TEXT).set_value("A 3x3 grid of nine people.").run())
    assert said(at).count("no longer has a line") == 3
    assert "and likewise cells 4, 5, 6, 7, 8, 9" in said(at)
    assert "The prompt has 9 errors" in said(at)


def test_what_is_odd_about_occupations_is_told_without_alarm() -> None:
    at = edit(visit(), occupation="desempregado")
    assert not at.error
    assert not at.warning
    assert "1 thing to know about the occupations" in [one.label for one in at.expander]
    assert "cell 1: “desempregado” has no workplace" in said(at)
