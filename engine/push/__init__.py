"""Pushing to people's own addresses: mail, and the robots of WeCom, DingTalk and Feishu, through apprise."""

from engine.push.addresses import Address, read_address
from engine.push.message import Message, Note, composed
from engine.push.sending import SendFailed, send

__all__ = ["Address", "Message", "Note", "SendFailed", "composed", "read_address", "send"]
