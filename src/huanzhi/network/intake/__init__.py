"""Intake 接收: what the ways in share: messages read and checked, one desk that writes them."""

from huanzhi.network.intake.desk import Desk, Taken
from huanzhi.network.intake.message import Message
from huanzhi.network.intake.service import Service

__all__ = ["Desk", "Message", "Service", "Taken"]
