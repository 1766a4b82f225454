"""A stand-in for SGLang's router; see README.md of the folder above."""
