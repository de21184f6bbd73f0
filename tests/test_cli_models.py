"""The command line before a real server that misbehaves: what failed is named, what arrived is kept, nothing is lost."""

from collections import Counter
from pathlib import Path

import pytest

from tests.command_line import call, manifest, people, write_csv
from tests.contract_server import Fault, ImageServer

DRAW = ("--model", "gpt-image-2.5-flare", "--size", "816x816", "--quality", "low")


@pytest.fixture
def server(image_server: ImageServer) -> dict[str, str]:
    """The variables that lead to the image server."""
    return {
        "OPENAI_BASE_URL": image_server.url,
        "OPENAI_API_KEY": image_server.key,
        "AVATAR_REQUESTS_PER_MINUTE": "6000",
    }


def test_the_printed_prompts_are_what_the_server_gets_byte_for_byte(
    image_server: ImageServer, server: dict[str, str]
) -> None:
    write_csv("ten.csv", people(10, occupation="artesã “de mão” {count}"))
    printed = call("prompt", "ten.csv", "--json", **server).json["prompts"]
    drawn = call("generate", "ten.csv", "--out", "faces", *DRAW, "--json", **server)
    assert drawn.code == 0, drawn.err
    sent = [request.json["prompt"] for request in image_server.generations]
    assert sorted(sent) == sorted(part["prompt"] for part in printed)
    assert [part["people"] for part in printed] == [[f"p{n:02d}" for n in range(9)], ["p09"]]
    assert all(request.json["size"] == "816x816" for request in image_server.generations)
    assert all(request.json["quality"] == "low" for request in image_server.generations)
    for part in printed:
        kept = Path(f"faces/prompts/{part['block']:03d}.txt").read_text(encoding="utf-8")
        assert kept == part["prompt"]
    assert drawn.json["usd"] > 0
    assert "about $" in drawn.err


def test_many_mishaps_in_one_run_leave_the_good_pictures_and_the_same_command_brings_the_rest(
    image_server: ImageServer, server: dict[str, str]
) -> None:
    write_csv("many.csv", people(72))
    image_server.script(
        Fault.moderated(),
        Fault.no_credit(),
        Fault.cut_before(),
        Fault.cut_within(),
        Fault.without_picture(),
        Fault.raw(200, "<html>Welcome</html>"),
    )
    first = call("generate", "many.csv", "--out", "faces", *DRAW, "--json", **server)
    assert first.code == 4, first.err
    told = first.json
    assert Counter(each["error"] for each in told["failures"]) == {
        "PromptRefused": 1,
        "NoCredit": 1,
        "AnswerLost": 2,
        "AnswerUnusable": 2,
    }
    assert told["error"] == told["failures"][0]["error"]
    assert told["message"] == told["failures"][0]["message"]
    assert len(told["saved"]) == 18
    assert {f"{id}.png" for id in told["saved"]} == {path.name for path in Path("faces").glob("*.png")}
    for failure in told["failures"]:
        ids = [f"p{n:02d}" for n in range(9 * failure["block"] - 9, 9 * failure["block"])]
        assert f"Error: picture {failure['block']} ({', '.join(ids)}): {failure['message']}" in first.err
        assert {(row["state"], row["file"]) for row in manifest("faces") if row["id"] in ids} == {
            ("failed", "")
        }
    asked = len(image_server.generations)
    assert asked == 8

    second = call("generate", "many.csv", "--out", "faces", *DRAW, "--json", **server)
    assert second.code == 0, second.err
    assert second.json["run"] == told["run"]
    assert len(second.json["saved"]) == 72
    assert len(image_server.generations) == asked + 6
    assert second.err.count("may have been billed before") == 4
    assert all(row["file"] for row in manifest("faces"))


def test_a_busy_server_is_asked_again_and_what_is_waited_for_is_said(
    image_server: ImageServer, server: dict[str, str]
) -> None:
    write_csv("one.csv", people(1))
    image_server.script(Fault.rate_limited(retry_after="1"), Fault.failed())
    said = call("generate", "one.csv", "--out", "faces", *DRAW, **server)
    assert said.code == 0, said.err
    assert "Picture 1: The server asks for fewer requests." in said.err
    assert "(try 2 of 3)" in said.err
    assert "(try 3 of 3)" in said.err
    assert len(image_server.generations) == 3


def test_a_server_that_is_not_there_ends_with_four_and_an_untouched_folder() -> None:
    write_csv("one.csv", people(1))
    nowhere = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-x", "AVATAR_ATTEMPTS": "1"}
    said = call("generate", "one.csv", "--out", "faces", *DRAW, "--json", **nowhere)
    assert (said.code, said.json["error"]) == (4, "ServerUnreachable")
    assert (said.json["saved"], said.json["unsaved"][0]["id"]) == ([], "p00")
    assert "127.0.0.1 cannot be reached" in said.err
    assert list(Path("faces").iterdir()) == []
