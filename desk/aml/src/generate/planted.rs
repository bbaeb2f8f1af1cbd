//! Laundering attempts, and payments of the sanctioned.

use super::{Config, DAY_S, Draft, Format, MINUTE_S, Origin, World, rng::Rng};
use crate::{AccountKind, Amount, Attempt, Pattern};

/// Plants attempts, one pattern after the other, until `budget` transfers are used up and each pattern has one.
/// Their rows are empty until the transfers are sorted.
pub(super) fn attempts(
    config: &Config,
    world: &mut World,
    budget: u64,
    drafts: &mut Vec<Draft>,
) -> Vec<Attempt> {
    let mut rng = Rng::new(config.seed, 6);
    let mut attempts = Vec::new();
    let mut planted = 0u64;
    for pattern in Pattern::MADE.iter().cycle() {
        if planted >= budget && attempts.len() >= Pattern::MADE.len() {
            break;
        }
        let before = drafts.len();
        let detail = Plan::new(config, world, attempts.len(), &mut rng, drafts).plant(pattern);
        planted = planted
            .saturating_add(u64::try_from(drafts.len().saturating_sub(before)).unwrap_or(u64::MAX));
        attempts.push(Attempt {
            pattern: pattern.clone(),
            detail,
            rows: Vec::new(),
        });
    }
    attempts
}

/// Payments to and from sanctioned accounts, which look like any other. The accounts' indices.
pub(super) fn sanctioned(
    config: &Config,
    world: &mut World,
    drafts: &mut Vec<Draft>,
) -> Vec<usize> {
    let mut rng = Rng::new(config.seed, 7);
    let mut accounts = Vec::new();
    for _ in 0..config.sanctioned {
        let account = world.add(AccountKind::Person, &mut rng);
        accounts.push(account);
        for _ in 0..rng.between(1, 3) {
            let other = if rng.chance(0.5) {
                world.person(&mut rng)
            } else {
                world.firm(&mut rng)
            };
            let pays = rng.chance(0.5);
            drafts.push(Draft {
                time_s: world.start_s + rng.below(world.end_s - world.start_s),
                from: if pays { account } else { other },
                to: if pays { other } else { account },
                amount: rng.amount(400.0, 1.3),
                format: Format::Ach,
                origin: Origin::Sanctioned,
            });
        }
    }
    accounts
}

/// One attempt that is being planned.
struct Plan<'a> {
    world: &'a mut World,
    rng: &'a mut Rng,
    drafts: &'a mut Vec<Draft>,
    attempt: usize,
    threshold: Amount,
    begin_s: u64,
    /// How long one stage takes.
    stage_s: u64,
    members: Vec<usize>,
}

impl<'a> Plan<'a> {
    fn new(
        config: &Config,
        world: &'a mut World,
        attempt: usize,
        rng: &'a mut Rng,
        drafts: &'a mut Vec<Draft>,
    ) -> Self {
        // Hours to two days a stage; three stages fit into the shortest file.
        let stage_s = rng.between(2 * 3_600, 2 * DAY_S);
        let latest = world
            .end_s
            .saturating_sub(3 * stage_s)
            .saturating_sub(MINUTE_S);
        let begin_s = rng.between(world.start_s, latest.max(world.start_s));
        Self {
            world,
            rng,
            drafts,
            attempt,
            threshold: config.threshold,
            begin_s,
            stage_s,
            members: Vec::new(),
        }
    }

    /// Somebody new to this attempt: mostly one with an ordinary life, now and then a fresh account.
    fn member(&mut self) -> usize {
        let mut member = None;
        for _ in 0..20 {
            let candidate = match self.rng.below(10) {
                0..6 => self.world.person(self.rng),
                6..8 => self.world.firm(self.rng),
                _ => self.world.add(AccountKind::Person, self.rng),
            };
            if !self.members.contains(&candidate) {
                member = Some(candidate);
                break;
            }
        }
        let member = member.unwrap_or_else(|| self.world.add(AccountKind::Person, self.rng));
        self.members.push(member);
        member
    }

    fn members(&mut self, count: u64) -> Vec<usize> {
        (0..count).map(|_| self.member()).collect()
    }

    /// An amount out of the range of invoices and savings.
    fn amount(&mut self) -> Amount {
        self.rng.amount(2_500.0, 1.0)
    }

    /// What is left when a mule keeps up to a tenth, shared between `parts`.
    fn passed_on(&mut self, amount: Amount, parts: u64) -> Amount {
        let share = u128::from(self.rng.between(90, 99));
        let cents = amount.0 / 1_000_000 * share / 100 / u128::from(parts.max(1));
        Amount::cents(u64::try_from(cents).unwrap_or(u64::MAX).max(1))
    }

    /// A random time in that stage.
    fn time(&mut self, stage: u64) -> u64 {
        self.begin_s + stage * self.stage_s + self.rng.below(self.stage_s)
    }

    fn pay(&mut self, time_s: u64, from: usize, to: usize, amount: Amount) {
        let format = match self.rng.below(10) {
            0..5 => Format::Ach,
            5..8 => Format::Wire,
            8 => Format::Cheque,
            _ => Format::Cash,
        };
        self.drafts.push(Draft {
            time_s,
            from,
            to,
            amount,
            format,
            origin: Origin::Attempt(self.attempt),
        });
    }

    /// Plants it and says its size.
    fn plant(mut self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::FanOut => self.fan_out(),
            Pattern::FanIn => self.fan_in(),
            Pattern::GatherScatter => self.gather_scatter(),
            Pattern::ScatterGather => self.scatter_gather(),
            Pattern::Cycle => self.cycle(),
            Pattern::Bipartite => self.layers(2),
            Pattern::Stack => self.layers(3),
            Pattern::Structuring => self.structuring(),
            Pattern::Random | Pattern::Other(_) => self.random(),
        }
    }

    fn degree(&mut self) -> u64 {
        self.rng.tail_count(8, 40, 2.0)
    }

    fn fan_out(&mut self) -> String {
        let degree = self.degree();
        let source = self.member();
        for to in self.members(degree) {
            let (time, amount) = (self.time(0), self.amount());
            self.pay(time, source, to, amount);
        }
        format!("Max {degree}-degree Fan-Out")
    }

    fn fan_in(&mut self) -> String {
        let degree = self.degree();
        let sink = self.member();
        for from in self.members(degree) {
            let (time, amount) = (self.time(0), self.amount());
            self.pay(time, from, sink, amount);
        }
        format!("Max {degree}-degree Fan-In")
    }

    fn gather_scatter(&mut self) -> String {
        let degree = self.degree();
        let hub = self.member();
        let mut gathered = 0u128;
        for from in self.members(degree) {
            let (time, amount) = (self.time(0), self.amount());
            gathered = gathered.saturating_add(amount.0);
            self.pay(time, from, hub, amount);
        }
        for to in self.members(degree) {
            let (time, amount) = (self.time(1), self.passed_on(Amount(gathered), degree));
            self.pay(time, hub, to, amount);
        }
        format!("Max {degree}-degree Fan-In")
    }

    fn scatter_gather(&mut self) -> String {
        let degree = self.degree();
        let (source, sink) = (self.member(), self.member());
        for mule in self.members(degree) {
            let (time, amount) = (self.time(0), self.amount());
            self.pay(time, source, mule, amount);
            let (time, amount) = (self.time(1), self.passed_on(amount, 1));
            self.pay(time, mule, sink, amount);
        }
        format!("Max {degree}-degree Fan-Out")
    }

    fn cycle(&mut self) -> String {
        let hops = self.rng.between(3, 12);
        let members = self.members(hops);
        let mut amount = self.amount();
        let gap = (2 * self.stage_s / hops).max(2);
        let mut time = self.begin_s;
        for (index, from) in members.iter().enumerate() {
            let to = members
                .get((index + 1) % members.len())
                .copied()
                .unwrap_or(*from);
            self.pay(time, *from, to, amount);
            amount = self.passed_on(amount, 1);
            time += gap / 2 + self.rng.below(gap / 2 + 1);
        }
        format!("Max {hops} hops")
    }

    /// A walk among a few accounts that now and then branches.
    fn random(&mut self) -> String {
        let hops = self.rng.between(5, 15);
        let members = self.members(hops / 2 + 2);
        let mut at = 0u64;
        let count = members.len() as u64;
        let gap = (2 * self.stage_s / hops).max(2);
        let mut time = self.begin_s;
        for _ in 0..hops {
            let next = (at + self.rng.between(1, count.saturating_sub(1))) % count;
            let ends = (usize::try_from(at).ok(), usize::try_from(next).ok());
            if let (Some(Some(from)), Some(Some(to))) = (
                ends.0.map(|at| members.get(at).copied()),
                ends.1.map(|at| members.get(at).copied()),
            ) {
                let amount = self.amount();
                self.pay(time, from, to, amount);
            }
            if self.rng.chance(0.8) {
                at = next;
            }
            time += gap / 2 + self.rng.below(gap / 2 + 1);
        }
        format!("Max {hops} hops")
    }

    /// Groups that pay the next group: each member pays one to three of it.
    fn layers(&mut self, layers: u64) -> String {
        let width = self.rng.between(4, 9);
        let groups: Vec<_> = (0..layers).map(|_| self.members(width)).collect();
        for (stage, pair) in (0u64..).zip(groups.windows(2)) {
            let [senders, recipients] = pair else {
                continue;
            };
            for from in senders {
                let first = self.rng.below(width);
                for step in 0..self.rng.between(1, 3) {
                    let to = usize::try_from((first + step) % width)
                        .ok()
                        .and_then(|at| recipients.get(at));
                    if let Some(to) = to.copied() {
                        let (time, amount) = (self.time(stage), self.amount());
                        self.pay(time, *from, to, amount);
                    }
                }
            }
        }
        format!("{layers} layers of {width}")
    }

    /// One person pays one or two recipients several times, each just below the threshold.
    fn structuring(&mut self) -> String {
        let payments = self.rng.between(5, 12);
        let from = self.member();
        let recipients = self.rng.between(1, 2);
        let recipients = self.members(recipients);
        for _ in 0..payments {
            let Some(to) = self.rng.pick(&recipients).copied() else {
                break;
            };
            // 85.0 to 99.9 per cent of it, in whole units as people say them.
            let share = u128::from(self.rng.between(850, 999));
            let units = self.threshold.0 / 100_000_000 * share / 1_000;
            let time = self.time(0);
            self.pay(
                time,
                from,
                to,
                Amount::whole(u64::try_from(units).unwrap_or(u64::MAX)),
            );
        }
        format!("{payments} payments below {}", self.threshold)
    }
}
