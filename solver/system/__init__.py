"""What every part asks of the operating system: processors, whole files, processes in order."""
