//! Vote systems: the rule that turns ballots into a verdict, as one pure function.

use crate::{
    OptionId,
    case_type::{ChoiceOption, OptionKind},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// Who votes, for how long, and how the ballots become a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VoteSystem {
    /// Seats on the panel.
    #[schema(minimum = 1, maximum = 1001)]
    pub panel_size: u32,
    /// The rule.
    pub rule: VoteRule,
    /// The fewest valid ballots for a verdict.
    pub quorum: u32,
    /// Whether the vote ends when the rest cannot change it.
    pub early_finish: bool,
    /// How *cannot decide* counts.
    pub cannot_decide: CannotDecideRule,
    /// What happens on a tie.
    pub tie: TieRule,
    /// How long the panel may vote, in seconds.
    #[schema(minimum = 1)]
    pub voting_window_seconds: i64,
    /// How long a seat is kept, in seconds; at most half the window.
    #[schema(minimum = 1)]
    pub seat_lease_seconds: i64,
    /// What happens to a ballot that comes after the decision, under a lease taken before it.
    pub late_ballot: LateBallotRule,
}

/// The rule that names the winner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VoteRule {
    /// The first option with so many ballots.
    FirstTo {
        /// Ballots needed.
        ballots: u32,
    },
    /// More than half of the valid ballots.
    Majority,
    /// More ballots than any other option.
    Plurality,
    /// At least so many per cent of the valid ballots.
    Supermajority {
        /// Per cent needed, 51 to 100.
        percent: u32,
    },
}

/// How *cannot decide* counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CannotDecideRule {
    /// As a valid ballot that supports nobody.
    Valid,
    /// Not at all.
    Excluded,
    /// Not at all, and another reviewer takes the seat.
    Replaced,
}

/// What happens on a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TieRule {
    /// Staff decide.
    Staff,
}

/// What happens to a ballot that comes after the decision, under a lease taken before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateBallotRule {
    /// It is refused.
    Refused,
    /// It is recorded and earns points, but does not count.
    Recorded,
}

impl Default for VoteSystem {
    /// The classic panel of the 2016 report: 31 reviewers, the side with more votes wins.
    fn default() -> Self {
        Self {
            panel_size: 31,
            rule: VoteRule::Plurality,
            quorum: 11,
            early_finish: true,
            cannot_decide: CannotDecideRule::Excluded,
            tie: TieRule::Staff,
            voting_window_seconds: 24 * 3600,
            seat_lease_seconds: 12 * 3600,
            late_ballot: LateBallotRule::Recorded,
        }
    }
}

/// The ballots so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Ballots for each option, *cannot decide* among them.
    pub ballots: BTreeMap<OptionId, u32>,
    /// Seats whose ballot may still come.
    pub outstanding: u32,
}

/// What the ballots so far say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet: the rest can change it, or the window is open.
    Open,
    /// An option won.
    Decided {
        /// The option.
        option: OptionId,
        /// Whether it won before everybody had voted and the window had ended.
        early: bool,
    },
    /// No option won although enough ballots came.
    Tie,
    /// Too few valid ballots came.
    NoQuorum,
}

/// Why a vote system cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVoteSystem {
    /// The panel has no seats, or more than 1,001.
    #[error("panel size must be 1 to 1001")]
    PanelSize,
    /// More ballots are needed than seats exist.
    #[error("quorum or first-to exceeds the panel")]
    Unreachable,
    /// A supermajority is 51 to 100 per cent.
    #[error("supermajority must be 51 to 100 per cent")]
    Percent,
    /// A lease may take at most half the voting window.
    #[error("seat lease must be positive and at most half the voting window")]
    Lease,
}

impl VoteSystem {
    /// Checks that a panel under this system can reach a verdict.
    ///
    /// # Errors
    /// [`InvalidVoteSystem`] names the first thing that is wrong.
    pub fn check(&self) -> Result<(), InvalidVoteSystem> {
        if !(1..=1001).contains(&self.panel_size) {
            return Err(InvalidVoteSystem::PanelSize);
        }
        if self.quorum > self.panel_size {
            return Err(InvalidVoteSystem::Unreachable);
        }
        match self.rule {
            VoteRule::FirstTo { ballots } if ballots == 0 || ballots > self.panel_size => {
                return Err(InvalidVoteSystem::Unreachable);
            }
            VoteRule::Supermajority { percent } if !(51..=100).contains(&percent) => {
                return Err(InvalidVoteSystem::Percent);
            }
            _ => {}
        }
        if self.seat_lease_seconds < 1 || self.seat_lease_seconds > self.voting_window_seconds / 2 {
            return Err(InvalidVoteSystem::Lease);
        }
        Ok(())
    }

    /// Decides what the ballots say. `window_ended` makes the answer final: never
    /// [`Decision::Open`].
    ///
    /// A plurality needs more ballots than the runner-up; *cannot decide* and empty seats do not
    /// raise the bar (domain rule ※).
    #[must_use]
    pub fn decide(&self, options: &[ChoiceOption], tally: &Tally, window_ended: bool) -> Decision {
        let outstanding = if window_ended { 0 } else { tally.outstanding };
        let count = |option: &ChoiceOption| tally.ballots.get(&option.id).copied().unwrap_or(0);
        let (mut leader, mut first, mut second, mut valid) = (None, 0_u32, 0_u32, 0_u32);
        for option in options {
            let ballots = count(option);
            if option.kind == OptionKind::CannotDecide {
                if self.cannot_decide == CannotDecideRule::Valid {
                    valid += ballots;
                }
                continue;
            }
            valid += ballots;
            if ballots > first {
                (leader, second, first) = (Some(option), first, ballots);
            } else {
                second = second.max(ballots);
            }
        }
        let everybody = outstanding == 0;
        if valid < self.quorum {
            return if everybody { Decision::NoQuorum } else { Decision::Open };
        }
        let all = u64::from(valid) + u64::from(outstanding);
        let won = match self.rule {
            VoteRule::FirstTo { ballots } => first >= ballots && first > second,
            VoteRule::Majority => u64::from(first) * 2 > all,
            VoteRule::Plurality => first > second + outstanding,
            VoteRule::Supermajority { percent } => u64::from(first) * 100 >= u64::from(percent) * all && first > second,
        };
        match leader {
            Some(option) if won && (everybody || self.early_finish) => {
                Decision::Decided { option: option.id.clone(), early: !everybody }
            }
            _ if everybody => Decision::Tie,
            _ => Decision::Open,
        }
    }
}
