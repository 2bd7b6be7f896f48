"""The record of what the publisher did and is to do: why, how it went, and when it is tried again."""
