"""FGL, the language of FGPS: text to syntax tree and back, and the diagnostics of every stage.

What enters and leaves: `parse.parse_file`, `parse.parse_statement` and `parse.parse_application` turn
text into the nodes of `ast`; `printer` turns nodes into text; `format.format_source` lays a file
out anew and keeps its comments.  User mistakes are `diagnostics.Diagnostic` values everywhere.
"""
