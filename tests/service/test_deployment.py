"""What compose.yaml and the Dockerfile promise, read from them: where the key is, who is reached, and with what rights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STACK: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = STACK["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def stages() -> dict[str, str]:
    """The instructions of each stage of the Dockerfile, by its name."""
    found = re.split(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_the_key_is_mounted_in_the_service_and_nowhere_else() -> None:
    holders = [name for name, each in CONTAINERS.items() if each.get("secrets")]
    assert holders == ["service"]
    assert STACK["secrets"] == {"openai_api_key": {"file": "./secrets/openai_api_key.txt"}}
    for name, each in CONTAINERS.items():
        for variable, value in (each.get("environment") or {}).items():
            secret = re.search("KEY|TOKEN|SECRET|PASSWORD", variable)
            assert not secret or variable.endswith("_FILE"), (name, variable, value)
        mounted = [volume.partition(":")[0] for volume in each.get("volumes", [])]
        assert not any(source.startswith((".", "/")) for source in mounted), name


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_hardened(name: str) -> None:
    each = CONTAINERS[name]
    assert each["read_only"] is True
    assert each["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in each["security_opt"]
    assert any(mount.startswith("/tmp") for mount in each["tmpfs"])
    assert each["mem_limit"]
    assert each["pids_limit"]
    assert each["restart"] == ("no" if name == "introduction" else "unless-stopped")
    assert "privileged" not in each
    assert "user" not in each  # the image's own


def test_ports_are_bound_to_this_machine_alone() -> None:
    ports = [port for each in CONTAINERS.values() for port in each.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:5000:5000", "127.0.0.1:8501:8501"]


def test_the_dashboard_has_no_way_out_and_no_key() -> None:
    dashboard = CONTAINERS["dashboard"]
    assert dashboard["networks"] == ["inside"]
    assert STACK["networks"]["inside"] == {"internal": True}
    assert dashboard["environment"]["OPENAI_BASE_URL"] == "http://service:5000/v1"
    assert CONTAINERS["introduction"]["network_mode"] == "none"


@pytest.mark.parametrize("target", ["service", "dashboard", "door"])
def test_an_image_runs_as_a_numbered_user_under_an_init_and_tells_its_health(target: str) -> None:
    stage = stages()
    text = stage["base"] + stage[target] if target != "door" else stage["door"]
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["/usr/bin/tini"', text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "pip uninstall" in text


def test_nothing_goes_into_an_image_unless_it_is_named() -> None:
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert allowed == {
        "app.py", "avatar_core", "dashboard", "image_service", "pages", "requirements.txt", ".streamlit/config.toml",
    }  # fmt: skip
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "/secrets/", "/avatar-data/"} <= set(ignored)
