"""Say something to a gateway, and read its errors."""

from __future__ import annotations

import httpx
from fastapi.testclient import TestClient


def say(client: TestClient, message: object, session: object = None, **more: object) -> httpx.Response:
    return client.post("/api/chat", json={"session": session, "message": message, **more})


def error_of(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"error", "message"}
    assert body["message"].endswith(".")
    return response.status_code, body["error"]
