//! Payments of honest people and firms.

use super::{Config, DAY_S, Draft, Format, Origin, World, rng::Rng};
use crate::{AccountKind, Amount};

/// What a person does every month.
struct Person {
    employer: Option<usize>,
    salary: Amount,
    landlord: Option<usize>,
    rent: Amount,
    /// Purchases a day.
    purchases: f64,
    shops: Vec<usize>,
    friends: Vec<usize>,
}

/// All ordinary transfers, in no order.
pub(super) fn payments(config: &Config, world: &mut World) -> Vec<Draft> {
    let mut rng = Rng::new(config.seed, 1);
    let people: Vec<Person> = (0..world.people).map(|_| person(world, &mut rng)).collect();
    let mut drafts = Vec::new();
    salaries_and_rents(config, world, &people, &mut drafts);
    purchases(config, world, &people, &mut drafts);
    invoices(config, world, &mut drafts);
    sweeps(config, world, &mut drafts);
    drafts
}

/// The firm of that rank: low ranks are the large employers and the popular shops.
fn firm(world: &World, rank: usize) -> usize {
    world
        .people
        .saturating_add(rank.min(world.firms.saturating_sub(1)))
}

fn person(world: &World, rng: &mut Rng) -> Person {
    // The largest third of the firms employ; all of them sell; the middle ones let flats.
    let employers = (world.firms / 3).max(1);
    let shops = rng.between(3, 12);
    let friends = rng.tail_count(1, 30, 1.2);
    Person {
        employer: rng.chance(0.7).then(|| firm(world, rng.early(employers))),
        salary: rng.amount(3_200.0, 0.45),
        landlord: rng.chance(0.6).then(|| {
            if rng.chance(0.5) {
                firm(world, employers.saturating_add(rng.early(employers)))
            } else {
                world.person(rng)
            }
        }),
        rent: rng.amount(1_100.0, 0.4),
        purchases: 0.1 + rng.tail(0.25, 1.6).to_f64().min(6.0),
        shops: (0..shops)
            .map(|_| firm(world, rng.early(world.firms)))
            .collect(),
        friends: (0..friends).map(|_| world.person(rng)).collect(),
    }
}

/// Office hours, most of them.
fn business_time(start_s: u64, day: u64, rng: &mut Rng) -> u64 {
    start_s + day * DAY_S + rng.between(8 * 3_600, 18 * 3_600)
}

/// Any time, mornings and nights less often.
fn waking_time(start_s: u64, day: u64, rng: &mut Rng) -> u64 {
    let hour = rng.between(0, 16) + rng.between(0, 7);
    start_s + day * DAY_S + hour * 3_600 + rng.below(3_600)
}

/// Salaries come towards the end of each 30 days, rents at their beginning.
fn salaries_and_rents(config: &Config, world: &World, people: &[Person], drafts: &mut Vec<Draft>) {
    let mut rng = Rng::new(config.seed, 2);
    let days = u64::from(config.days);
    for month in 0..days.div_ceil(30) {
        for (account, person) in people.iter().enumerate() {
            if let Some(employer) = person.employer {
                // A firm has one pay day, the same every month.
                let day = month * 30 + 24 + (employer as u64 * 7) % 5;
                // Hours worked differ a little.
                let share = rng.between(97, 104);
                if day < days {
                    drafts.push(Draft {
                        time_s: business_time(config.start_s, day, &mut rng),
                        from: employer,
                        to: account,
                        amount: Amount::cents(
                            u64::try_from(person.salary.0 / 1_000_000)
                                .unwrap_or(0)
                                .saturating_mul(share)
                                / 100,
                        ),
                        format: Format::Ach,
                        origin: Origin::Ordinary,
                    });
                }
            }
            if let Some(landlord) = person.landlord {
                let day = month * 30 + rng.between(0, 4);
                if day < days && landlord != account {
                    drafts.push(Draft {
                        time_s: waking_time(config.start_s, day, &mut rng),
                        from: account,
                        to: landlord,
                        amount: person.rent,
                        format: Format::Ach,
                        origin: Origin::Ordinary,
                    });
                }
            }
        }
    }
    debug_assert!(drafts.iter().all(|draft| draft.time_s < world.end_s));
}

/// Shops and friends, a person's own number a day.
fn purchases(config: &Config, world: &World, people: &[Person], drafts: &mut Vec<Draft>) {
    let mut rng = Rng::new(config.seed, 3);
    for (account, person) in people.iter().enumerate() {
        let expected = person.purchases * f64::from(config.days);
        let count = (expected * (0.7 + 0.6 * rng.unit())) as u64;
        for _ in 0..count {
            let time_s = waking_time(config.start_s, rng.below(u64::from(config.days)), &mut rng);
            let draft = if rng.chance(0.12) {
                let friend = rng.pick(&person.friends).copied();
                Draft {
                    time_s,
                    from: account,
                    to: friend.unwrap_or_else(|| world.person(&mut rng)),
                    amount: rng.amount(45.0, 1.1),
                    format: Format::Ach,
                    origin: Origin::Ordinary,
                }
            } else {
                // Mostly a shop that the person knows, and now and then any.
                let known = rng
                    .chance(0.85)
                    .then(|| rng.pick(&person.shops).copied())
                    .flatten();
                Draft {
                    time_s,
                    from: account,
                    to: known.unwrap_or_else(|| firm(world, rng.early(world.firms))),
                    amount: rng.amount(28.0, 1.0),
                    format: if rng.chance(0.9) {
                        Format::Card
                    } else {
                        Format::Cheque
                    },
                    origin: Origin::Ordinary,
                }
            };
            if draft.from != draft.to {
                drafts.push(draft);
            }
        }
    }
}

/// Firms pay a few suppliers, again and again.
fn invoices(config: &Config, world: &World, drafts: &mut Vec<Draft>) {
    let mut rng = Rng::new(config.seed, 4);
    for rank in 0..world.firms {
        let from = firm(world, rank);
        let suppliers = rng.tail_count(2, 40, 1.1);
        for _ in 0..suppliers {
            let to = firm(world, rng.early(world.firms));
            let usual = rng.tail(250.0, 1.3).to_f64().min(2_000_000.0);
            let times = rng.between(1, 4);
            for _ in 0..times {
                let day = rng.below(u64::from(config.days));
                if from == to {
                    continue;
                }
                drafts.push(Draft {
                    time_s: business_time(config.start_s, day, &mut rng),
                    from,
                    to,
                    amount: rng.amount(usual, 0.3),
                    format: if rng.chance(0.4) {
                        Format::Wire
                    } else {
                        Format::Ach
                    },
                    origin: Origin::Ordinary,
                });
            }
        }
    }
}

/// Every twentieth firm moves what is above its float to its treasury each evening, and back when it pays salaries.
fn sweeps(config: &Config, world: &mut World, drafts: &mut Vec<Draft>) {
    let mut rng = Rng::new(config.seed, 5);
    for rank in (0..world.firms).step_by(20) {
        let account = firm(world, rank);
        let treasury = world.add(AccountKind::Treasury, &mut rng);
        let usual = rng.tail(20_000.0, 1.1).to_f64().min(20_000_000.0);
        for day in 0..u64::from(config.days) {
            let back = day % 30 == 23;
            let amount = rng.amount(if back { usual * 20.0 } else { usual }, 0.4);
            drafts.push(Draft {
                time_s: config.start_s + day * DAY_S + 20 * 3_600 + rng.below(3_600),
                from: if back { treasury } else { account },
                to: if back { account } else { treasury },
                // Whole thousands, as treasurers do.
                amount: Amount::whole(
                    u64::try_from(amount.0 / 100_000_000_000)
                        .unwrap_or(0)
                        .max(1)
                        * 1_000,
                ),
                format: Format::Sweep,
                origin: Origin::Ordinary,
            });
        }
    }
}
