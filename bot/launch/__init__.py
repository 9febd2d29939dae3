"""Everything that has to happen before Puente can run: tools, environments, the model, the processes.

The law of this package: standard library only, and syntax that Python 3.8 reads. It runs on the system's `python3`,
before any environment exists, so it can import nothing that it is about to install and nothing else of `bot`.
"""
