"""The verifier over HTTP and MCP: thin adapters over worker processes."""
