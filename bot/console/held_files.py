"""Files that somebody is looking at before taking them in: kept for a quarter of an hour, in memory."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = timedelta(minutes=15)
MOST = 8


@dataclass(frozen=True)
class HeldFile:
    """A file's name and bytes, and for which record it was looked at; empty for drafts of their own."""

    name: str
    data: bytes
    offer: str
    zone: str
    by: str
    at: datetime


class HeldFiles:
    """Holds a few files; the oldest goes first. Each is given back only to who sent it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: OrderedDict[str, HeldFile] = OrderedDict()

    def hold(self, file: HeldFile) -> str:
        """Keep a file; return the key that gives it back."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._files[key] = file
            while len(self._files) > MOST:
                self._files.popitem(last=False)
        return key

    def take(self, key: str, by: str, now: datetime) -> HeldFile | None:
        """Give a file back, once; None where it is gone, too old or another's."""
        with self._lock:
            found = self._files.get(key)
            if found is None or found.by != by:
                return None
            del self._files[key]
        return found if now - found.at <= KEPT else None

    def put_back(self, key: str, file: HeldFile) -> None:
        """Keep a file under its key again: nothing came of what it was given back for."""
        with self._lock:
            self._files[key] = file
