"""The command line when all goes well: what it writes, what it prints, and what it does when it is asked twice."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.command_line import SMALL, call, command, environment, manifest, people, run, write_csv

PORTUGUESE = "código;nome;idade;sexo;cor;profissão;bairro\n" + "".join(
    f"{id};{name};{age};{sex};{colour};{trade};Sé\n"
    for id, name, age, sex, colour, trade in [
        ("ana1", "Ana Conceição", 34, "feminino", "parda", "enfermeira"),
        ("rui-2", "Rui", 51, "masculino", "preta", "pedreiro"),
        ("Zé_3", "Zé", 20, "masculino", "branca", "vendedor"),
        ("iara", "Iara", 77, "feminino", "indígena", "artesã"),
        ("kenji", "Kenji", 40, "masculino", "amarela", "engenheiro"),
        ("lia", "Lia", 29, "feminino", "preta", "médica; plantonista"),
        ("tom", "Tom", 62, "homem", "parda", "motorista"),
    ]
).replace("médica; plantonista", '"médica; plantonista"')

NESTED = [
    {
        "id": f"AB12C{n}",
        "nome": "Alguém",
        "descricao": "Mora em Recife e gosta de xadrez",
        "demografia": {
            "idade": 30 + n,
            "genero_biologico": "feminino" if n % 2 else "masculino",
            "raca_etnia": ["branco", "pardo", "preto", "amarelo", "indígena"][n % 5],
            "ocupacao": "professora",
            "localizacao": {"pais": "Brasil", "cidade": "Recife"},
        },
    }
    for n in range(10)
]


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return image.size, image.tobytes()


def check_folder(out: Path, ids: list[str]) -> None:
    """Hold every row of a manifest against the files beside it, and the rows against the ids in their order."""
    rows = manifest(out)
    assert [row["id"] for row in rows] == ids
    for place, row in enumerate(rows):
        assert (int(row["block"]), int(row["cell"])) == (place // 9 + 1, place % 9 + 1)
        assert (int(row["row"]), int(row["column"])) == (place % 9 // 3 + 1, place % 3 + 1)
        assert row["file"] == f"{row['id']}.png"
        grid = (out / row["grid"]).read_bytes()
        assert hashlib.sha256(grid).hexdigest() == row["grid_sha256"]
        prompt = (out / "prompts" / f"{row['block']}.txt").read_bytes()
        assert hashlib.sha256(prompt).hexdigest() == row["prompt_sha256"]
        left, top, right, bottom = map(int, row["box"].split())
        part = Image.open(io.BytesIO(grid)).convert("RGB").crop((left, top, right, bottom))
        assert pixels((out / row["file"]).read_bytes()) == (part.size, part.tobytes())


def test_every_row_of_a_portuguese_table_gets_its_own_face(tmp_path: Path) -> None:
    Path("pessoas.csv").write_text(PORTUGUESE.replace("Zé_3", "ze_3"), encoding="utf-8")
    said = run("generate", "pessoas.csv", "--out", "faces", *SMALL)
    assert said.code == 0, said.err
    check_folder(Path("faces"), ["ana1", "rui-2", "ze_3", "iara", "kenji", "lia", "tom"])
    first, *_, sixth, _ = manifest("faces")
    assert (first["name"], first["age"], first["gender"], first["ethnicity"]) == (
        *("Ana Conceição", "34", "woman", "pardo"),
    )
    assert (sixth["occupation"], sixth["bairro"]) == ("médica; plantonista", "Sé")
    assert re.fullmatch(r"7 of 7 avatars saved in faces \(run [0-9a-f]{32}\)\.\n", said.out)
    assert "“parda” is read as pardo" in said.err
    assert "7 people, Demo illustrator, 384x384: 1 picture, free." in said.err
    assert "\x1b" not in said.out + said.err


def test_the_nested_records_of_older_tools_make_two_pictures_and_only_facts_go_out() -> None:
    Path("pessoas.json").write_text(json.dumps(NESTED, ensure_ascii=False), encoding="utf-8")
    said = call("generate", "pessoas.json", "--out", "faces", *SMALL, "--json")
    assert said.code == 0, said.err
    ids = [str(row["id"]) for row in NESTED]
    check_folder(Path("faces"), ids)
    assert said.json["saved"] == ids
    assert (said.json["unsaved"], said.json["failures"], said.json["usd"]) == ([], [], 0)
    for prompt in Path("faces/prompts").iterdir():
        assert not re.search("Recife|xadrez|Alguém|AB12C", prompt.read_text(encoding="utf-8"))


def test_the_same_command_draws_nothing_twice_and_never_replaces_what_is_not_its_own() -> None:
    write_csv("one.csv", people(1))
    asked = ("generate", "one.csv", *SMALL, "--out")
    first = call(*asked, "faces", "--json")
    assert first.code == 0, first.err
    before = Path("faces/p00.png").read_bytes()

    again = call(*asked, "faces", "--json")
    assert (again.code, again.json["run"]) == (0, first.json["run"])
    assert "drawn before" in again.err

    elsewhere = call(*asked, "elsewhere", "--json")
    assert (elsewhere.code, elsewhere.json["run"]) == (0, first.json["run"])
    assert Path("elsewhere/p00.png").read_bytes() == before

    Path("faces/p00.png").write_bytes(b"retouched")
    refused = call(*asked, "faces", "--json")
    assert (refused.code, refused.json["error"]) == (2, "InputError")
    assert "p00.png" in refused.json["message"]
    assert Path("faces/p00.png").read_bytes() == b"retouched"

    other = call(*asked, "faces", "--seed", "7")
    assert other.code == 2
    assert "faces already holds p00.png, manifest.csv, recipe.json and others" in other.err

    assert call(*asked, "faces", "--overwrite").code == 0
    assert Path("faces/p00.png").read_bytes() == before

    anew = call(*asked, "anew", "--again", "--json")
    assert anew.json["run"] != first.json["run"]
    assert pixels(Path("anew/p00.png").read_bytes()) == pixels(before)


def test_looks_that_are_given_here_change_the_avatar_and_leave_prompt_and_grid_alone() -> None:
    write_csv("six.csv", people(6))
    said = call("generate", "six.csv", "--out", "faces", *SMALL, "--filters", "after", "--json")
    assert said.code == 0, said.err
    assert said.json["saved"] == [f"p{n:02d}" for n in range(6)]
    looks = {row["filter"]: row for row in manifest("faces")}
    assert "3d" not in looks
    size, grey = pixels(Path("faces", looks["bw"]["file"]).read_bytes())
    assert size == (128, 128)
    assert grey[::3] == grey[1::3] == grey[2::3]
    assert "lack and white" not in Path("faces/prompts/001.txt").read_text(encoding="utf-8")
    assert call("generate", "six.csv", "--out", "faces", *SMALL, "--filters", "after").code == 0


def test_a_run_is_found_in_the_list_and_saved_as_a_zip() -> None:
    write_csv("two.csv", people(2))
    drawn = call("generate", "two.csv", "--out", "faces", *SMALL, "--json").json["run"]
    (listed,) = call("runs", "--json").json
    assert (listed["id"], listed["state"], listed["people"]) == (drawn, "done", 2)
    assert drawn in call("runs").out
    said = call("export", drawn, "--out", "new/faces.zip", "--json")
    assert said.json == {"run": drawn, "out": "new/faces.zip", "bytes": Path("new/faces.zip").stat().st_size}
    with zipfile.ZipFile("new/faces.zip") as archive:
        assert {"avatars/p00.png", "avatars/p01.png", "grids/001.png", "manifest.csv"} <= set(
            archive.namelist()
        )
        assert archive.read("avatars/p00.png") == Path("faces/p00.png").read_bytes()


@pytest.mark.parametrize("words", [(), ("--template", "contract"), ("--filters", "none"), ("--seed", "9")])
def test_the_prompt_is_printed_as_it_is_sent_and_nothing_is_kept(words: tuple[str, ...]) -> None:
    write_csv("ten.csv", people(10))
    texts = [part["prompt"] for part in call("prompt", "ten.csv", *words, "--json").json["prompts"]]
    assert len(texts) == 2
    assert call("prompt", "ten.csv", *words).out == "\n\n".join(texts)
    assert [entry.name for entry in Path().iterdir()] == ["ten.csv"]


def test_a_prompt_leaves_as_utf8_whatever_the_terminal_speaks() -> None:
    write_csv("one.csv", people(1, occupation="artesã"))
    said = subprocess.run(
        command("prompt", "one.csv"),
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    assert "artesã" in said.stdout.decode("utf-8")


def test_a_picture_from_anywhere_is_cut_and_put_together_again() -> None:
    picture = Image.effect_noise((101, 67), 80).convert("RGB")
    picture.save("grid.png")
    said = call("cut", "grid.png", "--rows", "2", "--columns", "4", "--out", "cells", "--json")
    assert said.code == 0, said.err
    found = said.json
    assert (found["rows"], found["columns"], found["width"], found["height"]) == (2, 4, 101, 67)
    assert found["saved"] == [f"{cell}.png" for cell in range(1, 9)]
    assert 0 <= found["confidence"] <= 1
    assert found["verdict"] in {"unverified", "accepted", "quarantined", "rejected"}
    assert len(found["boxes"]) == 8
    for name, box in zip(found["saved"], found["boxes"], strict=True):
        part = picture.crop(tuple(box))
        assert pixels((Path("cells") / name).read_bytes()) == (part.size, part.tobytes())
    assert [box[1] for box in found["boxes"]] == sorted(box[1] for box in found["boxes"])


def test_a_cut_replaces_its_own_cells_and_no_others() -> None:
    Image.effect_noise((90, 90), 80).convert("RGB").save("grid.png")
    asked = ("cut", "grid.png", "--out", "cells")
    assert call(*asked).code == call(*asked).code == 0
    Path("cells/5.png").write_bytes(b"mine")
    refused = call(*asked)
    assert (refused.code, Path("cells/5.png").read_bytes()) == (2, b"mine")
    assert "5.png" in refused.err
    assert call(*asked, "--overwrite").code == 0


def test_the_models_are_listed_with_what_they_cost() -> None:
    listed = call("models", "--json").json
    assert listed[0]["id"] == "demo"
    assert listed[0]["usd_per_grid"] == 0
    assert not {"dall-e-2", "dall-e-3", "gpt-image-1"} & {model["id"] for model in listed}
    lines = call("models").out.splitlines()
    assert [line.split()[0] for line in lines] == [model["id"] for model in listed]


def test_the_doctor_says_where_things_are() -> None:
    health = call("doctor", "--json").json
    assert health["API key"] == "not configured"
    assert str(Path("avatar-data").absolute()) in health["Database"]


@pytest.mark.parametrize(
    "name",
    ["generate", "repeat", "prompt", "people", "cut", "export", "runs", "models", "doctor", "worker"],
)
def test_every_command_explains_itself_in_full_sentences(name: str) -> None:
    said = call(name, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: ")
    assert re.search(r"^  [A-Z][^.]+\.", said.out, re.MULTILINE)
    assert name in call("--help").out


def test_help_comes_at_once_because_nothing_heavy_is_loaded() -> None:
    heavy = [
        "streamlit",
        "pandas",
        "numpy",
        "PIL",
        "dbos",
        "openai",
        "sqlalchemy",
        "pydantic",
        "fsspec",
        "rich",
    ]
    program = (
        "import sys; from avatar_core.cli import main\n"
        "try: main(['generate', '--help'])\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
