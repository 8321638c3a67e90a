"""一网: the monitoring network. Here so far: importers of files (``feeds``)."""
