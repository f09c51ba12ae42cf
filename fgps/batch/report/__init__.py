"""Reports on results files: runs side by side as tables and a plot, in Markdown, HTML, SVG and JSON."""
