import Stores

/// The tables of accounts, access keys and token keys.
package enum IdentitySchema {
    /// In ascending order, from 100.
    package static let migrations: [Migration] = [
        Migration(
            number: 100, name: "accounts and keys",
            statements: """
                CREATE TABLE accounts (id TEXT NOT NULL PRIMARY KEY, is_default INTEGER NOT NULL DEFAULT 0, created_at BIGINT NOT NULL);
                CREATE UNIQUE INDEX accounts_default ON accounts (is_default) WHERE is_default = 1;
                CREATE TABLE access_keys (id TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id),
                  principal TEXT NOT NULL, secret BYTEA NOT NULL, is_active INTEGER NOT NULL DEFAULT 1, created_at BIGINT NOT NULL);
                CREATE INDEX access_keys_principal ON access_keys (account, principal, id);
                CREATE TABLE token_keys (id TEXT NOT NULL PRIMARY KEY, secret BYTEA NOT NULL, created_at BIGINT NOT NULL);
                CREATE INDEX token_keys_age ON token_keys (created_at, id);
                """),
        Migration(number: 101, name: "principals and policies", statements: principals),
        Migration(number: 103, name: "instance profiles", statements: instanceProfiles),
        Migration(number: 110, name: "sessions and tokens", statements: tokens),
    ]

    /// Users, groups and roles are `entities`: what can have policies, tags and a boundary. `name_key` is the name in lower case.
    /// The owner of a tag is the unique id of an entity or policy, or the ARN of what has none.
    private static let principals = """
        CREATE TABLE entities (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES accounts (id),
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            name_key TEXT /*pg COLLATE "C"*/ NOT NULL,
            path TEXT NOT NULL,
            boundary TEXT,
            created_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX entities_name ON entities (account, kind, name_key);
        CREATE INDEX entities_boundary ON entities (boundary, id);
        CREATE TABLE roles (
            id TEXT NOT NULL PRIMARY KEY REFERENCES entities (id),
            trust_policy TEXT NOT NULL,
            description TEXT,
            max_session_seconds BIGINT NOT NULL,
            service TEXT,
            last_used_at BIGINT,
            last_used_region TEXT
        );
        CREATE TABLE access_key_uses (
            key_id TEXT NOT NULL PRIMARY KEY,
            used_at BIGINT NOT NULL,
            service TEXT NOT NULL,
            region TEXT NOT NULL
        );
        CREATE TABLE account_aliases (alias TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL UNIQUE REFERENCES accounts (id));
        CREATE TABLE credential_reports (
            account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
            generated_at BIGINT NOT NULL,
            content TEXT NOT NULL
        );
        CREATE TABLE iam_tags (
            owner TEXT NOT NULL,
            key_fold TEXT /*pg COLLATE "C"*/ NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (owner, key_fold)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE memberships (
            user_id TEXT NOT NULL REFERENCES entities (id),
            group_id TEXT NOT NULL REFERENCES entities (id),
            PRIMARY KEY (user_id, group_id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX memberships_group ON memberships (group_id, user_id);
        CREATE TABLE inline_policies (
            entity_id TEXT NOT NULL REFERENCES entities (id),
            name_key TEXT /*pg COLLATE "C"*/ NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (entity_id, name_key)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE policies (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES accounts (id),
            arn TEXT /*pg COLLATE "C"*/ NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_key TEXT /*pg COLLATE "C"*/ NOT NULL,
            path TEXT NOT NULL,
            description TEXT,
            default_version BIGINT NOT NULL,
            last_version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX policies_name ON policies (account, name_key);
        CREATE TABLE policy_versions (
            policy_id TEXT NOT NULL REFERENCES policies (id),
            version BIGINT NOT NULL,
            document TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (policy_id, version)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE attachments (
            entity_id TEXT NOT NULL REFERENCES entities (id),
            policy_arn TEXT /*pg COLLATE "C"*/ NOT NULL,
            PRIMARY KEY (entity_id, policy_arn)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX attachments_policy ON attachments (policy_arn, entity_id);
        """

    private static let instanceProfiles = """
        CREATE TABLE instance_profiles (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES accounts (id),
            name TEXT NOT NULL,
            name_key TEXT /*pg COLLATE "C"*/ NOT NULL,
            path TEXT NOT NULL,
            role_id TEXT REFERENCES entities (id),
            created_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX instance_profiles_name ON instance_profiles (account, name_key);
        CREATE INDEX instance_profiles_role ON instance_profiles (role_id, name_key);
        """

    /// What sessions and docker tokens need besides themselves: long policies and tags by hash, what was taken back, and a
    /// record of tokens for people; and the OpenID Connect issuers, whose tags are in `iam_tags` under their ARNs. The key set
    /// is one that was uploaded.
    private static let tokens = """
        CREATE TABLE session_details (hash TEXT NOT NULL PRIMARY KEY, details TEXT NOT NULL, expires_at BIGINT NOT NULL);
        CREATE INDEX session_details_age ON session_details (expires_at);
        CREATE TABLE revocations (subject TEXT NOT NULL PRIMARY KEY, not_after BIGINT NOT NULL);
        CREATE INDEX revocations_age ON revocations (not_after);
        CREATE TABLE docker_tokens (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            principal TEXT NOT NULL,
            access_key TEXT NOT NULL,
            region TEXT NOT NULL,
            issued_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX docker_tokens_age ON docker_tokens (expires_at);
        CREATE INDEX docker_tokens_order ON docker_tokens (issued_at);
        CREATE TABLE oidc_providers (
            arn TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES accounts (id),
            key_set TEXT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX oidc_providers_account ON oidc_providers (account, arn);
        CREATE TABLE oidc_client_ids (
            provider TEXT NOT NULL REFERENCES oidc_providers (arn),
            client_id TEXT NOT NULL,
            PRIMARY KEY (provider, client_id)
        ) /*sqlite WITHOUT ROWID*/;
        CREATE TABLE oidc_thumbprints (
            provider TEXT NOT NULL REFERENCES oidc_providers (arn),
            position BIGINT NOT NULL,
            thumbprint TEXT NOT NULL,
            PRIMARY KEY (provider, position)
        ) /*sqlite WITHOUT ROWID*/;
        """
}
