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

    /// `repos.key_number`: how many keys the repository had; `former_…`: what it was under before, while content is moved from there. The number of the key
    /// that a thing is under is in `repo_blobs.key_number`, `uploads.key_number` and, 0 where it is plain, `manifest_bytes.sealed`.
    /// `retired_grants`: those on former keys that are still to be taken back. `renewals`: since when data keys are being renewed.
    static let otherKeys = """
        ALTER TABLE repos ADD COLUMN key_number BIGINT NOT NULL DEFAULT 1;
        ALTER TABLE repos ADD COLUMN former_encryption TEXT;
        ALTER TABLE repos ADD COLUMN former_kms_key TEXT;
        ALTER TABLE repos ADD COLUMN former_kms_grant TEXT;
        ALTER TABLE repos ADD COLUMN former_domain TEXT;
        ALTER TABLE repos ADD COLUMN former_sealed_key BYTEA;
        ALTER TABLE repo_blobs ADD COLUMN key_number BIGINT NOT NULL DEFAULT 1;
        ALTER TABLE uploads ADD COLUMN key_number BIGINT NOT NULL DEFAULT 1;
        CREATE INDEX repos_changing ON repos (id) WHERE former_encryption IS NOT NULL;
        CREATE TABLE retired_grants (
            kms_key TEXT NOT NULL,
            kms_grant TEXT NOT NULL,
            PRIMARY KEY (kms_key, kms_grant)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE renewals (
            id BIGINT NOT NULL PRIMARY KEY,
            keyed_before BIGINT NOT NULL
        );
        """
}
