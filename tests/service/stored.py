"""A catalog that is full of what programs ordered."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from avatar_core.store import schema
from tests.toys import NOON


def enter_images(engine: sa.Engine, count: int, side: int = 1) -> list[str]:
    """Enter so many orders of one image each, square and ``side`` px wide, and return the images' ids."""
    names = [str(uuid.uuid4()) for _ in range(count)]
    texts = dict.fromkeys(("title", "session", "variant", "fingerprint"), "")
    run = {**texts, "created": NOON, "recipe": {}, "people": 0}
    order = {"token": "", "body": "", "created": NOON, "wish": {}}
    image = {**dict.fromkeys(("sha256", "blob", "served_by"), ""), "ordinal": 1, "created": NOON}
    image |= {"width": side, "height": side}
    with engine.begin() as connection:
        connection.execute(schema.runs.insert(), [{**run, "id": name[:32]} for name in names])
        connection.execute(
            schema.orders.insert(), [{**order, "id": name, "run": name[:32]} for name in names]
        )
        connection.execute(schema.images.insert(), [{**image, "id": name, "order": name} for name in names])
    return names
