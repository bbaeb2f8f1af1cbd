mod backing;
mod random;
mod rewards;
mod slashing;
mod staking;
mod voting;
