//! Who is right about a sub-share.

use super::place;
use crate::{
    Error, Fault, Roster,
    dealing::{convicts, decode, is_complete},
    messages::{Commitments, Complaint, Signed, SubShares, collect},
};

/// Judges a complaint, for everybody: `Ok` convicts the sender of the sub-share; otherwise the fault is the
/// complainer's, or the messages are not the ones that it is about.
pub fn judge(
    roster: &Roster,
    commitments: &Signed<Commitments>,
    sub_shares: &Signed<SubShares>,
    complaint: &Signed<Complaint>,
) -> Result<(), Error> {
    roster.check()?;
    let ceremony = roster.ceremony();
    let fault = |member, fault| Err(Error::Faults([(member, fault)].into()));
    let Some(receiver) = roster.card(complaint.from) else {
        return fault(complaint.from, Fault::NotOnRoster);
    };
    let (first, faults) = collect(core::slice::from_ref(commitments), &ceremony, |member| {
        roster.card(member)
    });
    let (second, more) = collect(core::slice::from_ref(sub_shares), &ceremony, |member| {
        roster.card(member)
    });
    let faults: Vec<_> = faults.into_iter().chain(more).collect();
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let from = sub_shares.from;
    let (Some(_), Some(_)) = (first.get(&from), second.get(&from)) else {
        return Err(Error::Missing([from].into()));
    };
    let Some(points) = decode(&commitments.body.points, roster.threshold) else {
        return Ok(());
    };
    let sealed = &sub_shares.body.sealed;
    let others = roster.numbers().filter(|to| *to != from);
    if !is_complete(sealed, others, |to| place(sub_shares, to)) {
        return Ok(()); // convicted without a complaint
    }
    let place = place(sub_shares, complaint.from);
    if convicts(
        complaint,
        receiver,
        sealed,
        &place,
        &sub_shares.hash(),
        &points,
    ) {
        Ok(())
    } else {
        fault(complaint.from, Fault::Complaint)
    }
}
