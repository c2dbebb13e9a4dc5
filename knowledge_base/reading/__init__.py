"""Facts read from any message in passing: matchers built from the live catalogue, and small readers of ours."""

from knowledge_base.reading.reader import Reader, Reading

__all__ = ["Reader", "Reading"]
