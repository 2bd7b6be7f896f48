"""Where a request comes from, under the name that the settings of signing in use."""

from __future__ import annotations

from mingzheng.portal.visitors import client_address

__all__ = ["client_address"]
