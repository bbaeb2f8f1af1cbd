//! The runtime at work on a block: its state is the parent's plus what was applied so far.

use crate::fill::Apply;
use plume_primitives::api::TransactionBatch;
use sp_api::{ApiError, ApiExt, TransactionOutcome};
use sp_block_builder::BlockBuilder as BlockBuilderApi;
use sp_runtime::{ApplyExtrinsicResult, traits::Block as BlockT};

/// A runtime API instance that has initialised a block on top of `parent`.
pub(crate) struct RuntimeAt<'a, Block: BlockT, Api> {
    api: &'a Api,
    parent: Block::Hash,
}

impl<'a, Block: BlockT, Api> RuntimeAt<'a, Block, Api> {
    pub fn new(api: &'a Api, parent: Block::Hash) -> Self {
        Self { api, parent }
    }
}

impl<Block, Api> Apply<Block::Extrinsic> for RuntimeAt<'_, Block, Api>
where
    Block: BlockT,
    Api: ApiExt<Block> + BlockBuilderApi<Block> + TransactionBatch<Block>,
{
    fn chunk(
        &self,
        extrinsics: Vec<Block::Extrinsic>,
    ) -> Result<Vec<ApplyExtrinsicResult>, ApiError> {
        let count = extrinsics.len();
        let extrinsics = extrinsics.into_iter().map(Into::into).collect();
        self.api.execute_in_transaction(|api| {
            match api.apply_extrinsics(self.parent, extrinsics) {
                // The runtime has undone what each refused one changed.
                Ok(answers) if answers.len() == count => TransactionOutcome::Commit(Ok(answers)),
                Ok(answers) => TransactionOutcome::Rollback(Err(ApiError::Application(
                    format!("{} answers to {count} transactions", answers.len()).into(),
                ))),
                Err(error) => TransactionOutcome::Rollback(Err(error)),
            }
        })
    }

    fn one(&self, extrinsic: Block::Extrinsic) -> Result<ApplyExtrinsicResult, ApiError> {
        self.api
            .execute_in_transaction(|api| match api.apply_extrinsic(self.parent, extrinsic) {
                Ok(Ok(outcome)) => TransactionOutcome::Commit(Ok(Ok(outcome))),
                refused => TransactionOutcome::Rollback(refused),
            })
    }

    fn proof_bytes(&self) -> usize {
        self.api
            .proof_recorder()
            .map_or(0, |recorder| recorder.estimate_encoded_size())
    }
}
