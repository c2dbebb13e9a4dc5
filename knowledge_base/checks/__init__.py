"""The checks of `knowledge_base.content_check`, one file to a reason for changing them."""
