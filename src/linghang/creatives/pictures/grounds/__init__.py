"""Grounds: what lies behind everything, one short shader a style, coloured and placed by the design."""
