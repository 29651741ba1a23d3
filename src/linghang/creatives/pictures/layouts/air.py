"""Air around a scene: lights out of focus, a darker frame, bands of light beside the words."""

from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.colour import mix
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.type.setting import Box


def lights(sheet: Sheet, box: Box, size: float, *, most: float = 1.0) -> None:
    """Discs out of focus in ``box``: more and larger towards its edges, ``size`` px the usual one."""
    mood = conventions.entry("moods", sheet.spec.mood)
    count = round(float(mood.get("lights", 8)) * most * sheet.design.particles)
    stream = sheet.design.stream("lights")
    warm = mix("#FFE3A6", sheet("bright"), 0.45)
    tones = ("#FFFFFF", warm, sheet("bright"))
    discs: list[dict[str, object]] = []
    for _ in range(count):
        across = stream.betavariate(0.55, 0.55)  # most stand near the sides: the middle belongs to the hero
        radius = size * stream.uniform(0.35, 1.25) * (0.7 + 0.6 * abs(across - 0.5))
        at = [box.left + box.width * across, box.top + box.height * stream.random()]
        alpha = stream.uniform(0.05, 0.17)
        discs.append({"at": at, "radius": radius, "alpha": alpha, "colour": stream.choice(tones)})
    if discs:
        sheet.add("bokeh", discs=discs)


def frame(sheet: Sheet, at: tuple[float, float]) -> None:
    """A darker frame around the light; light grounds have none: shade would look like dirt there."""
    if sheet.design.palette.light or sheet("head_ink") != sheet("ink"):
        return
    width, height = sheet.width, sheet.height
    reach = max(((x - at[0]) ** 2 + (y - at[1]) ** 2) ** 0.5 for x in (0, width) for y in (0, height))
    dark = {"colour": sheet("shade"), "alpha": 0.50}
    sheet.add("vignette", box=[0, 0, width, height], at=list(at), radius=reach, **dark)


def bands(sheet: Sheet, box: Box, size: float) -> None:
    """Two or three slanted bands of light over the calm side of a banner, which would else be one flat colour."""
    if sheet.mend("scrim"):
        return
    stream = sheet.design.stream("bands")
    drawn = [
        {
            "x": box.left + box.width * stream.uniform(-0.1, 0.85),
            "width": size * stream.uniform(0.5, 2.2),
            "alpha": stream.uniform(0.03, 0.075),  # words stand on them
        }
        for _ in range(stream.choice((2, 3, 3)))
    ]
    colour = "#FFFFFF" if sheet.design.palette.light else sheet("bright")
    sheet.add("bands", box=box.listed(), lean=stream.choice((0.45, 0.6, -0.5)), colour=colour, bands=drawn)
