//! Calls that were included and failed, by name.

use subxt::error::DispatchError;

use crate::error::hint;

/// Why a call failed in its block. The fee was charged; everything else it did was undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call failed in its block with {name}{}{docs}. {}", if docs.is_empty() { "" } else { ": " }, self.hint())]
pub struct DispatchFailure {
    /// `Pallet::Error`, or the kind of failure where no pallet is to blame (`Token::FundsUnavailable`, `BadOrigin`).
    pub name: String,
    /// What the pallet's author says about it, from the metadata, on one line and without a final point.
    pub docs: String,
}

impl DispatchFailure {
    /// What to do next; also the end of the `Display` text.
    pub fn hint(&self) -> &'static str {
        match self.name.as_str() {
            "Token::FundsUnavailable"
            | "Token::NotExpendable"
            | "Token::BelowMinimum"
            | "Token::Frozen"
            | "Balances::InsufficientBalance"
            | "Balances::Expendability"
            | "Balances::LiquidityRestrictions"
            | "Balances::ExistentialDeposit" => hint::FUNDS,
            _ => hint::DISPATCH,
        }
    }
}

impl From<DispatchError> for DispatchFailure {
    fn from(error: DispatchError) -> Self {
        let (name, docs) = match &error {
            DispatchError::Module(module) => match module.details() {
                Ok(details) => (
                    format!("{}::{}", details.pallet.name(), details.variant.name),
                    details.variant.docs.join(" "),
                ),
                Err(_) => (module.details_string(), String::new()),
            },
            DispatchError::Token(token) => (format!("Token::{token:?}"), token.to_string()),
            DispatchError::Arithmetic(kind) => (format!("Arithmetic::{kind:?}"), kind.to_string()),
            DispatchError::Transactional(kind) => {
                (format!("Transactional::{kind:?}"), kind.to_string())
            }
            other => (format!("{other:?}"), other.to_string()),
        };
        let docs = docs.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            name,
            docs: docs.trim_end_matches('.').to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::error::TokenError;

    #[test]
    fn a_token_failure_is_named_explained_and_answered() {
        let failure = DispatchFailure::from(DispatchError::Token(TokenError::FundsUnavailable));
        assert_eq!(failure.name, "Token::FundsUnavailable");
        assert_eq!(
            failure.to_string(),
            format!(
                "the call failed in its block with Token::FundsUnavailable: Funds are unavailable. {}",
                hint::FUNDS
            )
        );
    }

    #[test]
    fn a_failure_without_a_pallet_has_the_name_of_its_kind() {
        assert_eq!(
            DispatchFailure::from(DispatchError::BadOrigin).name,
            "BadOrigin"
        );
    }
}
