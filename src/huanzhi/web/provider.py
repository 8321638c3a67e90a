"""The identity provider 身份提供方 of the city, from the environment; none is needed."""

from __future__ import annotations

import os
from dataclasses import dataclass

SCOPE = "openid profile"
CLAIM = "preferred_username"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider, from the environment.

    Attributes
    ----------
    issuer : str
        ``HUANZHI_OIDC_ISSUER``; its discovery document tells the rest.
    claim : str
        ``HUANZHI_OIDC_CLAIM``: claim with the name by which people are known here.
    """

    issuer: str
    client: str
    secret: str
    scope: str = SCOPE
    claim: str = CLAIM


def configured() -> Provider | None:
    """Return the provider; None where none is configured."""
    issuer, client = (os.environ.get(f"HUANZHI_OIDC_{name}", "") for name in ("ISSUER", "CLIENT"))
    if not issuer or not client:
        return None
    return Provider(
        issuer.rstrip("/"),
        client,
        os.environ.get("HUANZHI_OIDC_SECRET", ""),
        os.environ.get("HUANZHI_OIDC_SCOPE", SCOPE),
        os.environ.get("HUANZHI_OIDC_CLAIM", CLAIM),
    )
