"""Export of a trained policy to ONNX, with views and parity checks."""
