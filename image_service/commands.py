"""The command line of the service: serve it, and create, list, revoke and rotate its tokens."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from avatar_core.errors import AvatarError, InputError, SettingsBroken
from avatar_core.settings import Settings, load_settings
from image_service.guard import is_loopback
from image_service.tokens import SCOPES, Token, Tokens, hash_of, make_secret

ANYONE = "yes-anyone-may-spend-my-money"


class _Spoken(click.Group):
    """Says the core's errors in their words, and leaves with the code that the product's command line has for them."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (InputError, SettingsBroken) as error:
            click.echo(error.message, err=True)
            ctx.exit(2)
        except AvatarError as error:
            click.echo(error.message, err=True)
            ctx.exit(5)


@click.group(
    cls=_Spoken,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", envvar="PORT", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port."
)
@click.pass_context
def main(ctx: click.Context, host: str, port: int) -> None:
    """Pictures over HTTP for programs, so that the key stays here. Without a command: serve."""
    if ctx.invoked_subcommand is None:
        serve(load_settings(), host if _is_address(host) else "127.0.0.1", port)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop, then finish what is running.

    Raises:
        SettingsBroken: nobody would have to show a token, on an address that others can reach.
    """
    import uvicorn

    from image_service.app import make_app, tokens_file
    from image_service.patience import Patience
    from image_service.server import Server

    check_open_door(settings, host, has_tokens=bool(Tokens(tokens_file(settings)).all()))
    config = uvicorn.Config(
        make_app(settings),
        host=host.strip("[]"),
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=Patience,
        ws="none",
        lifespan="on",
        h11_max_incomplete_event_size=32_768,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.avatar_service_drain,
    )
    server = Server(config)
    click.echo(f"Image service: http://{host}:{port}   (Ctrl+C stops it)", err=True)
    server.run()
    if not server.started:
        sys.exit(5)


def _is_address(host: str) -> bool:
    """Whether this is meant for us: some shells export a HOST that is a machine's bare name or a compiler's."""
    return host == "localhost" or "." in host or ":" in host


def check_open_door(settings: Settings, host: str, *, has_tokens: bool) -> None:
    """Raise SettingsBroken if strangers could order pictures and nobody said that they may."""
    if has_tokens or is_loopback(host) or settings.avatar_service_without_tokens == ANYONE:
        return
    raise SettingsBroken(
        f"There is no access token, and {host} can be reached by others, who could spend your money. Create one with "
        "python -m image_service tokens create NAME, or serve on HOST=127.0.0.1. "
        f"If anyone may: AVATAR_SERVICE_WITHOUT_TOKENS={ANYONE}"
    )


@main.group()
def tokens() -> None:
    """Create, list, revoke and rotate access tokens. Changes hold at once, also while the service runs."""


@tokens.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="May be given again. [generate, read, delete]",
)
@click.option("--per-minute", type=click.IntRange(1), help="Most orders in a minute.")
@click.option(
    "--usd-per-day", type=click.FloatRange(0), help="Most USD to spend from midnight to midnight, UTC."
)
@click.option("--days", type=click.IntRange(1, 3650), help="Days until it is good no more.")
def create(
    name: str, scopes: tuple[str, ...], per_minute: int | None, usd_per_day: float | None, days: int | None
) -> None:
    """Create a token and print it, this once: only its hash is kept."""
    secret = make_secret()
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    _tokens().create(
        Token(
            name,
            hash_of(secret),
            scopes or ("generate", "read", "delete"),
            per_minute,
            usd_per_day,
            expires=expires.isoformat(timespec="seconds") if expires else None,
        )
    )
    click.echo(secret)


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_tokens(*, as_json: bool) -> None:
    """List the tokens, without anything that could be shown in their place."""
    found = [{**asdict(token), "sha256": None} for token in _tokens().all()]
    for entry in found:
        del entry["sha256"]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for token in _tokens().all():
        ends = (
            f"revoked {token.revoked}" if token.revoked else f"until {token.expires}" if token.expires else ""
        )
        limits = [
            f"{token.per_minute} orders a minute" if token.per_minute is not None else "",
            f"${token.usd_per_day:g} a day" if token.usd_per_day is not None else "",
        ]
        said = [token.name, " ".join(token.scopes), *limits, f"since {token.created}", ends]
        click.echo("  ".join(each for each in said if each))


@tokens.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Let a token be good no more. What it ordered stays."""
    _tokens().revoke(name)


@tokens.command()
@click.argument("name")
def rotate(name: str) -> None:
    """Give a token a new secret and print it, this once; the old one is good no more."""
    click.echo(_tokens().rotate(name))


def _tokens() -> Tokens:
    from image_service.app import tokens_file

    os.umask(0o077)
    return Tokens(tokens_file(load_settings()))
