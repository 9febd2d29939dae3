"""What can be wrong with a flow. Each error says where, what, and how to mend it."""

from __future__ import annotations


class EngineError(Exception):
    """Root of the engine's errors."""


class FlowError(EngineError):
    """A flow that cannot be used as it is written."""

    def __init__(self, file: str, step: str | None, problem: str, mend: str) -> None:
        self.file, self.step, self.problem, self.mend = file, step, problem, mend
        where = f"{file}, step {step}" if step else file
        super().__init__(f"{where}: {problem}. {mend}")


class TooManySteps(EngineError):
    """A turn walked more steps than any real conversation needs: the flow goes in a circle without asking."""
