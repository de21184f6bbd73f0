"""What is kept: rows in a catalog, bytes by their hash.

:class:`Store` joins the two; :func:`open_store` opens both where the settings say.
"""

from __future__ import annotations

from dataclasses import dataclass

from avatar_core.settings import Settings
from avatar_core.store.arrivals import Arrivals
from avatar_core.store.blobs import Blobs
from avatar_core.store.calls import Call, CallUnderWay
from avatar_core.store.catalog import Catalog
from avatar_core.store.database import open_database
from avatar_core.store.images import OrderedImage
from avatar_core.store.orders import Order, OrderKnown, Standing
from avatar_core.store.rows import RunSummary
from avatar_core.store.states import Round

__all__ = [
    "Blobs",
    "Call",
    "CallUnderWay",
    "Catalog",
    "Order",
    "OrderKnown",
    "OrderedImage",
    "Round",
    "RunSummary",
    "Standing",
    "Store",
    "open_store",
]


@dataclass(frozen=True, slots=True)
class Store:
    """Where everything is kept."""

    catalog: Catalog
    blobs: Blobs

    @property
    def arrivals(self) -> Arrivals:
        """Pictures that have arrived and may not be in the catalog yet."""
        return Arrivals(self.blobs)

    def close(self) -> None:
        """Give the database connections back."""
        self.catalog.close()


def open_store(settings: Settings) -> Store:
    """Open database and pictures, made and brought up to date if need be.

    Raises:
        StoreUnavailable, StoreLocked, StoreFull, StoreNewer: with what to do.
    """
    blobs = Blobs(settings.storage_url)
    return Store(catalog=Catalog(open_database(settings.database_url)), blobs=blobs)
