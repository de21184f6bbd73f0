"""The demo model: the ImageModel port over a local illustrator. No key, no network, no file."""

from __future__ import annotations

import io
import time
import zlib

from PIL import PngImagePlugin

from avatar_core.errors import ChoiceIllegal
from avatar_core.models.catalog import check_request
from avatar_core.models.demo.flaws import NONE, Flaws, named_flaws
from avatar_core.models.demo.reading import read_prompt
from avatar_core.models.demo.sheet import draw_sheet
from avatar_core.types import ModelFacts, Painting, PaintRequest, Size

SMALLEST = 96
LARGEST = 3840
SOFTWARE = "Synth Avatar demo model"
TRUTH = "demo-truth"  #: the PNG text that tells tests where the cells truly lie and whom they show


class DemoModel:
    """Draws the people that a prompt describes; the same prompt, size and seed give the same bytes.

    ``flaws`` are what every picture shall have wrong; a line such as ``Demo flaw: gutters`` in the prompt adds to
    them.
    """

    def __init__(self, facts: ModelFacts, flaws: Flaws = NONE) -> None:
        self._facts, self._flaws = facts, flaws

    @property
    def facts(self) -> ModelFacts:
        return self._facts

    def paint(self, request: PaintRequest) -> Painting:
        """Draw one picture from the prompt's text, the size and the seed, and from nothing else.

        Raises:
            ChoiceIllegal, PromptTooLong, InputError: the catalog's facts rule this request out, or the prompt
                asks for a flaw that does not exist.
        """
        started = time.perf_counter()
        self._check(request)
        reading = read_prompt(request.prompt)
        flaws = self._flaws | named_flaws(reading.flaws, request.seed)
        sheet = draw_sheet(reading, request.size, request.seed, flaws)
        marks = PngImagePlugin.PngInfo()
        marks.add_text("Software", SOFTWARE)
        marks.add_text(TRUTH, sheet.truth)
        file = io.BytesIO()
        # Run lengths are faster than zlib's default here, and smaller: the pictures are smooth.
        sheet.picture.save(file, "PNG", pnginfo=marks, compress_level=1, compress_type=zlib.Z_RLE)
        return Painting(
            data=file.getvalue(),
            media_type="image/png",
            size=Size(*sheet.picture.size),
            model=self._facts.id,
            seconds=time.perf_counter() - started,
            sent={"prompt": request.prompt, "size": str(request.size), "seed": request.seed},
        )

    def _check(self, request: PaintRequest) -> None:
        check_request(self._facts, request)
        edges = (request.size.width, request.size.height)
        if min(edges) < SMALLEST or max(edges) > LARGEST:
            raise ChoiceIllegal(
                f"The demo model draws from {SMALLEST} to {LARGEST} px a side, not {request.size}. "
                "Choose another size."
            )
