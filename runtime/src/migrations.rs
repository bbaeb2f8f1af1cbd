//! What changes in storage when this runtime replaces an older one.

/// Migrations of a single block, run in this order by the first block of this runtime. A migration
/// stays here until every known network has passed it, and each is guarded by a storage version.
pub type SingleBlockMigrations = ();
