"""One LibreOffice process: started, driven, ended; its profile and folders."""
