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
                """)
    ]
}
