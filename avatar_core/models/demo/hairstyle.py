"""Which hair and beard somebody wears: chosen by texture, age and hat, drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from avatar_core.models.demo.reading import Sitter
from avatar_core.types import Gender

SHORT = {
    "straight": ("side", "quiff", "crew", "fringe", "side", "crew", "curtains"),
    "wavy": ("side", "quiff", "crew", "curls", "curtains", "side"),
    "curly": ("curls", "crew", "fade", "curls", "buzz"),
    "coily": ("fade", "afro_short", "buzz", "curls", "twists"),
}
LONG = {
    "straight": ("long", "fringe_long", "bob", "ponytail", "bun", "long"),
    "wavy": ("waves", "long", "bob", "ponytail", "bun", "waves"),
    "curly": ("curls_long", "curls_long", "curls_long", "bun", "waves"),
    "coily": ("afro", "curls_long", "braids", "bun", "afro_short"),
}
LATE = {
    "straight": ("pixie", "bob", "bun", "bob"),
    "wavy": ("pixie", "bob", "waves_short", "bun"),
    "curly": ("waves_short", "curls", "bun", "pixie"),
    "coily": ("afro_short", "curls", "bun", "afro_short"),
}
BOY = {
    "straight": ("fringe", "side", "crew", "fringe"),
    "wavy": ("fringe", "side", "curls"),
    "curly": ("curls", "curls", "fade"),
    "coily": ("afro_short", "fade", "curls"),
}
GIRL = {
    "straight": ("long", "fringe_long", "ponytail", "bob", "pigtails"),
    "wavy": ("waves", "ponytail", "bob", "pigtails"),
    "curly": ("curls_long", "puffs", "curls_long"),
    "coily": ("puffs", "braids", "afro", "puffs"),
}
TODDLER = {
    "straight": ("wisps", "fringe", "wisps"),
    "wavy": ("wisps", "curls", "fringe"),
    "curly": ("curls", "wisps"),
    "coily": ("afro_short", "curls", "puffs"),
}
BABY = {
    "straight": ("wisps",),
    "wavy": ("wisps", "wisps", "curls"),
    "curly": ("wisps", "curls"),
    "coily": ("wisps", "curls"),
}
UNDER_HAT = {
    "quiff": "crew",
    "fringe": "crew",
    "curtains": "side",
    "afro_short": "fade",
    "twists": "fade",
    "curls": "crew",
    "afro": "curls_long",
    "bun": "ponytail",
    "fringe_long": "long",
    "bald": "bald",
    "puffs": "braids",
}
CURLY_STYLES = ("curls", "curls_long", "afro", "afro_short", "fade", "twists", "puffs", "braids")
EARS_HIDDEN = ("long", "waves", "fringe_long", "bob", "waves_short", "curls_long")


@dataclass(frozen=True, slots=True)
class Hairstyle:
    """A style by name, with what fits it."""

    style: str
    beard: str  #: "", stubble, full, goatee or moustache
    part: float  #: where the hair is parted, in units right of the middle

    @property
    def shows_ears(self) -> bool:
        return self.style not in EARS_HIDDEN

    @property
    def takes_headband(self) -> bool:
        return self.style in ("afro", "curls_long", "bob", "long", "waves", "afro_short")


def choose_hair(sitter: Sitter, texture: str, chance: Random, *, masculine: bool, hat: str) -> Hairstyle:
    """Choose hair and beard for one person; what the line asks for goes before chance."""
    style = _masculine(sitter, texture, chance) if masculine else _feminine(sitter.age, texture, chance)
    beard = _beard(sitter.age, texture, chance) if masculine else ""
    part = chance.choice((-20.0, -15.0, 14.0, 19.0, 0.0))
    wishes = sitter.wishes
    if wishes.hair_length == "bald":
        style = "bald"
    elif wishes.hair_length == "long":
        style = {"curly": "curls_long", "coily": "braids", "wavy": "waves"}.get(texture, "long")
    elif wishes.hair_length == "short" and not masculine:
        style = "afro_short" if texture == "coily" else "pixie"
    if wishes.beard:
        beard = "" if wishes.beard == "none" else wishes.beard
    if sitter.gender is Gender.MAN and not wishes.hair_length:
        style, beard = _clearly_a_man(sitter, style, beard)
    if hat:
        style = UNDER_HAT.get(style, style)
    return Hairstyle(style, beard, part)


def _clearly_a_man(sitter: Sitter, style: str, beard: str) -> tuple[str, str]:
    """Long hair comes with a beard; a film's large eyes under parted hair read as a woman's."""
    if style not in ("long_plain", "curtains"):
        return style, beard
    if sitter.filter == "3d":
        return "side", beard
    return style, beard if style == "curtains" or sitter.wishes.beard or sitter.age < 19 else beard or "full"


def _masculine(sitter: Sitter, texture: str, chance: Random) -> str:
    age = sitter.age
    if age < 2:
        return chance.choice(BABY[texture])
    if age < 4:
        return chance.choice([style for style in TODDLER[texture] if style != "puffs"])
    if age < 13:
        return chance.choice(BOY[texture])
    thinning = 0.0 if age < 40 else min(0.72, 0.16 + (age - 40) * 0.014)
    if chance.random() < thinning:
        return chance.choice(("receding", "receding", "bald") if age > 48 else ("receding",))
    if 16 <= age < 60 and chance.random() < 0.05:
        return "twists" if texture == "coily" else "long_plain"
    styles = SHORT[texture]
    return chance.choice(
        [style for style in styles if age < 50 or style not in ("twists", "curtains", "quiff")]
    )


def _feminine(age: int, texture: str, chance: Random) -> str:
    if age < 2:
        return chance.choice(BABY[texture])
    if age < 4:
        return chance.choice((*TODDLER[texture], "pigtails" if texture in ("straight", "wavy") else "puffs"))
    if age < 13:
        return chance.choice(GIRL[texture])
    if age >= 60 and chance.random() < min(0.9, 0.4 + (age - 60) * 0.03):
        return chance.choice(LATE[texture])
    if chance.random() < 0.1:
        return "pixie" if texture in ("straight", "wavy") else "afro_short"
    style = chance.choice(LONG[texture])
    return "curls" if style == "curls_long" and age >= 62 else style


def _beard(age: int, texture: str, chance: Random) -> str:
    """Straight-haired men are drawn with a beard a little less often; nobody under 19 has one."""
    if age < 19 or chance.random() > (0.42 if texture == "straight" else 0.52):
        return ""
    late = "moustache" if age > 40 else "stubble"
    return chance.choice(("stubble", "stubble", "full", "goatee", late))
