"""A dashboard that draws by way of our own service tells of a drawing that it is one."""

from __future__ import annotations

from pathlib import Path

from avatar_core.settings import Settings
from avatar_core.studio import open_studio
from avatar_core.types import Recipe, Size
from tests.service.conftest import Serve
from tests.toys import people


def test_a_drawing_that_came_through_the_service_is_told_to_be_one_and_costs_nothing(
    serve: Serve, tmp_path: Path
) -> None:
    served = serve(avatar_model="demo", openai_api_key=None)
    settings = Settings(
        _env_file=None,
        openai_base_url=f"{served.url}/v1",
        openai_api_key=None,
        avatar_data_dir=tmp_path / "own",
    )
    studio = open_studio(settings)
    recipe = Recipe(model="compatible:demo", size=Size(768, 768), quality="", seed=1)
    run_id = studio.begin(studio.plan(people(9), recipe))
    grid = studio.paint(run_id, 0, "somebody")
    studio.cut(run_id, 0)
    assert (grid.model, grid.cost.usd) == ("demo", 0)
    run = studio.run(run_id)
    assert len(run.avatars) == 9
    names = studio.save(run_id, tmp_path / "out")
    manifest = (tmp_path / "out" / "manifest.csv").read_text("utf-8-sig")
    assert manifest.count("DEMO drawing") == len(names) == 9
    assert b"DEMO drawing" in studio.avatar_file(run, run.avatars[0])
    studio.close()
