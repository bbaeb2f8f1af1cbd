//! One module a measurement: options, the run, and the figures.

pub(crate) mod aml_replay;
pub(crate) mod burst;
pub(crate) mod faults;
pub(crate) mod finality;
pub(crate) mod screening;
pub(crate) mod shielded;
pub(crate) mod throughput;
