"""What programs ordered: one row an order, tied to the run that brings its pictures.

Whether an order is allowed is decided by whoever enters it, inside the transaction that would enter it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from avatar_core.store.images import UNFINISHED
from avatar_core.store.runs import insert_run
from avatar_core.store.schema import blocks, grids, images, orders
from avatar_core.types import Block, Recipe, Wish

BILLED = ("AnswerLost", "AnswerUnusable")
"""Codes of errors after which a provider may charge although no picture is here."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order of pictures, and the run that brings them."""

    id: str  #: a UUID; programs call it the job's
    run: str
    token: str  #: the name of the token that ordered; empty where none is needed
    key: str | None  #: the program's own, under which the same order is made once
    body: str  #: SHA-256 of what was asked for
    created: datetime
    wish: Wish
    estimate: float | None  #: USD of one picture; None if its price is not known


class Standing:
    """How much is going on just now: what a new order of a token is measured against.

    Each is summed up when it is asked for, inside the transaction that would enter the order.
    """

    def __init__(self, connection: sa.Connection, token: str, now: datetime) -> None:
        self._connection = connection
        self._token = token
        self._now = now

    def open(self) -> int:
        """Orders of everybody that are not finished."""
        query = (
            sa.select(sa.func.count(sa.distinct(orders.c.run)))
            .select_from(blocks.join(orders, orders.c.run == blocks.c.run))
            .where(blocks.c.state.in_(UNFINISHED))
        )
        return self._connection.execute(query).scalar_one()

    def within_a_minute(self) -> tuple[int, float]:
        """Orders of this token, and the seconds until the oldest of those is over a minute old."""
        minute = self._now - timedelta(seconds=60)
        query = sa.select(sa.func.count(), sa.func.min(orders.c.created)).where(
            orders.c.token == self._token, orders.c.created > minute
        )
        number, oldest = self._connection.execute(query).one()
        return number, (oldest - minute).total_seconds() if oldest else 0.0

    def usd_today(self) -> float:
        """What this token spent since midnight UTC, with what is under way."""
        today = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        expected = sa.case(
            (
                sa.or_(
                    blocks.c.state.in_(UNFINISHED), blocks.c.error.in_(BILLED), blocks.c.grid.is_not(None)
                ),
                orders.c.estimate,
            ),
            else_=0.0,
        )
        query = (
            sa.select(sa.func.sum(sa.func.coalesce(grids.c.usd, expected, 0.0)))
            .select_from(
                orders.join(blocks, blocks.c.run == orders.c.run).outerjoin(
                    grids, grids.c.id == blocks.c.grid
                )
            )
            .where(orders.c.token == self._token, orders.c.created >= today)
        )
        return self._connection.execute(query).scalar_one() or 0.0


class OrderKnown(Exception):
    """The same token has ordered under the same key before."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"ordered as {order.id}")
        self.order = order


class Orders:
    """The orders in one database."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def add(
        self,
        recipe: Recipe,
        prompted: Sequence[tuple[Block, str]],
        wish: Wish,
        *,
        title: str,
        token: str,
        key: str | None,
        body: str,
        estimate: float | None,
        allow: Callable[[Standing], None],
    ) -> Order:
        """Enter an order with its run, both or neither.

        Args:
            recipe: of the run.
            prompted: its blocks, one for each picture, with the prompt.
            wish: what was asked for.
            title: of the run.
            token: the name of who orders.
            key: under which this order is made once; None makes a new one each time.
            body: SHA-256 of what was asked for.
            estimate: USD of one picture.
            allow: raises what is to be raised if this is one order too many; nobody orders in between.

        Raises:
            OrderKnown: there is one of this token under this key.
        """
        now = self._clock()
        try:
            with self._engine.begin() as connection:
                # On SQLite the first write takes the database for this transaction; elsewhere a lock of our own does.
                run = insert_run(connection, now, recipe, prompted, title=title)
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                if key is not None and (known := self._by_key(connection, token, key)):
                    raise OrderKnown(known)
                # The clock again: whoever was before us may have ordered after we came.
                allow(Standing(connection, token, self._clock()))
                order = Order(str(uuid.uuid4()), run, token, key, body, now, wish, estimate)
                connection.execute(orders.insert().values(_values(order)))
                return order
        except sa.exc.IntegrityError:
            known = self.by_key(token, key or "")
            if known is None:
                raise
            raise OrderKnown(known) from None

    def by_key(self, token: str, key: str) -> Order | None:
        """The order of a token under a key."""
        with self._engine.connect() as connection:
            return self._by_key(connection, token, key)

    def find(self, order_id: str) -> Order | None:
        """The order of an id."""
        with self._engine.connect() as connection:
            return _order(connection.execute(orders.select().where(orders.c.id == order_id)))

    def of_run(self, run_id: str) -> Order | None:
        """The order that a run serves; None for a run of people."""
        with self._engine.connect() as connection:
            return _order(connection.execute(orders.select().where(orders.c.run == run_id)))

    def need(self, blob: str) -> bool:
        """Whether an order sends these bytes to be changed: it is still to be drawn, or an image of it is here."""
        sent = [orders.c.wish[("change", name)].as_string() == blob for name in ("picture", "mask")]
        alive = sa.or_(_to_come(), _with_images())
        with self._engine.connect() as connection:
            return bool(connection.execute(sa.exists().where(sa.or_(*sent), alive).select()).scalar())

    def fruitless(self) -> list[Order]:
        """Orders that sent pictures to be changed, are finished without an image, and will hardly be taken up again.

        That is for a day possible under a key.
        """
        sent = orders.c.wish[("change", "picture")].as_string() != ""
        settled = sa.or_(
            orders.c.idempotency_key.is_(None), orders.c.created < self._clock() - timedelta(days=1)
        )
        query = orders.select().where(sent, settled, ~_to_come(), ~_with_images())
        with self._engine.connect() as connection:
            return [_made(row) for row in connection.execute(query).mappings()]

    def forget_sent(self, order: Order) -> None:
        """Forget which pictures an order sent to be changed."""
        if order.wish.change is not None:
            blank = replace(order.wish, change=replace(order.wish.change, picture="", mask=""))
            with self._engine.begin() as connection:
                known = orders.update().where(orders.c.id == order.id)
                connection.execute(known.values(wish=blank.as_dict()))

    def _by_key(self, connection: sa.Connection, token: str, key: str) -> Order | None:
        query = orders.select().where(orders.c.token == token, orders.c.idempotency_key == key)
        return _order(connection.execute(query))


_LOCK = int.from_bytes(hashlib.sha256(b"avatar orders").digest()[:8], "big", signed=True)


def _values(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "run": order.run,
        "token": order.token,
        "idempotency_key": order.key,
        "body": order.body,
        "created": order.created,
        "wish": order.wish.as_dict(),
        "estimate": order.estimate,
    }


def _to_come() -> sa.Exists:
    return sa.exists().where(blocks.c.run == orders.c.run, blocks.c.state.in_(UNFINISHED)).correlate(orders)


def _with_images() -> sa.Exists:
    return sa.exists().where(images.c.order == orders.c.id, images.c.deleted.is_(None)).correlate(orders)


def _order(found: sa.CursorResult[Any]) -> Order | None:
    row = found.mappings().one_or_none()
    return None if row is None else _made(row)


def _made(row: Any) -> Order:
    return Order(
        id=row["id"],
        run=row["run"],
        token=row["token"],
        key=row["idempotency_key"],
        body=row["body"],
        created=row["created"],
        wish=Wish.from_dict(row["wish"]),
        estimate=row["estimate"],
    )
