mod life;
mod random;
mod refusals;
