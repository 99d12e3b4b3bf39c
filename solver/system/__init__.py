"""Services of the operating system: processor counts, atomic writes, locks, worker processes."""
