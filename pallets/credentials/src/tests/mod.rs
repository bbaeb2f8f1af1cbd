mod binding;
mod claims;
mod life;
mod random;
mod roots;
