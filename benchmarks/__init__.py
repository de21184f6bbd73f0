"""Measurements, side by side with what a user would otherwise do: ``python -m benchmarks [name …]`` or ``make bench``.

A module of this folder with a ``main()`` is a benchmark. It prints its table; nothing here is a test.
"""
