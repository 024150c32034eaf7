"""Aliyun's SMS endpoint on loopback, as the real SDK speaks to it, with its bad days.

It understands SendSms and QuerySendDetails. What it takes stands in ``log`` (and in ``file``,
flushed before any answer), so a test can count what truly went out. ``moods`` says how a request
to send is met, one after the other; a function of the request in its place decides each time.
"""

import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from django.utils import timezone

KEY = "stub-key"
# mood → is the message taken?
TAKES = {
    "good": True,
    "slow": True,
    "accept, then silence": True,
    "500 after accept": True,
    "reset after accept": True,
    "nonsense after accept": True,
    "500": False,
    "reset": False,
    "isv.MOBILE_NUMBER_ILLEGAL": False,
    "isv.BUSINESS_LIMIT_CONTROL": False,
    "isp.SYSTEM_ERROR": False,
    "Throttling.User": False,
    "SignatureDoesNotMatch": False,
}
AT_THE_GATE = {"Throttling.User", "SignatureDoesNotMatch"}  # HTTP 400 with a code


class AliyunStub:
    def __init__(self, *, file=None, silence=0.6, indexed_after=0.0, clock=timezone.now):
        self.file, self.silence, self.indexed_after, self.clock = (
            file,
            silence,
            indexed_after,
            clock,
        )
        self.moods, self.mood_of, self.answers_questions = [], None, True
        self.every_day = False
        self.log, self.asked, self.lock = [], [], threading.Lock()
        self.server = _Quiet(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads, self.server.stub = True, self
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def settings(self):
        """What the site must be told to use it."""
        return {
            "SMS_BACKEND": "apps.messaging.aliyun.AliyunBackend",
            "ALIYUN_SMS_ACCESS_KEY_ID": KEY,
            "ALIYUN_SMS_ACCESS_KEY_SECRET": "stub-secret",
            "ALIYUN_SMS_SIGN_NAME": "演示店",
            "ALIYUN_SMS_ENDPOINT": self.url,
            "ALIYUN_SMS_CALLBACK_TOKEN": "stub-token",
        }

    def mood(self, request):
        if self.mood_of is not None:
            return self.mood_of(request)
        with self.lock:
            return self.moods.pop(0) if self.moods else "good"

    def take(self, request):
        with self.lock:
            taken = {**request, "BizId": f"{len(self.log):06d}^0", "at": self.clock()}
            self.log.append(taken)
            if self.file is not None:
                with self.file.open("a") as out:
                    out.write(json.dumps(taken, default=str, ensure_ascii=False) + "\n")
        return taken

    def counts(self):
        """How often each reference was taken."""
        with self.lock:
            return Counter(row["OutId"] for row in self.log)

    def details(self, request):
        """The answer to QuerySendDetails: late by ``indexed_after`` seconds."""
        with self.lock:
            seen = self.clock() - timedelta(seconds=self.indexed_after)
            rows = [
                row
                for row in self.log
                if row["PhoneNumbers"] == request["PhoneNumber"]
                and (
                    self.every_day
                    or f"{timezone.localtime(row['at']):%Y%m%d}" == request["SendDate"]
                )
                and row["at"] <= seen
            ]
        size, page = int(request["PageSize"]), int(request["CurrentPage"])
        part = rows[(page - 1) * size : page * size]
        found = [
            {"OutId": row["OutId"], "SendStatus": 1, "PhoneNum": row["PhoneNumbers"]}
            for row in part
        ]
        return {
            "Code": "OK",
            "TotalCount": len(rows),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": found},
        }

    def receipts(self, *, luck=None):
        """A receipt for everything taken; with ``luck`` some fail, come twice and in disorder."""
        luck = luck or random.Random(0)
        rows = [receipt(row, delivered=luck.random() > 0.05) for row in list(self.log)]
        rows += luck.sample(rows, len(rows) // 5)
        luck.shuffle(rows)
        return rows


def receipt(taken, *, delivered=True, after=timedelta(seconds=3)):
    """SmsReport as Aliyun pushes it."""
    at = timezone.localtime(taken["at"])
    return {
        "phone_number": taken["PhoneNumbers"],
        "send_time": f"{at:%Y-%m-%d %H:%M:%S}",
        "report_time": f"{at + after:%Y-%m-%d %H:%M:%S}",
        "success": delivered,
        "err_code": "DELIVERED" if delivered else "MK:0001",
        "err_msg": "用户接收成功" if delivered else "用户停机",
        "sms_size": "1",
        "biz_id": taken["BizId"],
        "out_id": taken["OutId"],
    }


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A connection that was reset is what the test wants."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        stub = self.server.stub
        self.rfile.read(int(self.headers.get("content-length") or 0))
        request = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        assert f"Credential={KEY}," in self.headers["Authorization"]
        with suppress(BrokenPipeError, ConnectionResetError):
            if self.headers["x-acs-action"] == "QuerySendDetails":
                stub.asked.append(request)
                if not stub.answers_questions:
                    return self.answer(500, {"Code": "ServiceUnavailable"})
                return self.answer(200, stub.details(request))
            assert self.headers["x-acs-action"] == "SendSms"
            self.meet(stub, request)

    def meet(self, stub, request):
        mood = stub.mood(request)
        taken = stub.take(request) if TAKES[mood] else None
        if "500" in mood:
            self.answer(500, {"Code": "InternalError", "Message": f"for {request['PhoneNumbers']}"})
        elif "reset" in mood:
            linger = struct.pack("ii", 1, 0)  # close with RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()
        elif "silence" in mood:
            time.sleep(stub.silence)
            self.close_connection = True
        elif "nonsense" in mood:
            self.answer(200, "<html>bad gateway</html>")
        elif taken is None:
            self.answer(400 if mood in AT_THE_GATE else 200, {"Code": mood, "Message": "no"})
        else:
            if mood == "slow":
                time.sleep(stub.silence / 4)
            self.answer(200, {"Code": "OK", "Message": "OK", "BizId": taken["BizId"]})

    def answer(self, status, body):
        data = body if isinstance(body, str) else json.dumps({"RequestId": "R", **body})
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data.encode())))
        self.end_headers()
        self.wfile.write(data.encode())
