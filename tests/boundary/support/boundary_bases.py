"""Classes that `uniffi.toml` makes bases of generated ones."""

from __future__ import annotations


class LeafletMethods:
    """For a record."""

    __slots__ = ()

    text: str
    pages: int

    def shout(self) -> str:
        """Return the text, loudly."""
        return self.text.upper() * self.pages


class ObjectMethods:
    """For an object."""

    __slots__ = ()

    def name(self) -> str:
        """Return what the object's own method hides."""
        return "hidden"

    def twice(self) -> str:
        """Return the name, twice."""
        return self.name() * 2


class ErrorMethods:
    """For an error."""

    def advice(self) -> str:
        """Return what to do."""
        return f"mind the {type(self).__name__}"
