"""Delivery of the published folder to other web servers and stores. :mod:`mingzheng.portal.targets.services` is the door."""
