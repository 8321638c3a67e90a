"""HTTP push 数据推送: observations sent to us with an API key, durable before the answer 201."""

from huanzhi.network.push.keys import ApiKey
from huanzhi.network.push.receiver import Answer, Receiver
from huanzhi.network.push.replies import Replies

__all__ = ["Answer", "ApiKey", "Receiver", "Replies"]
