"""Why digits go where they go: techniques, reasons, steps and hints."""
