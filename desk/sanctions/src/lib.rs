//! Reads sanctions lists, matches names against them, and makes the commitments that go on the chain.
//!
//! No name ever reaches the chain. A screener, who has the list and the institution's customers, works off-chain:
//!
//! 1. [`List::ofac`] or [`List::plain`] reads a list.
//! 2. [`Matcher`] finds customers whose names are like an entry's; a person looks at what it finds.
//! 3. [`Posting`] has the subjects that were found, by the identifiers that the chain knows them by.
//! 4. [`Update`] says what changed between two lists, as salted commitments, so that everybody who has the list and
//!    the salt can check that the screener used it, and nobody else learns a name from it.
//!
//! Both are JSON, for `plume sanctions import` to post.
//!
//! ```
//! use plume_sanctions::{List, Matcher, Salt, Update};
//!
//! let list = List::plain("demo", b"id,name,kind,programmes,aliases\n1,\"VOLKOV, Pyotr\",individual,DEMO,\n")?;
//! let found = Matcher::new(&list).find("Pjotr Volkow", 0.85);
//! assert_eq!(found[0].entry.id, "1");
//!
//! let update = Update::between(None, &list, &Salt([7; 32]));
//! assert_eq!(update.added.len(), 1);
//! # Ok::<(), plume_sanctions::ListError>(())
//! ```

mod commitment;
mod formats;
mod list;
mod matching;
mod normal;
mod state;
mod update;

pub use commitment::{Salt, commitment};
pub use list::{Entry, FieldProblem, Kind, List, ListError, MAX_LIST_BYTES};
pub use matching::{DEFAULT_THRESHOLD, Found, Matcher, similarity};
pub use normal::Normal;
pub use plume_hash32::Hash32;
pub use state::State;
pub use update::{Change, Posting, Update, changes};
