"""What has to be done now and then, in a process of its own: visits to sources, reminders, feeds."""
