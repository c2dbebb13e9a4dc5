"""Facts read from any message in passing, by matchers built from the live catalogue and small readers."""

from knowledge_base.reading.reader import Reader, Reading, without

__all__ = ["Reader", "Reading", "without"]
