"""一文多发 on the desk: further places of an item, pushes to decide about, and topics."""
