"""The console: hub staff look after the records here, in a browser, with or without JavaScript."""
