"""Backgrounds: a simple scene for each kind of work, painted sharp here and put out of focus later."""

from __future__ import annotations

from collections.abc import Callable

from avatar_core.models.demo.scenes import calm, crafts, indoors, public
from avatar_core.models.demo.scenes.brush import Brush, Light

SCENES: dict[str, Callable[[Brush], None]] = {
    "garage": crafts.paint_garage,
    "site": crafts.paint_site,
    "kitchen": crafts.paint_kitchen,
    "field": crafts.paint_field,
    "lab": crafts.paint_lab,
    "studio": crafts.paint_studio,
    "classroom": indoors.paint_classroom,
    "screens": indoors.paint_screens,
    "charts": indoors.paint_charts,
    "hospital": indoors.paint_hospital,
    "law": indoors.paint_law,
    "office": indoors.paint_office,
    "home": indoors.paint_home,
    "shop": public.paint_shop,
    "street": public.paint_street,
    "park": public.paint_park,
    "salon": public.paint_salon,
    "cafe": public.paint_cafe,
    "stage": public.paint_stage,
    "airport": public.paint_airport,
    "station": public.paint_station,
    "soft": calm.paint_soft,
    "library": calm.paint_library,
    "nursery": calm.paint_nursery,
}

__all__ = ["SCENES", "Brush", "Light"]
