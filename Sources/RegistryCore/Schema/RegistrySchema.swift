import Stores

/// The tables of the registries, one migration for each step (`docs/storage-layout.md` tells what each is for).
///
/// Times are milliseconds, digests raw hashes, ids made by `IDSource`. In tables WITHOUT ROWID the key's columns come
/// first: SQLite's integrity check reports them as NULL otherwise.
package enum RegistrySchema {
    /// All steps, oldest first.
    package static let migrations = [
        Migration(number: 1, name: "repositories", statements: repositories),
        Migration(number: 2, name: "blobs and uploads", statements: blobs),
        Migration(number: 3, name: "images", statements: images),
        Migration(number: 4, name: "reclaiming", statements: reclaiming),
        Migration(number: 5, name: "probes", statements: probes),
        Migration(number: 6, name: "policies and settings", statements: policies),
        Migration(number: 20, name: "storage classes", statements: LifecycleSchema.storageClasses),
        Migration(number: 21, name: "lifecycle policies", statements: LifecycleSchema.policies),
        Migration(number: 22, name: "archive", statements: LifecycleSchema.archive),
        Migration(number: 23, name: "keys of references", statements: LifecycleSchema.referenceKeys),
        Migration(number: 40, name: "events", statements: EventSchema.events),
        Migration(number: 60, name: "public registries", statements: PublicSchema.publicRegistries),
        Migration(number: 80, name: "scrub", statements: scrub),
        Migration(number: 41, name: "creation templates", statements: SettingsSchema.templates),
        Migration(number: 42, name: "pull times", statements: SettingsSchema.pulls),
        Migration(number: 43, name: "usage", statements: SettingsSchema.usage),
        Migration(number: 90, name: "holds", statements: holds),
        Migration(number: 210, name: "keys of repositories", statements: keys),
        Migration(number: 220, name: "encryption at rest", statements: EncryptionSchema.objects),
        Migration(number: 240, name: "unclaimed events", statements: EventSchema.unclaimed),
        Migration(number: 241, name: "orphaned referrers", statements: orphans),
        Migration(number: 260, name: "other keys of repositories", statements: EncryptionSchema.otherKeys),
    ]

    private static let keys = """
        ALTER TABLE repos ADD COLUMN encryption TEXT NOT NULL DEFAULT 'AES256';
        ALTER TABLE repos ADD COLUMN kms_key TEXT;
        ALTER TABLE repos ADD COLUMN kms_grant TEXT;
        ALTER TABLE creation_templates ADD COLUMN encryption TEXT NOT NULL DEFAULT 'AES256';
        ALTER TABLE creation_templates ADD COLUMN kms_key TEXT;
        """

    private static let repositories = """
        CREATE TABLE repos (
            id BIGINT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            name TEXT /*pg COLLATE "C"*/ NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            domain TEXT NOT NULL,
            mutability TEXT NOT NULL,
            exclusions TEXT NOT NULL DEFAULT '',
            created_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX repos_name ON repos (account, region, name) WHERE state = 0;
        CREATE INDEX repos_deleted ON repos (id) WHERE state = 1;
        CREATE TABLE repo_tags (
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            key TEXT /*pg COLLATE "C"*/ NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (repo_id, key)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE repo_totals (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            images BIGINT NOT NULL,
            bytes BIGINT NOT NULL
        );
        CREATE TABLE repo_deltas (
            id BIGINT NOT NULL PRIMARY KEY,
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            images BIGINT NOT NULL,
            bytes BIGINT NOT NULL
        );
        CREATE INDEX repo_deltas_repo ON repo_deltas (repo_id, id);
        CREATE TABLE registry_totals (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            repositories BIGINT NOT NULL,
            PRIMARY KEY (account, region)
        ) /*sqlite WITHOUT ROWID*/;
        """

    private static let blobs = """
        CREATE TABLE blobs (
            id BIGINT NOT NULL PRIMARY KEY,
            domain TEXT NOT NULL,
            digest BYTEA NOT NULL,
            size BIGINT NOT NULL CHECK (size >= 0),
            object_key TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL,
            UNIQUE (domain, digest)
        );
        CREATE TABLE repo_blobs (
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            blob_id BIGINT NOT NULL REFERENCES blobs (id),
            lease_until BIGINT NOT NULL,
            PRIMARY KEY (repo_id, blob_id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX repo_blobs_rev ON repo_blobs (blob_id);
        CREATE TABLE uploads (
            id TEXT NOT NULL PRIMARY KEY,
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            object_key TEXT NOT NULL UNIQUE,
            off BIGINT NOT NULL DEFAULT 0,
            epoch BIGINT NOT NULL DEFAULT 0,
            sha_state BYTEA NOT NULL,
            short_part INTEGER NOT NULL DEFAULT 0,
            state INTEGER NOT NULL DEFAULT 0,
            result_digest BYTEA,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX uploads_expiry ON uploads (expires_at, id);
        CREATE INDEX uploads_repo ON uploads (repo_id);
        """

    private static let images = """
        CREATE TABLE manifests (
            id BIGINT NOT NULL PRIMARY KEY,
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            digest BYTEA NOT NULL,
            media_type TEXT NOT NULL,
            artifact_type TEXT,
            config_type TEXT,
            subject BYTEA,
            payload_bytes BIGINT NOT NULL,
            total_bytes BIGINT NOT NULL,
            pushed_at BIGINT NOT NULL,
            tag_count INTEGER NOT NULL DEFAULT 0 CHECK (tag_count >= 0),
            UNIQUE (repo_id, digest),
            UNIQUE (repo_id, id)
        );
        CREATE INDEX manifests_time ON manifests (repo_id, pushed_at, id);
        CREATE INDEX manifests_tagged ON manifests (repo_id, pushed_at, id) WHERE tag_count > 0;
        CREATE INDEX manifests_untagged ON manifests (repo_id, pushed_at, id) WHERE tag_count = 0;
        CREATE INDEX manifests_subject ON manifests (repo_id, subject, pushed_at, id) WHERE subject IS NOT NULL;
        CREATE TABLE manifest_bytes (
            manifest_id BIGINT NOT NULL PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
            payload BYTEA NOT NULL
        );
        CREATE TABLE manifest_blobs (
            manifest_id BIGINT NOT NULL,
            blob_id BIGINT NOT NULL,
            repo_id BIGINT NOT NULL,
            PRIMARY KEY (manifest_id, blob_id),
            FOREIGN KEY (repo_id, manifest_id) REFERENCES manifests (repo_id, id) ON DELETE CASCADE,
            FOREIGN KEY (repo_id, blob_id) REFERENCES repo_blobs (repo_id, blob_id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX manifest_blobs_rev ON manifest_blobs (repo_id, blob_id);
        CREATE TABLE manifest_children (
            parent_id BIGINT NOT NULL,
            child_id BIGINT NOT NULL,
            repo_id BIGINT NOT NULL,
            PRIMARY KEY (parent_id, child_id),
            FOREIGN KEY (repo_id, parent_id) REFERENCES manifests (repo_id, id) ON DELETE CASCADE,
            FOREIGN KEY (repo_id, child_id) REFERENCES manifests (repo_id, id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX manifest_children_rev ON manifest_children (repo_id, child_id);
        CREATE TABLE tags (
            repo_id BIGINT NOT NULL,
            name TEXT /*pg COLLATE "C"*/ NOT NULL,
            manifest_id BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL DEFAULT 1,
            PRIMARY KEY (repo_id, name),
            FOREIGN KEY (repo_id, manifest_id) REFERENCES manifests (repo_id, id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX tags_manifest ON tags (repo_id, manifest_id, name);
        """

    private static let reclaiming = """
        CREATE TABLE tombstones (
            object_key TEXT NOT NULL PRIMARY KEY,
            delete_after BIGINT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            lease_until BIGINT NOT NULL DEFAULT 0
        );
        CREATE INDEX tombstones_due ON tombstones (delete_after, object_key);
        CREATE TABLE gc_queue (
            repo_id BIGINT NOT NULL,
            blob_id BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            lease_until BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (repo_id, blob_id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX gc_queue_due ON gc_queue (due_at, repo_id, blob_id);
        """

    /// One row, written to see whether writing is possible.
    private static let probes = """
        CREATE TABLE probes (
            id BIGINT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL
        );
        """

    /// How far the reading of all blobs has come: the id of the last one that was read, NULL after the last of all. One row, once it has begun.
    /// While one of them lasts, no object is deleted.
    private static let holds = """
        CREATE TABLE holds (
            id TEXT NOT NULL PRIMARY KEY,
            held_until BIGINT NOT NULL
        );
        """

    private static let scrub = """
        CREATE TABLE scrub (
            id BIGINT NOT NULL PRIMARY KEY,
            position BIGINT,
            started_at BIGINT NOT NULL
        );
        CREATE INDEX blobs_damaged ON blobs (id) WHERE state <> 0;
        """

    /// Subjects that were deleted, whose referrers are to follow.
    private static let orphans = """
        CREATE TABLE deleted_subjects (
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            digest BYTEA NOT NULL,
            PRIMARY KEY (repo_id, digest)
        ) /*sqlite WITHOUT ROWID*/;
        """

    private static let policies = """
        CREATE TABLE repo_policies (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            text TEXT NOT NULL
        );
        CREATE TABLE registry_policies (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (account, region)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE account_settings (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (account, region, name)
        ) /*sqlite WITHOUT ROWID*/;
        """
}
