import Stores

/// The tables of KMS keys. All secrets in them are sealed under the root key.
package enum KMSSchema {
    /// In ascending order, from 200.
    package static let migrations: [Migration] = [Migration(number: 200, name: "KMS keys", statements: keys)]

    /// `scope` of a grant is the value that its constraint asks for under `aws:ecr:arn`, empty when it asks for none: ECR's grants are many on
    /// one key.
    private static let keys = """
        CREATE TABLE kms_keys (
            id TEXT /*pg COLLATE "C"*/ NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            owner TEXT NOT NULL,
            state TEXT NOT NULL,
            description TEXT NOT NULL,
            policy TEXT NOT NULL,
            material TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            waiting_days INTEGER,
            deletion_at BIGINT,
            rotation_days INTEGER,
            next_rotation_at BIGINT
        );
        CREATE INDEX kms_keys_place ON kms_keys (account, region, id);
        CREATE INDEX kms_keys_deletion ON kms_keys (deletion_at) WHERE deletion_at IS NOT NULL;
        CREATE INDEX kms_keys_rotation ON kms_keys (next_rotation_at) WHERE next_rotation_at IS NOT NULL;
        CREATE TABLE kms_materials (
            key_id TEXT NOT NULL REFERENCES kms_keys (id),
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            secret BYTEA NOT NULL,
            origin TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (key_id, number)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE kms_aliases (
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            name TEXT /*pg COLLATE "C"*/ NOT NULL,
            key_id TEXT NOT NULL REFERENCES kms_keys (id),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (account, region, name)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX kms_aliases_key ON kms_aliases (key_id, name);
        CREATE TABLE kms_grants (
            id TEXT /*pg COLLATE "C"*/ NOT NULL PRIMARY KEY,
            key_id TEXT NOT NULL REFERENCES kms_keys (id),
            name TEXT,
            grantee TEXT NOT NULL,
            retiree TEXT,
            issuer TEXT NOT NULL,
            operations TEXT NOT NULL,
            subset TEXT,
            equals TEXT,
            source TEXT,
            scope TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX kms_grants_key ON kms_grants (key_id, id);
        CREATE INDEX kms_grants_use ON kms_grants (key_id, grantee, scope);
        CREATE INDEX kms_grants_retiree ON kms_grants (retiree, id);
        CREATE TABLE kms_tags (
            key_id TEXT NOT NULL REFERENCES kms_keys (id),
            name TEXT /*pg COLLATE "C"*/ NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (key_id, name)
        ) /*sqlite WITHOUT ROWID*/;
        """
}
