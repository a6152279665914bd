"""Tables and charts as files: CSV, XLSX, ODS, JSON, SVG, PNG, all from the same released rows that the page shows."""
