"""Access tokens: what programs show in place of the key. Kept as hashes, compared in constant time, seen once.

A file of a program's operator, and no table: who can write it decides who may spend.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from avatar_core.allowance import Customer
from avatar_core.errors import InputError, SettingsBroken

SCOPES = ("generate", "read", "delete", "admin")
"""generate: order pictures; read: get them; delete: delete them; admin: also those that others ordered."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept; the token itself is known to nobody but its holder."""

    name: str
    sha256: str
    scopes: tuple[str, ...] = ("generate", "read", "delete")
    per_minute: int | None = None
    usd_per_day: float | None = None
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    expires: str | None = None  #: ISO 8601, UTC
    revoked: str | None = None

    def alive(self, now: datetime) -> bool:
        """Whether it is still good."""
        return self.revoked is None and (self.expires is None or now < datetime.fromisoformat(self.expires))

    @property
    def customer(self) -> Customer:
        """What it stands for, as the core knows it."""
        return Customer(self.name, self.per_minute, self.usd_per_day, "admin" in self.scopes)


def make_secret() -> str:
    """A new token: 256 bits that nobody guesses, with a beginning that tells what it is."""
    return f"avs_{secrets.token_urlsafe(32)}"


def hash_of(secret: str) -> str:
    """What is kept of a token. It has no salt, because nobody can try all 256 bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Tokens:
    """The tokens in one file, read anew whenever the file changes, so that a revocation holds at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[int, int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every token, also those that are revoked or expired.

        Raises:
            SettingsBroken: the file cannot be read.
        """
        try:
            state = self.file.stat()
        except FileNotFoundError:
            self._seen, self._tokens = None, ()
            return ()
        except OSError as error:
            raise _broken(error) from None
        seen = (state.st_mtime_ns, state.st_size, state.st_ino)
        if seen != self._seen:
            self._tokens, self._seen = _read(self.file), seen
        return self._tokens

    def find(self, secret: str) -> Token | None:
        """The living token that this is, by comparing with all of them and stopping at none."""
        wanted, found = hash_of(secret), None
        for token in self.all():
            if hmac.compare_digest(token.sha256, wanted):
                found = token
        return found if found is not None and found.alive(datetime.now(UTC)) else None

    def create(self, token: Token) -> None:
        """Keep a new token.

        Raises:
            InputError: its name or scopes cannot be used.
        """
        if not _NAME.fullmatch(token.name):
            raise InputError("A token's name has letters, digits, dots, dashes and underscores, at most 64.")
        if any(each.name == token.name for each in self.all()):
            raise InputError(
                f"There is a token called {token.name} already. Choose another name or rotate it."
            )
        if not token.scopes or set(token.scopes) - set(SCOPES):
            raise InputError(f"A token's scopes are some of: {', '.join(SCOPES)}.")
        self._write((*self.all(), token))

    def revoke(self, name: str) -> None:
        """Let a token be good no more; its name stays taken, so that what it ordered stays told apart.

        Raises:
            InputError: there is none of that name.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._change(name, lambda token: replace(token, revoked=token.revoked or now))

    def rotate(self, name: str) -> str:
        """Give a token a new secret in place of the old one, and return it.

        Raises:
            InputError: there is none of that name that is good.
        """
        if any(each.name == name and each.revoked for each in self.all()):
            raise InputError(f"The token {name} is revoked. Create another one.")
        secret = make_secret()
        self._change(name, lambda token: replace(token, sha256=hash_of(secret)))
        return secret

    def _change(self, name: str, change: Any) -> None:
        tokens = self.all()
        if all(each.name != name for each in tokens):
            raise InputError(f"There is no token called {name}. List the tokens to see their names.")
        self._write(change(each) if each.name == name else each for each in tokens)

    def _write(self, tokens: Iterable[Token]) -> None:
        """Write the file, whole or not at all, for its owner alone."""
        text = json.dumps({"tokens": [asdict(token) for token in tokens]}, indent=2)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.file.parent, prefix=".tokens-")  # mode 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as out:
                    out.write(text + "\n")
                Path(temporary).replace(self.file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _broken(error) from None


def _read(file: Path) -> tuple[Token, ...]:
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["tokens"]
        return tuple(_token(entry) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _broken(error) from None


def _token(entry: dict[str, Any]) -> Token:
    token = Token(**{**entry, "scopes": tuple(entry["scopes"])})
    if not _NAME.fullmatch(token.name) or not re.fullmatch(r"[0-9a-f]{64}", token.sha256):
        raise ValueError("a token without a name or a hash")
    if token.expires is not None and datetime.fromisoformat(token.expires).tzinfo is None:
        raise ValueError("an end without a time zone")
    return token


def _broken(error: Exception) -> SettingsBroken:
    return SettingsBroken(
        f"The file of access tokens cannot be used ({type(error).__name__}). Check AVATAR_SERVICE_TOKENS_FILE."
    )
