/// One writer at a time for each upload session of this process; the database guards against other processes.
struct UploadLocks: Sendable {}
