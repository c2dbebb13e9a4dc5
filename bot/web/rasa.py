"""The one way to Rasa: its REST channel on loopback, where an empty answer is a failure."""

from __future__ import annotations

from typing import Any

import httpx

from bot.web.problems import Problem


class Rasa:
    """A client for one Rasa server. ``seen`` says whether it has ever answered us."""

    def __init__(self, url: str, seconds: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = url
        self.seen = False
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(seconds, connect=min(3.0, seconds)),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
            trust_env=False,
            transport=transport,
        )

    async def say(self, sender: str, message: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        """Hand over one message and return what Rasa says, never an empty list.

        Raises:
            Problem: ``waking`` until Rasa has once been reached; then ``too_slow`` or ``not_reached``.
        """
        try:
            response = await self._client.post(
                f"{self.url}/webhooks/rest/webhook",
                json={"sender": sender, "message": message, "metadata": metadata},
            )
            said = response.json() if response.status_code == 200 else None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Problem("not_reached" if self.seen else "waking", retry_after=3) from None
        except httpx.TimeoutException:
            raise Problem("too_slow", retry_after=3) from None
        except (httpx.HTTPError, ValueError):
            raise Problem("not_reached", retry_after=1) from None
        self.seen = True
        if not isinstance(said, list) or not said:
            raise Problem("not_reached", retry_after=1)
        return [message for message in said if isinstance(message, dict)]

    async def awake(self) -> bool:
        """Say whether Rasa answers at all; it opens its port only once the model is loaded."""
        answers = await self.answers(f"{self.url}/")
        self.seen = self.seen or answers
        return answers

    async def answers(self, url: str) -> bool:
        """Say whether an address answers 200 within three seconds."""
        try:
            return (await self._client.get(url, timeout=3.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._client.aclose()
