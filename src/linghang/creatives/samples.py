"""Sample designs with the copy bank's own words: what rounds of rating and the brand kit's preview show."""

from linghang.base.errors import UsageError
from linghang.creatives.bank import Setting, default_bank, fitting, readings
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Words, conventions
from linghang.packs.model import Pack


def sample_specs(pack: Pack, mood: str, product: str, slot: str) -> tuple[DesignSpec, ...]:
    """Designs with texts of the copy bank that need no fact, so that a round shows what campaigns will show."""
    conventions.entry("moods", mood)
    conventions.entry("products", product)
    place = next((one for one in pack.slots if one.id == slot), None)
    if place is None or not place.width:
        have = ", ".join(one.id for one in pack.slots if one.width)
        raise UsageError("ratings.no_slot", slot=slot, have=have)
    frame = Frame(place.id, place.width, place.height, place.max_bytes, place.transparent)
    kit = Kit(pack.brand.short, pack.brand.short[:1], pack.brand.primary, pack.brand.accent)
    titles, subtitles, buttons = (_phrases(pack, role, product) for role in ("title", "subtitle", "button"))
    # All titles of payments say a benefit's figure; those of membership are about the same occasions.
    titles = titles or _phrases(pack, "title", "membership")
    if not titles:
        raise UsageError("ratings.no_titles", product=product)
    label = next((one.disclosures for one in pack.products if one.kind == product and one.disclosures), {})
    legal = next((text.zh for text in label.values() if text.zh and "{" not in text.zh), "")
    return tuple(
        DesignSpec(
            mood,  # type: ignore[arg-type] - checked by its entry above
            product,
            frame,
            Words(
                (title,),
                subtitles[number % len(subtitles)] if subtitles else "",
                buttons[number % len(buttons)] if buttons else "",
                legal=legal,
                brand=pack.brand.short,
            ),
            kit,
        )
        for number, title in enumerate(titles[:24])
    )


def _phrases(pack: Pack, role: str, product: str) -> list[str]:
    """Texts of a role that say no fact: whole ones of the pack and of our bank, as templates can be said."""
    setting = Setting("zh", product, "", "", "lively", (), frozenset())
    whole, parts = fitting((*pack.phrases, *default_bank()), setting)
    said = [
        one.text
        for phrase in whole
        if phrase.role == role
        for one in readings(phrase, parts, frozenset(), 3, "sample")
        if "{" not in one.text
    ]
    return list(dict.fromkeys(said))
