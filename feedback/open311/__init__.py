"""Open311 GeoReport v2 at /open311/v2/: civic apps send what people report and read back what became of it."""
