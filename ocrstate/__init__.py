"""Keep the OCR models on a host equal to a YAML manifest."""

__version__ = "0.1.0"
