"""Where a broker is and what is wanted from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from huanzhi.errors import InputError
from huanzhi.network.intake.observed import Streams

PORTS: Mapping[str, int] = {"mqtt": 1883, "mqtts": 8883}
"""Scheme of an address → port that IANA gives it."""

FORMATS = ("auto", "json", "sensorthings")


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker.

    Attributes
    ----------
    client : str
        Our name there. The broker keeps what we have not acknowledged under it, so it must stay the same.
    """

    host: str
    port: int
    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    client: str = "huanzhi"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Topics, with what stands in their messages.

    Attributes
    ----------
    topic : str
        May hold ``+`` and ``#``.
    format : str
        One of :data:`FORMATS`; ``auto`` tells SensorThings by topic and fields.
    streams : Streams
        Datastreams of another service.
    simulated : bool
        Whether all of it is simulated.
    """

    topic: str
    format: str = "auto"
    streams: Streams = field(default_factory=dict)
    simulated: bool = False


def parse_address(address: str, password: str = "", client: str = "huanzhi") -> Broker:
    """Read ``mqtt://user:password@host:port`` or ``mqtts://…``; a bare host is ``mqtt://host``.

    Raises
    ------
    InputError
        If it is no such address.
    """
    parts = urlsplit(address if "://" in address else f"mqtt://{address}")
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or not port:
        raise InputError("mqtt.address", value=address, expected="mqtt://host:1883, mqtts://host:8883")
    user, written = unquote(parts.username or ""), unquote(parts.password or "")
    return Broker(parts.hostname, port, parts.scheme == "mqtts", user, password or written, client)
