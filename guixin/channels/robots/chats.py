"""How each chat wants a card, and how it answers. Limits and codes as the makers document them:

DingTalk  open.dingtalk.com "custom robot": 20 a minute, more and it is mute for 10 minutes; signed or with a keyword
WeCom     developer.work.weixin.qq.com "group robot": 20 a minute; markdown 4,096 bytes, text 2,048
Feishu    open.feishu.cn "custom bot": 100 a minute, 5 a second; signed or with a keyword; 20 KB
"""

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus

from guixin.channels.models import Robot
from guixin.channels.robots.cards import Card, within
from guixin.channels.webhooks.sending import signature

JSON = {"content-type": "application/json; charset=utf-8", "user-agent": "Guixin-Notices"}
WECOM_MARKDOWN, WECOM_TEXT, DINGTALK_TEXT, FEISHU_TEXT = 4096, 2048, 4000, 8000  # bytes
A_MOMENT = timedelta(seconds=60)
DINGTALK_MUTE = timedelta(minutes=10)


class TooFast(Exception):
    """The chat takes no more for now; `rest` is how long."""

    def __init__(self, why: str, rest: timedelta):
        super().__init__(why)
        self.rest = rest


class NotTaken(Exception):
    """The chat refused the message, and why."""


@dataclass(frozen=True)
class Call:
    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Chat:
    """`dress` makes the call; `read` raises TooFast or NotTaken for an answer that is no success."""

    dress: Callable[[Robot, Card, str], Call]
    read: Callable[[int, dict[str, Any]], None]


def dressed(robot: Robot, card: Card, message_id: str) -> Call:
    return CHATS[robot.kind].dress(robot, card, message_id)


def read(robot: Robot, status: int, answer: bytes) -> None:
    """Raises what the answer says went wrong. These chats answer 200 and say in the body that they refused."""
    if status == 429:
        raise TooFast("429 Too Many Requests", A_MOMENT)
    try:
        said = json.loads(answer or b"{}")
    except ValueError:
        said = {}
    CHATS[robot.kind].read(status, said if isinstance(said, dict) else {})


# -- text --------------------------------------------------------------------------------------------------------------


def _markdown(robot: Robot, card: Card, *, heading: str, link: bool) -> str:
    """Heading, facts or lines, the keyword if it stands nowhere, and perhaps the button as a link."""
    parts = [heading]
    parts += [f"**{name}** {value}" for name, value in card.facts]
    parts += [f"- {line}" for line in card.lines]
    if robot.keyword and robot.keyword not in "\n".join(parts):
        parts.append(robot.keyword)
    if link and card.address:
        parts.append(f"[{card.button}]({card.address})")
    return "\n\n".join(parts) if card.facts else "\n\n".join([parts[0], "\n".join(parts[1:])])


def _fitting(robot: Robot, card: Card, most: int, *, heading: str) -> str:
    """As many lines as fit; the button is the last to go."""
    lines = list(card.lines)
    while True:
        shorter = Card(**{**vars(card), "lines": lines})
        text = _markdown(robot, shorter, heading=heading, link=True)
        if len(text.encode()) <= most or not lines:
            return within(text, most)
        lines.pop()


# -- DingTalk ----------------------------------------------------------------------------------------------------------


def dingtalk_signature(secret: str, timestamp: int) -> str:
    """Of "timestamp\\nsecret" with the secret as the key; `timestamp` in milliseconds."""
    return b64encode(hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256)).decode()


def _dingtalk(robot: Robot, card: Card, message_id: str) -> Call:
    url = robot.url
    if robot.secret:
        at = round(time.time() * 1000)
        sign = quote_plus(dingtalk_signature(robot.secret, at))
        url = f"{url}{'&' if '?' in url else '?'}timestamp={at}&sign={sign}"
    heading = f"### {card.title}"
    if card.phones:  # an ActionCard calls nobody
        called = " ".join(f"@{phone}" for phone in card.phones)
        text = (
            f"{_fitting(robot, card, DINGTALK_TEXT - len(called.encode()) - 2, heading=heading)}\n\n{called}"
        )
        message: dict[str, Any] = {
            "msgtype": "markdown",
            "markdown": {"title": within(card.title, 200), "text": text},
            "at": {"atMobiles": card.phones, "isAtAll": False},
        }
    else:
        text = within(_markdown(robot, card, heading=heading, link=False), DINGTALK_TEXT)
        message = {
            "msgtype": "actionCard",
            "actionCard": {
                "title": within(card.title, 200), "text": text, "singleTitle": card.button, "singleURL": card.address,
            },
        }  # fmt: skip
    return _json(url, message)


def _read_dingtalk(status: int, said: dict[str, Any]) -> None:
    code = said.get("errcode")
    if code in (130101, 660026):
        raise TooFast(f"{code}: {said.get('errmsg', '')}", DINGTALK_MUTE)
    _must_be_zero(status, code, said.get("errmsg"))


# -- WeCom -------------------------------------------------------------------------------------------------------------


def _wecom(robot: Robot, card: Card, message_id: str) -> Call:
    if card.phones:  # only a text calls people by their phone
        lines = [card.title, *(f"{name} {value}" for name, value in card.facts), *card.lines, card.address]
        while len("\n".join(lines).encode()) > WECOM_TEXT and len(lines) > 2:
            del lines[-2]
        content = within("\n".join(lines), WECOM_TEXT)
        return _json(
            robot.url,
            {"msgtype": "text", "text": {"content": content, "mentioned_mobile_list": card.phones}},
        )
    colour = {"red": "warning", "orange": "warning", "green": "info"}.get(card.colour, "comment")
    heading = f'### <font color="{colour}">{card.title}</font>'
    content = _fitting(robot, card, WECOM_MARKDOWN, heading=heading)
    return _json(robot.url, {"msgtype": "markdown", "markdown": {"content": content}})


def _read_wecom(status: int, said: dict[str, Any]) -> None:
    code = said.get("errcode")
    if code in (45009, 45033):
        raise TooFast(f"{code}: {said.get('errmsg', '')}", A_MOMENT)
    _must_be_zero(status, code, said.get("errmsg"))


# -- Feishu ------------------------------------------------------------------------------------------------------------


def feishu_signature(secret: str, timestamp: int) -> str:
    """Of nothing, with "timestamp\\nsecret" as the key; `timestamp` in seconds."""
    return b64encode(hmac.digest(f"{timestamp}\n{secret}".encode(), b"", sha256)).decode()


def _feishu(robot: Robot, card: Card, message_id: str) -> Call:
    """The coloured header says the state; a robot of this kind knows nobody's phone."""
    heading = f"**{card.title}**"
    body = within(_markdown(robot, card, heading=heading, link=False), FEISHU_TEXT)
    elements: list[dict[str, Any]] = [{"tag": "div", "text": {"tag": "lark_md", "content": body}}]
    if card.address:
        button = {
            "tag": "button", "text": {"tag": "plain_text", "content": card.button}, "type": "primary",
            "url": card.address,
        }  # fmt: skip
        elements.append({"tag": "action", "actions": [button]})
    message: dict[str, Any] = {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "template": card.colour,
                "title": {"tag": "plain_text", "content": within(card.title, 300)},
            },
            "elements": elements,
        },
    }
    if robot.secret:
        at = round(time.time())
        message |= {"timestamp": str(at), "sign": feishu_signature(robot.secret, at)}
    return _json(robot.url, message)


def _read_feishu(status: int, said: dict[str, Any]) -> None:
    code = said.get("code", said.get("StatusCode"))
    if code in (9499, 11232):
        raise TooFast(f"{code}: {said.get('msg', '')}", A_MOMENT)
    _must_be_zero(status, code, said.get("msg"))


# -- any webhook -------------------------------------------------------------------------------------------------------


def _plain(robot: Robot, card: Card, message_id: str) -> Call:
    """The card as it is; signed like every webhook of ours (Standard Webhooks) where a secret is set."""
    call = _json(
        robot.url,
        {
            "id": message_id, "title": card.title, "colour": card.colour, "facts": dict(card.facts),
            "lines": card.lines, "address": card.address, "phones": card.phones,
        },
    )  # fmt: skip
    if not robot.secret:
        return call
    at = int(time.time())
    signed = {
        "webhook-id": message_id, "webhook-timestamp": str(at),
        "webhook-signature": signature(robot.secret.encode(), message_id, at, call.body),
    }  # fmt: skip
    return Call(call.url, call.body, call.headers | signed)


def _read_plain(status: int, said: dict[str, Any]) -> None:
    if not 200 <= status < 300:
        raise NotTaken(f"The receiver answered {status}.")


# -- shared ------------------------------------------------------------------------------------------------------------


def _json(url: str, message: dict[str, Any]) -> Call:
    return Call(url, json.dumps(message, ensure_ascii=False).encode(), dict(JSON))


def _must_be_zero(status: int, code: Any, words: Any) -> None:
    if not 200 <= status < 300:
        raise NotTaken(f"The chat answered {status}.")
    if code != 0:
        raise NotTaken(f"{code}: {str(words or '')[:200]}")


CHATS: dict[str, Chat] = {
    Robot.Kind.DINGTALK: Chat(_dingtalk, _read_dingtalk),
    Robot.Kind.WECOM: Chat(_wecom, _read_wecom),
    Robot.Kind.FEISHU: Chat(_feishu, _read_feishu),
    Robot.Kind.WEBHOOK: Chat(_plain, _read_plain),
}
