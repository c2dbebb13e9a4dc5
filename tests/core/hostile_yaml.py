"""YAML that means harm, and what is said of it."""

from __future__ import annotations

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
HOSTILE = [
    (BOMB, "anchors and aliases"),
    ("a: &self [*self]\n", "anchors and aliases"),
    ("name: one\nname: two\n", "'name' is there twice"),
    ("offers:\n  - {id: a, id: b}\n", "'id' is there twice"),
    ("a: !!python/object/apply:os.system [echo]\n", "the tag"),
    ("a: !custom 1\n", "the tag"),
    ("- " * 5000 + "a", "nested more than"),
    ("[" * 50_000, "nested too deeply"),
    ("{a: " * 50_000, "nested too deeply"),
    ("a: " + "9" * 5000, "too long for a number"),
    ("--- a\n--- b\n", "two documents"),
    ("a: [1, 2\n", "line 2"),
    ("a\tb: [}\n", "line"),
    ("a: \x01\n", "character"),
    ("? [a, b]\n: c\n", "is not text"),
]
