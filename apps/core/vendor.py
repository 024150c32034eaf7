"""The files of npm packages that pages use, found in node_modules under ``vendor/``.

A package brings hundreds of files; only those of ``settings.VENDOR_FILES`` are served and
collected.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage


class VendorFinder(BaseFinder):
    """``vendor/htmx.org/dist/htmx.min.js`` is ``node_modules/htmx.org/dist/htmx.min.js``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(settings.VENDOR_ROOT))
        self.storage.prefix = "vendor"  # type: ignore[attr-defined]  # read by collectstatic

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path in settings.VENDOR_FILES:
            yield path, self.storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix("vendor/")
        known = name != path and name in settings.VENDOR_FILES and self.storage.exists(name)
        found = [self.storage.path(name)] if known else []
        return found if find_all else next(iter(found), None)
