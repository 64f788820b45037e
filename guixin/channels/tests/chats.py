"""Stand-ins for the chats: a server on this machine that holds a robot to the limits its maker documents."""

import hmac
import json
import threading
import time
from base64 import b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MUTE = 600  # seconds DingTalk leaves a robot mute that was too fast


class StandIn:
    """`heard` are the messages taken; `clock` is what the chat takes for the time, for its limit of so many a minute."""

    a_minute = 20

    def __init__(self, secret: str = "", keyword: str = ""):
        self.secret, self.keyword = secret, keyword
        self.heard: list[dict] = []
        self.refused: list[dict] = []
        self.clock = 0.0
        self._at: list[float] = []
        self._mute_until = float("-inf")
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/robot/send?access_token=abcd1234"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["content-length"]))
                answer = chat.answer(json.loads(raw), parse_qs(urlsplit(self.path).query))
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_about):
                pass

        return Handler

    def answer(self, message: dict, query: dict) -> dict:
        refusal = self.too_fast() or self.check(message, query)
        if refusal:
            self.refused.append(refusal)
            return refusal
        self.heard.append(message)
        return self.taken

    taken: dict = {"errcode": 0, "errmsg": "ok"}

    def too_fast(self) -> dict | None:
        self._at = [at for at in self._at if at > self.clock - 60]
        if self.clock < self._mute_until or len(self._at) >= self.a_minute:
            return self.mute()
        self._at.append(self.clock)
        return None

    def mute(self) -> dict:
        raise NotImplementedError

    def check(self, message: dict, query: dict) -> dict | None:
        raise NotImplementedError


class DingTalk(StandIn):
    """20 a minute, then mute for ten; a signature over the time, which may be an hour off; or a keyword."""

    def mute(self):
        self._mute_until = max(self._mute_until, self.clock + MUTE)
        return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}

    def check(self, message, query):
        if self.secret:
            at = query.get("timestamp", ["0"])[0]
            due = b64encode(
                hmac.digest(self.secret.encode(), f"{at}\n{self.secret}".encode(), sha256)
            ).decode()
            if abs(int(at) / 1000 - time.time()) > 3600 or query.get("sign") != [due]:
                return {"errcode": 310000, "errmsg": "sign not match"}
        body = message[message["msgtype"]]
        if self.keyword and self.keyword not in body["text"] + body["title"]:
            return {"errcode": 310000, "errmsg": "keywords not in content"}
        if message["msgtype"] == "actionCard" and not (body["singleTitle"] and body["singleURL"]):
            return {"errcode": 400105, "errmsg": "unsupported"}
        return None


class WeCom(StandIn):
    """20 a minute; markdown of 4,096 bytes, text of 2,048."""

    def mute(self):
        return {"errcode": 45009, "errmsg": "api freq out of limit"}

    def check(self, message, query):
        kind = message["msgtype"]
        most = {"markdown": 4096, "text": 2048}[kind]
        if len(message[kind]["content"].encode()) > most:
            return {"errcode": 40058, "errmsg": f"{kind}.content exceed max length {most}"}
        return None


class Feishu(StandIn):
    """100 a minute; a signature whose key is the time and the secret."""

    a_minute = 100
    taken = {"code": 0, "msg": "success"}

    def mute(self):
        return {"code": 11232, "msg": "frequency limited"}

    def check(self, message, query):
        if self.secret:
            at = message.get("timestamp", "0")
            due = b64encode(hmac.digest(f"{at}\n{self.secret}".encode(), b"", sha256)).decode()
            if abs(int(at) - time.time()) > 3600 or message.get("sign") != due:
                return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        return None
