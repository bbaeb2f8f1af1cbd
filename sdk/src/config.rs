//! What subxt has to know about Plume: the types of accounts, addresses, signatures and headers.

use subxt::config::substrate::{
    BlakeTwo256, SpecVersionForRange, SubstrateConfig, SubstrateHeader,
};
use subxt::config::{Config, DefaultTransactionExtensions};
use subxt::metadata::ArcMetadata;
use subxt::utils::{AccountId32, H256, MultiAddress, MultiSignature};

/// subxt's view of Plume: `AccountId32`, `MultiAddress<_, ()>`, `MultiSignature`, BLAKE2b-256.
///
/// Metadata is remembered per runtime version, so it is fetched once for each upgrade.
#[derive(Clone, Debug, Default)]
pub struct PlumeConfig(SubstrateConfig);

/// The facts that a signature commits to besides the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainVersions {
    /// Hash of block 0; tells one network from another.
    pub genesis_hash: H256,
    /// Version of the runtime; changes with every upgrade.
    pub spec_version: u32,
    /// Version of the transaction format; changes when calls are renumbered or reshaped.
    pub transaction_version: u32,
}

impl PlumeConfig {
    /// A configuration that needs no node: every block is taken to have these versions and this metadata.
    pub fn offline(chain: &ChainVersions, metadata: ArcMetadata) -> Self {
        Self(
            SubstrateConfig::builder()
                .set_genesis_hash(chain.genesis_hash)
                .set_metadata_for_spec_versions([(chain.spec_version, metadata)])
                .set_spec_version_for_block_ranges([SpecVersionForRange {
                    block_range: 0..u64::MAX,
                    spec_version: chain.spec_version,
                    transaction_version: chain.transaction_version,
                }])
                .build(),
        )
    }
}

impl Config for PlumeConfig {
    type AccountId = AccountId32;
    type Address = MultiAddress<AccountId32, ()>;
    type Signature = MultiSignature;
    type Header = SubstrateHeader<H256>;
    type TransactionExtensions = DefaultTransactionExtensions<Self>;
    type AssetId = u32;
    type Hasher = BlakeTwo256;

    fn genesis_hash(&self) -> Option<H256> {
        self.0.genesis_hash()
    }

    fn spec_and_transaction_version_for_block_number(&self, number: u64) -> Option<(u32, u32)> {
        self.0.spec_and_transaction_version_for_block_number(number)
    }

    fn metadata_for_spec_version(&self, spec_version: u32) -> Option<ArcMetadata> {
        self.0.metadata_for_spec_version(spec_version)
    }

    fn set_metadata_for_spec_version(&self, spec_version: u32, metadata: ArcMetadata) {
        self.0.set_metadata_for_spec_version(spec_version, metadata);
    }
}
