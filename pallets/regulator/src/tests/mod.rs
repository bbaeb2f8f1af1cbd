mod freezes;
mod log;
mod openings;
mod random;
mod warrants;
