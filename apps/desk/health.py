"""Is the house alive, and does work get through it: for the proxy, Docker and monitoring."""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.accounts.models import Heartbeat
from apps.desk.actions import CLOCK

log = structlog.get_logger(__name__)
LATE = timedelta(seconds=120)  # four heartbeats
PATIENCE = 2  # seconds for an answer of the broker


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return JsonResponse({"alive": True})


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 until database, broker and clock all answer; the JSON says which does not."""
    now = timezone.now()
    parts = {
        "database": _asked(_database),
        "broker": _asked(_broker),
        "heartbeat": _asked(lambda: _heartbeat(now)),
    }
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _asked(part: Callable[[], str]) -> str:
    """What the part says; a failure goes to the log in full, and into the answer by its kind."""
    try:
        return part()
    except (Error, redis.RedisError) as failure:
        log.warning("not ready", exc_info=failure)
        return type(failure).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    broker = redis.Redis.from_url(
        settings.REDIS_URL.replace("redis+socket://", "unix://"),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
    with broker:
        broker.ping()
    return "ok"


def _heartbeat(now: datetime) -> str:
    """The last tick that went from beat through Redis and a worker into PostgreSQL."""
    last = Heartbeat.objects.filter(name=CLOCK).first()
    if last is None:
        return "never"
    age = now - last.at
    return "ok" if age <= LATE else f"late: {int(age.total_seconds())} s"
