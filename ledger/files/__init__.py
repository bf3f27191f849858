"""The files of a case: their names, the one writer, and the award file."""

MAIN = "main.beancount"
AWARD = "award.beancount"
AUDIT_FILE = "audit.beancount"
RULES = "import.toml"  # what was answered and remembered
PENDING = "pending.jsonl"  # what waits for an answer
INBOX = "inbox"  # files that wait for an import
DOCUMENTS = "documents"
SUMS = f"{DOCUMENTS}/SHA256SUMS"  # of every original, as `sha256sum -c` reads it
