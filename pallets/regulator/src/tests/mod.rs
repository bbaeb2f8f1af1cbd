mod freezes;
mod log;
mod random;
mod warrants;
