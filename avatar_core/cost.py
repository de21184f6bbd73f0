"""What a picture costs: estimated before, settled from the tokens that the server counted.

The token formula is derived from reported counts; it is not published by OpenAI. It reproduces all ten
reported counts of gpt-image-2 and the 25 known price presets of 2.5. A server's own count always goes before it.
"""

from __future__ import annotations

from collections.abc import Collection

from avatar_core.types import Cost, ModelFacts, Size, Usage

#: English prose has about four characters to a token. The prompt is a few per cent of the price of a grid.
CHARACTERS_PER_TOKEN = 4

FREE = Cost(0.0, "free", "Drawn on this computer.")


#: One reported count: a picture of 1024x1024 that is sent to be changed takes about a thousand tokens.
PIXELS_PER_INPUT_TOKEN = 1024


def estimate(
    facts: ModelFacts, size: Size, quality: str, prompt_characters: int, *, changed: Size | None = None
) -> Cost:
    """What one picture will cost, before it is ordered.

    Args:
        facts: of the model.
        size: of the picture to come.
        quality: empty stands for the model's default.
        prompt_characters: the length of the prompt.
        changed: the size of the picture that is sent along, for an edit.
    """
    if facts.local:
        return FREE
    tokens = output_tokens(facts, size, quality or next(iter(facts.qualities), ""))
    if facts.prices is None or tokens is None:
        return Cost(None, "unknown", f"No price of {facts.label} is known for this size and quality.")
    text = -(-prompt_characters // CHARACTERS_PER_TOKEN)
    image = -(-changed.pixels // PIXELS_PER_INPUT_TOKEN) if changed else 0
    usd = (
        text * facts.prices.text_in + image * facts.prices.image_in + tokens * facts.prices.image_out
    ) / 1e6
    sent = f"{text:,} prompt and {image:,} picture tokens" if changed else f"{text:,} prompt tokens"
    note = (
        f"About {tokens:,} output and {sent} ({facts.token_source}); "
        f"prices of {facts.prices.as_of} from {facts.prices.source}."
    )
    return Cost(usd, "estimate", note)


def settle(facts: ModelFacts, usage: Usage | None) -> Cost:
    """What one picture cost, by what the server says that it charged, else by the tokens that it counted.

    Servers that count nothing send no usage or zeros; zeros are not "free", so both are unknown.
    """
    if facts.local:
        return FREE
    if usage is not None and usage.usd is not None:
        return Cost(usage.usd, "usage", "As charged by the server.")
    if usage is None or not usage.output:
        return Cost(None, "unknown", "The server did not say how many tokens it used.")
    if facts.prices is None:
        return Cost(None, "unknown", f"No price of {facts.label} is known.")
    usd = (
        usage.input_text * facts.prices.text_in
        + usage.input_image * facts.prices.image_in
        + usage.output * facts.prices.image_out
    ) / 1e6
    note = (
        f"{usage.output:,} output and {usage.input_text + usage.input_image:,} input tokens as counted by "
        f"the server; prices of {facts.prices.as_of} from {facts.prices.source}."
    )
    return Cost(usd, "usage", note)


def together(estimates: Collection[Cost]) -> Cost:
    """What several pictures are estimated to cost together; unknown if one of them is.

    >>> together([Cost(0.25, "estimate"), Cost(0.0, "free")])
    Cost(usd=0.25, basis='estimate', note='')
    """
    known = [each.usd for each in estimates if each.usd is not None]
    if len(known) < len(estimates):
        return Cost(None, "unknown")
    return Cost(sum(known), "estimate" if any(known) else "free")


def output_tokens(facts: ModelFacts, size: Size, quality: str) -> int | None:
    """Output tokens of one picture: a known count, else the formula, else None.

    ``ceil(G * round(G * short / long) * (2,000,000 + width * height) / 4,000,000)``, in whole numbers so that
    no rounding error turns one token into two.
    """
    known = facts.token_table.get(f"{size} {quality}")
    if known is not None:
        return known
    scale = facts.token_scale.get(quality)
    if scale is None:
        return None
    short, long = sorted((size.width, size.height))
    patches = scale * ((2 * scale * short + long) // (2 * long))
    return -(-patches * (2_000_000 + size.pixels) // 4_000_000)


def format_usd(cost: Cost) -> str:
    """An amount for people.

    >>> format_usd(Cost(0.07533, "estimate")), format_usd(Cost(0.0749, "usage")), format_usd(FREE)
    ('about $0.075', '$0.0749', 'free')
    """
    if cost.usd is None:
        return "unknown"
    if cost.basis == "free":
        return "free"
    exact = cost.basis == "usage"
    text = _dollars(cost.usd, decimals=4 if exact else 3)
    return text if exact or text.startswith("less") else f"about {text}"


def _dollars(usd: float, decimals: int) -> str:
    """Cents from a dollar on, finer below; an amount too small to show is not shown as nothing."""
    if round(usd, decimals) >= 1:
        return f"${usd:,.2f}"
    smallest = 10**-decimals
    return f"${usd:.{decimals}f}" if usd == 0 or usd >= smallest else f"less than ${smallest:.{decimals}f}"
