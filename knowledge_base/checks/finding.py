"""What a check found: where, what, why it matters, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge_base.faults import BadRecord

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. An error keeps a record from being used; a warning misleads; info is to know."""

    file: str
    field: str
    heading: str
    why: str
    remedy: str
    severity: Severity

    @classmethod
    def of_fault(cls, fault: BadRecord) -> Finding:
        """Say a fault of reading as a finding."""
        return cls(fault.file, fault.field, fault.what, fault.why, fault.remedy, "error")
