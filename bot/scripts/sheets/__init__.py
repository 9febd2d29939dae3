"""Review sheets: what speakers and lawyers get to read, on paper or in a spreadsheet, and what they send back. Pure."""
