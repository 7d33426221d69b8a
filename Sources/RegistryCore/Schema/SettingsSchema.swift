/// The tables of settings that rule repositories as they are made, pulled from, and counted.
enum SettingsSchema {
    /// `resource_tags` holds a line for each tag, key and value with a tab between them, which neither can hold.
    static let templates = """
        CREATE TABLE creation_templates (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            prefix TEXT /*pg COLLATE "C"*/ NOT NULL,
            description TEXT,
            mutability TEXT NOT NULL,
            exclusions TEXT NOT NULL,
            resource_tags TEXT NOT NULL,
            repository_policy TEXT,
            lifecycle_policy TEXT,
            applied_for TEXT NOT NULL,
            custom_role TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (account, region, prefix)
        ) /*sqlite WITHOUT ROWID*/;
        """

    /// Times of pulls have a narrow table of their own: they change far more often than images do.
    static let pulls = """
        CREATE TABLE pulls (
            manifest_id BIGINT NOT NULL PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
            repo_id BIGINT NOT NULL,
            last_pull_at BIGINT NOT NULL
        );
        CREATE INDEX pulls_repo ON pulls (repo_id, last_pull_at, manifest_id);
        CREATE TABLE pull_time_exclusions (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            principal TEXT /*pg COLLATE "C"*/ NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (account, region, principal)
        ) /*sqlite WITHOUT ROWID*/;
        """

    /// Bytes count each blob that a repository's images name once; what was counted before counted one for each image.
    static let usage = """
        DELETE FROM repo_deltas;
        DELETE FROM repo_totals;
        INSERT INTO repo_totals (repo_id, images, bytes)
            SELECT r.id, (SELECT COUNT(*) FROM manifests m WHERE m.repo_id = r.id),
                (SELECT COALESCE(SUM(b.size), 0) FROM blobs b WHERE b.id IN (SELECT x.blob_id FROM manifest_blobs x WHERE x.repo_id = r.id))
            FROM repos r WHERE r.state = 0;
        ALTER TABLE registry_totals ADD COLUMN images BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE registry_totals ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
        UPDATE registry_totals SET
            images = (SELECT COALESCE(SUM(t.images), 0) FROM repo_totals t JOIN repos r ON r.id = t.repo_id
                WHERE r.account = registry_totals.account AND r.region = registry_totals.region),
            bytes = (SELECT COALESCE(SUM(t.bytes), 0) FROM repo_totals t JOIN repos r ON r.id = t.repo_id
                WHERE r.account = registry_totals.account AND r.region = registry_totals.region);
        """
}
