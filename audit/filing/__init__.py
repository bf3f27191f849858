"""What the auditor files: findings, replies, sign-off, samples, and the file they go to."""
