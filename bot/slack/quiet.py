"""What Slack's own libraries may write to a log: that something went wrong and where, never what was said."""

from __future__ import annotations

import logging


class _KindOnly(logging.Filter):
    """Replaces each line by the place it came from and the kind of error; the lines quote bodies."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.funcName == "__init__":
            return False  # advice on how to set slack-bolt up, which is done on purpose
        error = record.exc_info[1] if record.exc_info else None
        kind = f" ({type(error).__name__})" if error else ""
        record.msg = f"Slack's library: {record.levelname.lower()} at {record.module}:{record.lineno}{kind}"
        record.args, record.exc_info, record.exc_text, record.stack_info = None, None, None, None
        return record.levelno >= logging.WARNING


def quiet_logger() -> logging.Logger:
    """Return the logger that is handed to Slack's libraries."""
    logger = logging.getLogger("bot.slack.library")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_KindOnly())
    return logger
