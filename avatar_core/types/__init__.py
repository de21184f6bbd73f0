"""The vocabulary of the product: read this package and you know what it is about.

Frozen values that rooms hand to each other, told in the order of the work: people, looks, sizes, recipes, models,
pictures, cuts, runs; and wishes, which programs have. No file, network, pixel or page is touched here.
"""

from avatar_core.types.cuts import Avatar, Box, Cut, Origin, PastCut, Verdict
from avatar_core.types.looks import Filter, FilterMode, FilterPlan, Tone
from avatar_core.types.models import ModelFacts, Prices, SizeRule
from avatar_core.types.people import Ethnicity, Gender, People, Persona, RowProblem
from avatar_core.types.pictures import Cost, EditRequest, Grid, Painting, PaintRequest, Usage
from avatar_core.types.recipes import Block, Prompt, Recipe
from avatar_core.types.runs import BlockRecord, BlockState, Run, overall
from avatar_core.types.sizes import Size
from avatar_core.types.wishes import Change, Wish

__all__ = [
    "Avatar",
    "Block",
    "BlockRecord",
    "BlockState",
    "Box",
    "Change",
    "Cost",
    "Cut",
    "EditRequest",
    "Ethnicity",
    "Filter",
    "FilterMode",
    "FilterPlan",
    "Gender",
    "Grid",
    "ModelFacts",
    "Origin",
    "PaintRequest",
    "Painting",
    "PastCut",
    "People",
    "Persona",
    "Prices",
    "Prompt",
    "Recipe",
    "RowProblem",
    "Run",
    "Size",
    "SizeRule",
    "Tone",
    "Usage",
    "Verdict",
    "Wish",
    "overall",
]
