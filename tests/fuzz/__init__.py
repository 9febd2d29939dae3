"""A million messages that nobody would write (``make fuzz``): requests at the door, turns of the flows, bytes at parser and renderer."""
