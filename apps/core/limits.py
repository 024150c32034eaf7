"""How often something may be asked for. Counted in the cache, which may be away."""

import logging
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def within(what: str, most: int, *, seconds: int) -> bool:
    """Count ``what`` once more; False when that was more than ``most`` in ``seconds``.

    Without the cache everything is within: a limit protects, it must not break the page.
    """
    key = f"limit:{sha256(what.encode()).hexdigest()}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) <= most
    except (RedisError, OSError) as failure:
        log.warning("Requests are not counted: %s", type(failure).__name__)
    except ValueError:  # the time was over just between the two
        pass
    return True
