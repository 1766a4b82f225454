"""A stand-in for SGLang with the standard library alone: see ../README.md."""

__version__ = "0.5.12+double"
