"""The one way in which the system says no."""

from __future__ import annotations


class Refusal(Exception):
    """A refusal in one clear Chinese sentence that names the thing and the rule.

    Every room raises this (or a subclass of it) for bad input; screens, the command line and import
    reports show ``str(refusal)`` as it is. Anything else that escapes is a fault of the program.
    """

    @property
    def sentence(self) -> str:
        return str(self)
