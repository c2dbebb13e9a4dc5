"""What a browser would post of a form in a page, read without one: forms can be tested by the hundred."""

from __future__ import annotations

from html.parser import HTMLParser


class FilledForm(HTMLParser):
    """The fields of the form with a class, as they stand; buttons are what somebody presses, not fields."""

    def __init__(self, html: str, wanted: str = "record") -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._wanted, self._inside = wanted, False
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self._wanted in told.get("class", "").split()
        if not self._inside or not (told.get("name") or tag == "option"):
            return
        name = told.get("name", "")
        if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.pairs.append((name, told.get("value", "").replace("\r", "").replace("\n", "")))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((told.get("value", ""), "selected" in told))
        elif tag == "button":
            self.buttons.append(told.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area is not None:
            name, parts = self._area
            text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
            text = text[1:] if text.startswith("\n") else text
            self.pairs.append((name, text.replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self.pairs += [(name, value) for value in chosen[:1]]
            self._select = None

    @property
    def data(self) -> dict[str, list[str]]:
        """The fields as httpx takes them."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            found.setdefault(name, []).append(value)
        return found

    def having(self, **other: str | list[str]) -> dict[str, str | list[str]]:
        """The fields, some of them filled otherwise; ``__`` in a name stands for a dot."""
        changed = {name.replace("__", "."): value for name, value in other.items()}
        return {**self.data, **changed}
