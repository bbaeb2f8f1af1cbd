mod accounts;
mod charge;
mod periods;
mod random;
