/// The tables of public registries; what they have in common with private ones is in the same tables, with `*` for the region.
enum PublicSchema {
    static let publicRegistries = """
        CREATE TABLE public_registries (
            account TEXT NOT NULL PRIMARY KEY,
            display_name TEXT NOT NULL
        );
        CREATE TABLE public_aliases (
            name TEXT /*pg COLLATE "C"*/ NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            status TEXT NOT NULL,
            is_default INTEGER NOT NULL,
            is_primary INTEGER NOT NULL,
            created_at BIGINT NOT NULL
        ) /*sqlite WITHOUT ROWID*/;
        CREATE INDEX public_aliases_account ON public_aliases (account, name);
        CREATE TABLE repo_catalog_data (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            data TEXT NOT NULL
        );
        CREATE TABLE repo_logos (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            digest BYTEA NOT NULL,
            content BYTEA NOT NULL
        );
        CREATE INDEX repo_logos_digest ON repo_logos (digest);
        CREATE TABLE repo_pulls (
            repo_id BIGINT NOT NULL PRIMARY KEY REFERENCES repos (id),
            pulls BIGINT NOT NULL
        );
        """
}
