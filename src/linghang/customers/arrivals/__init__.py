"""Tables on their way in: from a file or a database, understood, looked over, mapped, and then imported.

What a table means is written in a mapping file, which ``propose`` drafts and an engineer edits.
"""
