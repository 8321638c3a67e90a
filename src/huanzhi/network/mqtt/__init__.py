"""MQTT: observations from the topics of a broker, durable before they are acknowledged."""

from huanzhi.network.mqtt.listener import Listener
from huanzhi.network.mqtt.settings import Broker, Subscription, parse_address

__all__ = ["Broker", "Listener", "Subscription", "parse_address"]
