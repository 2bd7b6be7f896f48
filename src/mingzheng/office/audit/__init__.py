"""The audit records: the screens of the auditor."""
