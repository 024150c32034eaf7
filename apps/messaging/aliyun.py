"""SMS through Aliyun (short message service 2017-05-25), with its own SDK.

Aliyun sends an approved template filled with values, never free text. It knows no idempotency:
its documentation asks not to let the SDK try again and to look at the receipt after a time-out.
So each message goes out in one request, and our reference travels as OutId: ``lookup`` and the
receipts find it by that. Codes sorted after help.aliyun.com/document_detail/101347.html.

What the SDK raises has the whole address in it, numbers and names too: none of it is passed on.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NoReturn

import requests
from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import QuerySendDetailsRequest, SendSmsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from urllib3.exceptions import ConnectTimeoutError

from apps.messaging.backends import Doubt, NotTaken, Rejected
from apps.messaging.models import Message

INDEXED_WITHIN = timedelta(minutes=15)  # until then "not found" may only mean "not yet"
SENT_WITHIN = timedelta(minutes=5)  # of sending_at: over midnight there are two days to look in
PAGE, MOST_PAGES = 50, 20

# This very message will never be taken: number, template, sign or a value is wrong.
REFUSALS = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.SMS_TEMPLATE_ILLEGAL",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.SMS_SIGNATURE_ILLEGAL",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
    "isv.SMS_SIGN_ILLEGAL",
    "isv.SMS_CONTENT_ILLEGAL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.PARAM_LENGTH_LIMIT",
    "isv.PARAM_NOT_SUPPORT_URL",
    "isv.INVALID_PARAMETERS",
    "isv.INVALID_JSON_PARAM",
    "isv.EXTEND_CODE_ERROR",
}
# Turned away at the door: a limit, the account or the key. Later, or mended, it may be taken.
TURNED_AWAY = {
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.PRODUCT_UN_SUBSCRIPT",
    "isv.PRODUCT_UNSUBSCRIBE",
    "isv.ACCOUNT_NOT_EXISTS",
    "isv.ACCOUNT_ABNORMAL",
    "isv.DENY_IP_RANGE",
    "isp.RAM_PERMISSION_DENY",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
}
TURNED_AWAY_AS = (
    "Throttling",
    "InvalidAccessKeyId",
    "InvalidTimeStamp",
    "Forbidden",
    "NoPermission",
)


class AliyunBackend:
    """Chosen by SMS_BACKEND; keys, sign name and endpoint from ALIYUN_SMS_… (settings)."""

    needs_code = True

    def send(self, message: Message) -> str:
        """One request, never repeated; Aliyun's number of it (BizId)."""
        if not message.provider_code:
            raise Rejected(
                _("This text has no Aliyun template code. Enter the code on “Message texts”.")
            )
        asked = SendSmsRequest(
            phone_numbers=message.to,
            sign_name=settings.ALIYUN_SMS_SIGN_NAME,
            template_code=message.provider_code,
            template_param=json.dumps(_words(message), ensure_ascii=False),
            out_id=str(message.reference),
        )
        try:
            answer = _client(*_account()).send_sms_with_options(asked, _once()).body
        except AlibabaCloudException as refusal:
            _raise_by_code(str(refusal.code), str(refusal.message or ""), refusal.status_code)
        except Exception as failure:
            if _never_connected(failure):
                raise NotTaken(_("Aliyun could not be reached.")) from None
            raise Doubt(f"Aliyun: {_kind(failure)}") from None
        if answer is None or answer.code != "OK":
            _raise_by_code(*((str(answer.code), str(answer.message)) if answer else ("", "")))
        return str(answer.biz_id or "")

    def lookup(self, message: Message, *, now: datetime) -> bool | None:
        """Whether Aliyun has it: it is asked by number and day and must name our reference.

        Not found is *surely not* only when every page was read and Aliyun has had the time to
        put it there; until then it is *cannot say*.
        """
        if message.sending_at is None:
            return None
        start = message.sending_at
        days = {timezone.localdate(start), timezone.localdate(start + SENT_WITHIN)}
        whole = True
        for day in sorted(days):
            for page in _pages(message.to, day):
                if page is None:
                    whole = False
                elif str(message.reference) in page:
                    return True
        return False if whole and now - start >= INDEXED_WITHIN else None


def _words(message: Message) -> dict[str, str]:
    """A value that is empty would count as missing."""
    return {name: word or " " for name, word in sorted(message.values.items())}


def _pages(number: str, day: date) -> Iterator[set[str] | None]:
    """The references of what Aliyun sent to ``number`` on ``day``; None for what it withheld."""
    for current in range(1, MOST_PAGES + 1):
        asked = QuerySendDetailsRequest(
            phone_number=number,
            send_date=f"{day:%Y%m%d}",
            page_size=PAGE,
            current_page=current,
        )
        try:
            answer = _client(*_account()).query_send_details_with_options(asked, _once()).body
        except Exception as failure:
            raise Doubt(f"Aliyun: {_kind(failure)}") from None
        details = answer and answer.sms_send_detail_dtos
        if not answer or answer.code != "OK" or details is None:
            yield None
            return
        rows = details.sms_send_detail_dto or []
        yield {str(row.out_id) for row in rows}
        if current * PAGE >= int(answer.total_count or 0):
            return
    yield None


@lru_cache(maxsize=4)
def _client(key: str, secret: str, endpoint: str) -> Client:
    """The SDK's client; it keeps its connections. An endpoint may say http:// (a stub)."""
    protocol, _colon, host = endpoint.rpartition("://")
    return Client(
        Config(
            access_key_id=key,
            access_key_secret=secret,
            endpoint=host,
            protocol=protocol or "https",
        )
    )


def _account() -> tuple[str, str, str]:
    return (
        settings.ALIYUN_SMS_ACCESS_KEY_ID,
        settings.ALIYUN_SMS_ACCESS_KEY_SECRET,
        settings.ALIYUN_SMS_ENDPOINT,
    )


def _once() -> RuntimeOptions:
    """No second try by the SDK; connect and read within SMS_TIMEOUT seconds each."""
    patience = round(settings.SMS_TIMEOUT * 1000)
    return RuntimeOptions(
        autoretry=False, max_attempts=1, connect_timeout=patience, read_timeout=patience
    )


def _raise_by_code(code: str, text: str, status: int | None = None) -> NoReturn:
    """Aliyun said no. 5xx and a code that nobody sorted leave a doubt."""
    said = re.sub(r"\d{7,}", "…", f"{code} {text}".strip())  # it may name the telephone number
    if (status or 0) < 500:
        if code in REFUSALS:
            raise Rejected(said) from None
        if code in TURNED_AWAY or code.startswith(TURNED_AWAY_AS):
            raise NotTaken(said) from None
    raise Doubt(f"Aliyun: {said}") from None


def _never_connected(failure: BaseException) -> bool:
    """Whether no connection was made, so that nothing can have been taken."""
    for cause in _causes(failure):
        if isinstance(cause, requests.exceptions.ConnectTimeout):
            return True
        if isinstance(cause, requests.exceptions.ConnectionError):
            reason = getattr(cause.args[0], "reason", None) if cause.args else None
            return isinstance(reason, ConnectTimeoutError)
    return False


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The SDK wraps twice and keeps the first failure as ``inner_exception`` or as context."""
    found: BaseException | None = failure
    while found is not None:
        yield found
        found = getattr(found, "inner_exception", None) or found.__cause__ or found.__context__


def _kind(failure: BaseException) -> str:
    """The name of the first cause; its text may hold numbers and names."""
    return type(list(_causes(failure))[-1]).__name__
