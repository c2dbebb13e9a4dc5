"""What Slack takes at the most, from its published reference (docs.slack.dev/reference/block-kit, 2026).

Lengths are counted in UTF-16 code units of what is sent, the strictest way there is to count them.
"""

from __future__ import annotations

BLOCKS, MODAL_BLOCKS = 50, 100
SECTION, FIELD, FIELDS = 3000, 2000, 10
HEADER = 150
CONTEXT_ELEMENTS, ACTIONS_ELEMENTS = 10, 25
BUTTON, BUTTON_VALUE, URL = 75, 2000, 3000
OPTION, OPTION_VALUE, OPTIONS, CHECKBOXES = 75, 150, 100, 10
OVERFLOW = 5
ID = 255
LABEL, HINT, PLACEHOLDER = 2000, 2000, 150
INPUT = 3000
TITLE, SUBMIT, METADATA = 24, 24, 3000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
ALT_TEXT = 2000
TEXT = 40_000

# A message's blocks have a limit of their own that the reference does not name: the error is
# msg_blocks_too_long, seen at 13,200 characters of text in four blocks and at 11,300 in dozens
# (slackapi/bolt-js, threads 2509 and 2867). So text and a share for each block and element are counted,
# and longer ones paged.
MESSAGE, SHARE = 11_000, 60
