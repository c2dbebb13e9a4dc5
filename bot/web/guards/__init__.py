"""Plain ASGI layers around the gateway: each does one thing to every request."""
