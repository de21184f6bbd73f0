"""The images of orders: which id stands for which picture. Each lookup is one read by an index."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from avatar_core.store.schema import avatars, blocks, grids, images, orders
from avatar_core.types import BlockState, Size, Wish

UNFINISHED = [state.value for state in BlockState if not state.finished]


@dataclass(frozen=True, slots=True)
class OrderedImage:
    """One image of an order: its id, the file that is handed out, and the picture that it was made from."""

    id: str  #: a UUID
    order: str
    token: str  #: the name of the token that ordered it
    ordinal: int  #: place in its order, from 1
    size: Size
    sha256: str  #: of the file that is handed out
    blob: str  #: the picture as it arrived
    served_by: str  #: the model that drew it
    revised_prompt: str | None
    created: datetime

    @property
    def file(self) -> str:
        """Where the file lies below the folder of images."""
        return f"{self.order}/{self.ordinal:03d}-{self.id}.png"


_COLUMNS = (*images.c, orders.c.token)
_JOINED = images.join(orders, orders.c.id == images.c.order)


class Images:
    """The images in one database."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def add(
        self,
        order: str,
        ordinal: int,
        *,
        size: Size,
        sha256: str,
        blob: str,
        served_by: str,
        revised_prompt: str | None,
    ) -> bool:
        """Enter an image of an order, once for each ordinal. Whether it is new is returned."""
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    images.insert().values(
                        id=str(uuid.uuid4()),
                        order=order,
                        ordinal=ordinal,
                        width=size.width,
                        height=size.height,
                        sha256=sha256,
                        blob=blob,
                        served_by=served_by,
                        revised_prompt=revised_prompt,
                        created=self._clock(),
                    )
                )
        except sa.exc.IntegrityError:
            return False
        return True

    def find(self, image_id: str) -> OrderedImage | None:
        """The image of an id, unless it was deleted."""
        with self._engine.connect() as connection:
            row = connection.execute(find_query(image_id)).mappings().one_or_none()
        return _image(row) if row is not None else None

    def of(self, order: str) -> list[OrderedImage]:
        """The images of an order, in their places, without those that were deleted."""
        query = (
            sa.select(*_COLUMNS)
            .select_from(_JOINED)
            .where(images.c.order == order, images.c.deleted.is_(None))
            .order_by(images.c.ordinal)
        )
        with self._engine.connect() as connection:
            return [_image(row) for row in connection.execute(query).mappings()]

    def page(
        self, limit: int, *, before: tuple[datetime, str] | None = None, token: str | None = None
    ) -> list[OrderedImage]:
        """Images, the newest first: those after a place in the list, and those of one token if it is named."""
        query = (
            sa.select(*_COLUMNS)
            .select_from(_JOINED)
            .where(images.c.deleted.is_(None))
            .order_by(images.c.created.desc(), images.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(sa.tuple_(images.c.created, images.c.id) < sa.tuple_(*_bound(before)))
        if token is not None:
            query = query.where(orders.c.token == token)
        with self._engine.connect() as connection:
            return [_image(row) for row in connection.execute(query).mappings()]

    def count(self) -> int:
        """How many images there are."""
        with self._engine.connect() as connection:
            query = sa.select(sa.func.count()).select_from(images).where(images.c.deleted.is_(None))
            return connection.execute(query).scalar_one()

    def hide(self, image: OrderedImage) -> None:
        """Begin to delete an image: it is given out no more, and the run's records keep only what it cost."""
        with self._engine.begin() as connection:
            connection.execute(images.update().where(images.c.id == image.id).values(deleted=self._clock()))
            run = sa.select(orders.c.run).where(orders.c.id == image.order).scalar_subquery()
            block = image.ordinal - 1
            connection.execute(
                grids.update()
                .where(grids.c.run == run, grids.c.block == block)
                .values(blob="", sent={}, revised_prompt=None)
            )
            connection.execute(
                blocks.update().where(blocks.c.run == run, blocks.c.block == block).values(prompt="")
            )

    def show(self, blob: str) -> bool:
        """Whether an image that is not hidden, a grid or an avatar is made of these bytes."""
        others = sa.and_(images.c.blob == blob, images.c.deleted.is_(None))
        uses = [sa.exists().where(table.c.blob == blob).select() for table in (grids, avatars)]
        with self._engine.connect() as connection:
            return any(
                connection.execute(use).scalar() for use in (sa.exists().where(others).select(), *uses)
            )

    def forget(self, image: OrderedImage) -> None:
        """End deleting an image: its row goes, and with the last of an order its words and what it was made from."""
        own = orders.c.id == image.order
        left = sa.select(images.c.id).where(images.c.order == image.order)
        to_come = sa.select(blocks.c.block).where(
            blocks.c.run == sa.select(orders.c.run).where(own).scalar_subquery(),
            blocks.c.block != image.ordinal - 1,
            blocks.c.state.in_(UNFINISHED),
        )
        with self._engine.begin() as connection:
            connection.execute(images.delete().where(images.c.id == image.id))
            if not any(connection.execute(query.limit(1)).first() for query in (left, to_come)):
                known = connection.execute(sa.select(orders.c.wish).where(own)).scalar_one()
                wish = Wish.from_dict(known)
                change = replace(wish.change, picture="", mask="") if wish.change else None
                blank = replace(wish, prompt="", sent="", change=change).as_dict()
                connection.execute(orders.update().where(own).values(wish=blank))

    def hidden(self) -> list[OrderedImage]:
        """Images whose deletion was begun and not ended."""
        query = sa.select(*_COLUMNS).select_from(_JOINED).where(images.c.deleted.is_not(None))
        with self._engine.connect() as connection:
            return [_image(row) for row in connection.execute(query).mappings()]


def find_query(image_id: str) -> sa.Select[*tuple[Any, ...]]:
    """The one read of a lookup."""
    return (
        sa.select(*_COLUMNS).select_from(_JOINED).where(images.c.id == image_id, images.c.deleted.is_(None))
    )


def _bound(before: tuple[datetime, str]) -> tuple[sa.BindParameter[Any], sa.BindParameter[Any]]:
    moment, image_id = before
    return sa.bindparam(None, moment, images.c.created.type), sa.bindparam(None, image_id, images.c.id.type)


def _image(row: Any) -> OrderedImage:
    return OrderedImage(
        id=row["id"],
        order=row["order"],
        token=row["token"],
        ordinal=row["ordinal"],
        size=Size(row["width"], row["height"]),
        sha256=row["sha256"],
        blob=row["blob"],
        served_by=row["served_by"],
        revised_prompt=row["revised_prompt"],
        created=row["created"],
    )
