"""Turn values into text and JSON documents. Pure: width, colour and verbosity are arguments."""
