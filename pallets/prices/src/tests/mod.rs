mod answers;
mod genesis;
mod random;
mod sources;
