"""Before anything is sent: who sits where, what the prompts say, what it will cost. Pure: nothing is kept or asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from avatar_core import cost, prompts
from avatar_core.errors import FilterNeedsModel, InputError, NoPeople
from avatar_core.filters import applicable_after, find_filter, looks, plan_balanced, plan_counterbalanced
from avatar_core.grid import blocks_of
from avatar_core.models.catalog import check_choice, check_prompt
from avatar_core.prompts import Finding
from avatar_core.types import Block, Cost, FilterMode, FilterPlan, ModelFacts, Persona, Prompt, Recipe


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will send, and what that will cost; nothing is kept or sent yet."""

    recipe: Recipe
    facts: ModelFacts
    blocks: tuple[Block, ...]
    prompts: tuple[Prompt, ...]
    estimate: Cost
    findings: tuple[tuple[Finding, ...], ...] = ()  #: of each block's prompt

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings of all blocks, as sentences."""
        return tuple(str(finding) for of_block in self.findings for finding in of_block)

    @property
    def people(self) -> int:
        return sum(len(block.personas) for block in self.blocks)

    @property
    def title(self) -> str:
        """What a run of this plan is called in lists."""
        people = f"{self.people} people" if self.people != 1 else "1 person"
        return f"{people}, {self.facts.label}"

    @property
    def fingerprint(self) -> str:
        """The same for the same recipe over the same people with the same looks: a hash of all that is sent."""
        sent = [self.recipe.as_dict(), [prompt.text for prompt in self.prompts]]
        people = [[persona.id for persona in block.personas] for block in self.blocks]
        return hashlib.sha256(json.dumps([sent, people], sort_keys=True).encode()).hexdigest()


def make_plan(
    facts: ModelFacts, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None
) -> Plan:
    """Work out every prompt and the cost, and check all of it.

    Args:
        facts: of the recipe's model.
        personas: the people, in order; block and cell follow from it.
        recipe: what the user chose; an empty quality becomes the model's default.
        filters: one filter id per person; None plans a balanced set under the recipe's seed.

    Raises:
        InputError: something in it cannot be sent, with what to change.
    """
    if not personas:
        raise NoPeople()
    if not recipe.quality and facts.qualities:
        recipe = replace(recipe, quality=facts.qualities[0])
    recipe = _honest_about_looks(recipe)
    check_choice(facts, recipe.size, recipe.quality)
    blocks = seat(personas, recipe, filters)
    texts = write_prompts(blocks, recipe)
    findings = []
    for block, prompt in zip(blocks, texts, strict=True):
        check_prompt(facts, prompt.text)
        findings.append(tuple(prompts.lint(prompt.text, block, facts.prompt_limit)))
    estimates = [cost.estimate(facts, recipe.size, recipe.quality, prompt.characters) for prompt in texts]
    return Plan(
        recipe=recipe,
        facts=facts,
        blocks=tuple(blocks),
        prompts=tuple(texts),
        estimate=_sum(estimates),
        findings=tuple(findings),
    )


def _honest_about_looks(recipe: Recipe) -> Recipe:
    """The recipe without looks if its template never speaks of them: none is recorded that was not asked for."""
    spoken = recipe.filter_mode is FilterMode.PROMPT and not recipe.exact_prompt
    if spoken and not prompts.find_template(recipe.template).speaks_of_looks:
        return replace(recipe, filter_mode=FilterMode.NONE)
    return recipe


def seat(personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None) -> list[Block]:
    """Seat people in blocks of nine, each with a filter: those given, or a plan under the recipe's seed.

    Raises:
        FilterUnknown, FilterNeedsModel, InputError: the filters cannot be worn.
    """
    if filters is None or recipe.filter_mode is FilterMode.NONE:
        worn: Sequence[str] = deal(personas, recipe.filter_mode, recipe.filter_plan, recipe.seed)
    else:
        worn = [find_filter(look).id for look in filters]
    if len(worn) != len(personas):
        raise InputError(f"There are {len(personas)} people and {len(worn)} filters. Give one filter each.")
    if recipe.filter_mode is FilterMode.AFTER:
        for look in {*worn} - {*applicable_after()}:
            raise FilterNeedsModel(
                f"“{find_filter(look).label}” can only be drawn by the model. Let the prompt speak of the looks, "
                "or choose another one."
            )
    pairs = blocks_of(list(zip(personas, worn, strict=True)))
    return [
        Block(index, tuple(persona for persona, _ in pair), tuple(look for _, look in pair))
        for index, pair in enumerate(pairs)
    ]


def deal(personas: Sequence[Persona], mode: FilterMode, plan: FilterPlan, seed: int) -> tuple[str, ...]:
    """A filter for each person, counterbalanced if the plan says so and else balanced, under a seed.

    Applied after the cut, only what pixels can show is dealt.
    """
    if mode is FilterMode.NONE:
        return ("none",) * len(personas)
    choice = applicable_after() if mode is FilterMode.AFTER else None
    dealt = plan_counterbalanced if plan is FilterPlan.COUNTERBALANCED else plan_balanced
    return dealt(personas, seed, choice)


def write_prompts(blocks: Sequence[Block], recipe: Recipe) -> list[Prompt]:
    """The exact text for each block: the recipe's template filled in, or the text written by hand.

    Raises:
        TemplateUnknown, TemplateBroken, InputError: with what to change.
    """
    if recipe.exact_prompt:
        if len(blocks) > 1:
            raise InputError("A prompt written by hand holds nine people. Use a template for longer lists.")
        return [Prompt(text=recipe.exact_prompt, template="by hand")]
    template = prompts.find_template(recipe.template)
    if recipe.words:
        template = prompts.template_with_words(template, recipe.words)
    spoken = looks() if recipe.filter_mode is FilterMode.PROMPT else {}
    return [prompts.render(template, block, spoken) for block in blocks]


def _sum(costs: Sequence[Cost]) -> Cost:
    known = [each.usd for each in costs if each.usd is not None]
    total = sum(known) if len(known) == len(costs) else None
    return replace(costs[0], usd=total)
