"""Pictures: finished posters and banners from a design spec, painted on the CPU, checked before anyone sees them."""

from linghang.creatives.pictures import fonts
from linghang.creatives.pictures.composing import compose, unfit
from linghang.creatives.pictures.drafts import Draft, draft, preview
from linghang.creatives.pictures.dressing import dress
from linghang.creatives.pictures.editing import edit, parameters, spec_of
from linghang.creatives.pictures.encode import thumbnail
from linghang.creatives.pictures.gates import Reader
from linghang.creatives.pictures.loops import loop
from linghang.creatives.pictures.model import Choice, Coupon, DesignSpec, Frame, Kit, Mood, Picture, Words
from linghang.creatives.pictures.painting.again import paint
from linghang.creatives.pictures.sets import compose_set, frames, warm
from linghang.creatives.pictures.version import version

__all__ = [
    "Choice",
    "Coupon",
    "DesignSpec",
    "Draft",
    "Frame",
    "Kit",
    "Mood",
    "Picture",
    "Reader",
    "Words",
    "compose",
    "compose_set",
    "draft",
    "dress",
    "edit",
    "fonts",
    "frames",
    "loop",
    "paint",
    "parameters",
    "preview",
    "spec_of",
    "thumbnail",
    "unfit",
    "version",
    "warm",
]
