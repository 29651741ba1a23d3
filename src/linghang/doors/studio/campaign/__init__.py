"""The campaign page: the document as cards beside a conversation, its live phone, its report."""
