"""Pictures: finished posters and banners from a design spec, painted on the CPU, checked before anyone sees them."""

from linghang.creatives.pictures.compose import compose
from linghang.creatives.pictures.model import Coupon, DesignSpec, Frame, Kit, Picture, Words

__all__ = ["Coupon", "DesignSpec", "Frame", "Kit", "Picture", "Words", "compose"]
