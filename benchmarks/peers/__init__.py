"""What the service is measured against, each answering the same question from the same database."""
