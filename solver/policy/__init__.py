"""The trained policy: its file, its session, its devices, and its speed."""
