//! Metadata of a chain with Plume's transaction format and nothing else, built from Rust types.

use std::collections::BTreeMap;
use std::sync::Arc;

use codec::Compact;
use scale_info::{MetaType, TypeInfo, meta_type};
use subxt::ext::frame_metadata::v16;
use subxt::metadata::{ArcMetadata, Metadata};
use subxt::utils::{AccountId32, H256, MultiAddress, MultiSignature};

type Address = MultiAddress<AccountId32, ()>;

#[derive(TypeInfo)]
#[allow(non_camel_case_types, dead_code)] // names and shapes as in the metadata; never constructed
enum BalancesCall {
    #[codec(index = 0)]
    transfer_allow_death {
        dest: Address,
        #[codec(compact)]
        value: u128,
    },
    #[codec(index = 3)]
    transfer_keep_alive {
        dest: Address,
        #[codec(compact)]
        value: u128,
    },
    #[codec(index = 4)]
    transfer_all { dest: Address, keep_alive: bool },
}

#[derive(TypeInfo)]
#[allow(dead_code)] // never constructed
enum RuntimeCall {
    #[codec(index = 10)]
    Balances(BalancesCall),
}

#[derive(TypeInfo)]
#[allow(dead_code)] // never constructed
enum MetadataHashMode {
    Disabled,
    Enabled,
}

#[derive(TypeInfo)]
struct Nothing {}

/// An extension by its name, the type of its value, and the type of what it adds to the signed payload.
pub type Extension = (&'static str, MetaType, MetaType);

/// The runtime's transaction extensions, in its order.
pub fn plume_extensions() -> Vec<Extension> {
    let nothing = meta_type::<Nothing>;
    let unit = meta_type::<()>;
    vec![
        ("CheckNonZeroSender", nothing(), unit()),
        ("CheckSpecVersion", nothing(), meta_type::<u32>()),
        ("CheckTxVersion", nothing(), meta_type::<u32>()),
        ("CheckGenesis", nothing(), meta_type::<H256>()),
        (
            "CheckMortality",
            meta_type::<subxt::utils::Era>(),
            meta_type::<H256>(),
        ),
        ("CheckNonce", meta_type::<Compact<u32>>(), unit()),
        ("CheckWeight", nothing(), unit()),
        ("ScreenFlows", nothing(), unit()),
        (
            "ChargeTransactionPayment",
            meta_type::<Compact<u128>>(),
            unit(),
        ),
        (
            "CheckMetadataHash",
            meta_type::<MetadataHashMode>(),
            meta_type::<Option<[u8; 32]>>(),
        ),
        ("WeightReclaim", nothing(), unit()),
    ]
}

/// Metadata with the Balances calls and these extensions.
pub fn metadata(extensions: &[Extension]) -> ArcMetadata {
    let numbers = (0u32..).take(extensions.len()).map(Compact).collect();
    let metadata = v16::RuntimeMetadataV16::new(
        vec![v16::PalletMetadata {
            name: "Balances",
            storage: None,
            calls: Some(v16::PalletCallMetadata {
                ty: meta_type::<BalancesCall>(),
                deprecation_info: v16::EnumDeprecationInfo::nothing_deprecated(),
            }),
            event: None,
            constants: vec![],
            error: None,
            associated_types: vec![],
            view_functions: vec![],
            index: 10,
            docs: vec![],
            deprecation_info: v16::ItemDeprecationInfo::NotDeprecated,
        }],
        v16::ExtrinsicMetadata {
            versions: vec![4, 5],
            address_ty: meta_type::<Address>(),
            call_ty: meta_type::<RuntimeCall>(),
            signature_ty: meta_type::<MultiSignature>(),
            transaction_extensions_by_version: BTreeMap::from([(0, numbers)]),
            transaction_extensions: extensions
                .iter()
                .map(
                    |&(identifier, ty, implicit)| v16::TransactionExtensionMetadata {
                        identifier,
                        ty,
                        implicit,
                    },
                )
                .collect(),
        },
        vec![],
        v16::OuterEnums {
            call_enum_ty: meta_type::<RuntimeCall>(),
            event_enum_ty: meta_type::<()>(),
            error_enum_ty: meta_type::<()>(),
        },
        v16::CustomMetadata {
            map: BTreeMap::new(),
        },
    );
    Arc::new(Metadata::try_from(metadata).expect("complete metadata"))
}
