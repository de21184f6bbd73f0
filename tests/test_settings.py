"""Settings: where a value may come from, what goes before what, and that no value is ever repeated."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from avatar_core.errors import SettingsBroken
from avatar_core.settings import DEFAULT_MODEL, OPENAI_URL, Settings, load_settings

SECRET = "sk-secret-0123456789"


def test_without_any_configuration_the_demo_model_draws_and_nothing_is_missing() -> None:
    settings = load_settings()
    assert settings.default_model == "demo"
    assert settings.openai_base_url == OPENAI_URL
    assert not settings.key_configured
    assert settings.key() == ""


def test_with_a_key_the_default_model_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    assert load_settings().default_model == DEFAULT_MODEL


def test_a_chosen_model_goes_before_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_MODEL", "gpt-image-2")
    assert load_settings().default_model == "gpt-image-2"


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_an_empty_line_of_the_env_file_counts_as_unset(name: str) -> None:
    Path(".env").write_text(f"{name}=\n")
    assert load_settings() == Settings(_env_file=None)


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("AVATAR_MODEL=gpt-image-2\nAVATAR_ATTEMPTS=2\nUNKNOWN_THING=1\n")
    monkeypatch.setenv("AVATAR_MODEL", "demo")
    settings = load_settings()
    assert (settings.avatar_model, settings.avatar_attempts) == ("demo", 2)


def test_secret_files_go_before_the_env_file_and_after_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "openai_api_key").write_text(f"{SECRET}-of-file\n")
    Path(".env").write_text(f"OPENAI_API_KEY={SECRET}-of-env-file\n")
    assert Settings(_secrets_dir=secrets).key() == f"{SECRET}-of-file"
    monkeypatch.setenv("OPENAI_API_KEY", f"{SECRET}-of-environment")
    assert Settings(_secrets_dir=secrets).key() == f"{SECRET}-of-environment"


def test_a_key_file_holds_the_key_and_the_variable_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(f"  {SECRET}\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key.txt"))
    assert load_settings().key() == SECRET
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    assert load_settings().key() == "sk-other"


def test_a_blank_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "   ")
    assert not load_settings().key_configured


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_key_file_that_cannot_be_read_is_named_without_its_content(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "key.txt").write_bytes(content)
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key.txt"))
    with pytest.raises(SettingsBroken, match="OPENAI_API_KEY_FILE cannot be read"):
        load_settings().key()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", f"ftp://{SECRET}"),
        ("AVATAR_ATTEMPTS", SECRET),
        ("AVATAR_ATTEMPTS", "0"),
        ("AVATAR_TIMEOUT", "-7"),
        ("AVATAR_DAILY_BUDGET", "-77"),
        ("AVATAR_REQUESTS_PER_MINUTE", "many-many"),
    ],
)
def test_a_broken_setting_names_the_variable_and_never_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsBroken) as caught:
        load_settings()
    assert name in str(caught.value)
    assert SECRET not in str(caught.value)
    assert f" {value}" not in str(caught.value).replace("equal to 0", "")
    assert str(caught.value).endswith("start again.")


def test_a_slash_at_the_end_of_the_address_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8080/v1/")
    assert load_settings().openai_base_url == "http://localhost:8080/v1"


def test_the_budget_is_exact_money(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_DAILY_BUDGET", "0.10")
    assert load_settings().avatar_daily_budget == Decimal("0.10")


def test_the_key_is_not_in_the_settings_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    settings = load_settings()
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_settings_cannot_be_changed_in_passing() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().avatar_model = "demo"
