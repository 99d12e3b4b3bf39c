"""The trained policy: its file, its session, the devices it runs on, and what it costs."""
