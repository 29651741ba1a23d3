"""The doors: command line, REST, MCP, studio and the home's local socket. Thin: parse → skill → render."""
