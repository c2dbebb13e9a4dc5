"""What a person does in the widget, for every test with a real browser."""

from __future__ import annotations

from playwright.sync_api import Page


def open_and_say(page: Page, words: str) -> None:
    if page.get_by_role("button", name="Find support").is_visible():
        page.get_by_role("button", name="Find support").click()
    page.get_by_label("Your message").fill(words)
    page.keyboard.press("Enter")
