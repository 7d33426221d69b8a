/// What encryption at rest needs of the tables (`docs/encryption.md`).
enum EncryptionSchema {
    /// `repos.sealed_key`: the repository's key, sealed; NULL until it is needed, and again when the repository is deleted, which leaves all that
    /// lies under it closed for good. `repo_blobs.wrap`: the data keys of a blob under the repository's. `blobs.sealed_bytes`: the size of
    /// the object where that is encrypted; `generation` and `keyed_at`: how often the blob got new data keys, and when. `uploads.wrap`, `progress`: the data keys of an
    /// upload; hash state and the bytes that wait for a whole chunk, sealed. `manifest_bytes.sealed`: 1 where the payload is.
    static let objects = """
        ALTER TABLE repos ADD COLUMN sealed_key BYTEA;
        ALTER TABLE repo_blobs ADD COLUMN wrap BYTEA;
        ALTER TABLE blobs ADD COLUMN sealed_bytes BIGINT;
        ALTER TABLE blobs ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE blobs ADD COLUMN keyed_at BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE uploads ADD COLUMN wrap BYTEA;
        ALTER TABLE uploads ADD COLUMN progress BYTEA;
        ALTER TABLE manifest_bytes ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX blobs_plain ON blobs (id) WHERE sealed_bytes IS NULL;
        CREATE INDEX manifest_bytes_plain ON manifest_bytes (manifest_id) WHERE sealed = 0;
        """
}
