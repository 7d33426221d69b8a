/// The tables of lifecycle policies, and what they and storage classes need of an image.
enum LifecycleSchema {
    /// `status` is an `ImageStatus`. What came back from the archive is as new as that, so it has an order of its own.
    static let storageClasses = """
        ALTER TABLE manifests ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE manifests ADD COLUMN archived_at BIGINT;
        ALTER TABLE manifests ADD COLUMN activated_at BIGINT;
        CREATE INDEX manifests_activated ON manifests (repo_id, activated_at, id) WHERE activated_at IS NOT NULL;
        CREATE INDEX manifests_inactive ON manifests (repo_id, pushed_at, id) WHERE status <> 0;
        """

    /// Where the bytes of blobs are: `archived_bytes` is the size of one's object in the archive. What may go there waits in the queue.
    static let archive = """
        ALTER TABLE blobs ADD COLUMN archived_bytes BIGINT;
        CREATE TABLE archive_queue (
            blob_id BIGINT NOT NULL PRIMARY KEY,
            due_at BIGINT NOT NULL
        );
        CREATE INDEX archive_queue_due ON archive_queue (due_at, blob_id);
        CREATE INDEX manifests_activating ON manifests (id) WHERE status = 2;
        """

    /// When an image is deleted, SQLite looks for its references by repository and image. Of two indexes that begin with one of these it
    /// may take that of the repository, and read all of its references: the one index is turned around, the other gets company.
    static let referenceKeys = """
        DROP INDEX manifest_blobs_rev;
        CREATE INDEX manifest_blobs_rev ON manifest_blobs (blob_id, repo_id);
        CREATE INDEX manifest_children_parent ON manifest_children (repo_id, parent_id);
        """

    /// A sweep is an evaluation of a policy over all images of a repository, newest first, a page at a time: `cursor_at` and
    /// `cursor_id` say how far it has come. What it takes is in its marks, in the order in which it can go.
    static let policies = """
        CREATE TABLE lifecycle_policies (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            text TEXT NOT NULL,
            evaluated_at BIGINT NOT NULL DEFAULT 0,
            due_at BIGINT NOT NULL
        );
        CREATE INDEX lifecycle_policies_due ON lifecycle_policies (due_at, repo_id);
        CREATE TABLE lifecycle_sweeps (
            repo_id BIGINT NOT NULL REFERENCES repos (id),
            kind INTEGER NOT NULL,
            state INTEGER NOT NULL,
            text TEXT NOT NULL,
            started_at BIGINT NOT NULL,
            cursor_at BIGINT NOT NULL,
            cursor_id BIGINT NOT NULL,
            selected TEXT NOT NULL DEFAULT '',
            images BIGINT NOT NULL DEFAULT 0,
            marks BIGINT NOT NULL DEFAULT 0,
            expiring BIGINT NOT NULL DEFAULT 0,
            archiving BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (repo_id, kind)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX lifecycle_sweeps_open ON lifecycle_sweeps (started_at, repo_id, kind) WHERE state <> 3;
        CREATE TABLE lifecycle_marks (
            repo_id BIGINT NOT NULL,
            kind INTEGER NOT NULL,
            position BIGINT NOT NULL,
            manifest_id BIGINT NOT NULL,
            action INTEGER NOT NULL,
            rule BIGINT,
            PRIMARY KEY (repo_id, kind, position)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE UNIQUE INDEX lifecycle_marks_manifest ON lifecycle_marks (repo_id, kind, manifest_id);
        """
}
