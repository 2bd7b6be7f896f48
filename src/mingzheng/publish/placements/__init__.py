"""一文多发: one text stands at its own address and in its own column, and is shown in further lists and topics."""
