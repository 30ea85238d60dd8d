//! Vote systems as tables: the rule that turns ballots into a verdict.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_protocol::{
    Localized, OptionId,
    case::Side,
    case_type::{ChoiceOption, OptionKind},
    vote::{CannotDecideRule, Decision, InvalidVoteSystem, Tally, VoteRule, VoteSystem},
};
use proptest::prelude::*;

fn id(text: &str) -> OptionId {
    OptionId::new(text).expect("a valid id")
}

fn options() -> Vec<ChoiceOption> {
    let option = |name: &str, kind| ChoiceOption { id: id(name), title: Localized::new(name, name), kind };
    vec![
        option("buyer", OptionKind::Side { side: Side::Buyer }),
        option("seller", OptionKind::Side { side: Side::Seller }),
        option("cannot_decide", OptionKind::CannotDecide),
    ]
}

fn tally(buyer: u32, seller: u32, cannot: u32, outstanding: u32) -> Tally {
    Tally { ballots: [(id("buyer"), buyer), (id("seller"), seller), (id("cannot_decide"), cannot)].into(), outstanding }
}

fn decided(option: &str, early: bool) -> Decision {
    Decision::Decided { option: id(option), early }
}

#[test]
fn the_classic_panel_goes_to_the_side_with_more_votes() {
    let classic = VoteSystem::default();
    for (buyer, seller, cannot, outstanding, ended, expected, why) in [
        (16, 15, 0, 0, true, decided("buyer", false), "one vote more is enough"),
        (6, 5, 20, 0, true, decided("buyer", false), "cannot decide does not raise the bar"),
        (6, 5, 0, 20, true, decided("buyer", false), "empty seats do not raise the bar"),
        (6, 5, 0, 20, false, Decision::Open, "twenty more can change it"),
        (16, 5, 0, 10, false, decided("buyer", true), "ten more cannot change it"),
        (16, 6, 0, 10, false, Decision::Open, "ten more can make it a tie"),
        (10, 10, 11, 0, true, Decision::Tie, "equal sides"),
        (5, 5, 21, 0, true, Decision::NoQuorum, "ten valid ballots are below the quorum of eleven"),
        (10, 0, 0, 3, false, Decision::Open, "the quorum is not reached yet"),
    ] {
        assert_eq!(classic.decide(&options(), &tally(buyer, seller, cannot, outstanding), ended), expected, "{why}");
    }
}

#[test]
fn each_rule_needs_what_it_says() {
    let system = |rule| VoteSystem { panel_size: 17, quorum: 3, rule, ..VoteSystem::default() };
    let cases = [
        (VoteRule::FirstTo { ballots: 9 }, (9, 7, 0, 1), false, decided("buyer", true), "nine came first"),
        (VoteRule::FirstTo { ballots: 9 }, (8, 7, 2, 0), true, Decision::Tie, "nobody came to nine"),
        (VoteRule::Majority, (9, 8, 0, 0), true, decided("buyer", false), "9 of 17 are more than half"),
        (VoteRule::Majority, (4, 4, 0, 0), true, Decision::Tie, "half is not more than half"),
        (VoteRule::Supermajority { percent: 67 }, (12, 5, 0, 0), true, decided("buyer", false), "12 of 17 are 70 %"),
        (VoteRule::Supermajority { percent: 67 }, (11, 6, 0, 0), true, Decision::Tie, "11 of 17 are 64 %"),
    ];
    for (rule, (buyer, seller, cannot, outstanding), ended, expected, why) in cases {
        assert_eq!(
            system(rule).decide(&options(), &tally(buyer, seller, cannot, outstanding), ended),
            expected,
            "{why}"
        );
    }
}

#[test]
fn a_valid_cannot_decide_raises_the_bar_of_a_majority() {
    let strict = VoteSystem {
        rule: VoteRule::Majority,
        quorum: 1,
        cannot_decide: CannotDecideRule::Valid,
        ..VoteSystem::default()
    };
    assert_eq!(strict.decide(&options(), &tally(5, 3, 2, 0), true), Decision::Tie, "5 of 10 is not more than half");
}

#[test]
fn a_system_that_cannot_work_is_refused() {
    let classic = VoteSystem::default();
    assert_eq!(classic.check(), Ok(()), "the classic panel works");
    for (system, fault) in [
        (VoteSystem { panel_size: 0, quorum: 0, ..classic.clone() }, InvalidVoteSystem::PanelSize),
        (VoteSystem { quorum: 32, ..classic.clone() }, InvalidVoteSystem::Unreachable),
        (VoteSystem { rule: VoteRule::FirstTo { ballots: 32 }, ..classic.clone() }, InvalidVoteSystem::Unreachable),
        (VoteSystem { rule: VoteRule::Supermajority { percent: 50 }, ..classic.clone() }, InvalidVoteSystem::Percent),
        (VoteSystem { seat_lease_seconds: 50_000, ..classic.clone() }, InvalidVoteSystem::Lease),
    ] {
        assert_eq!(system.check(), Err(fault), "{system:?}");
    }
}

proptest! {
    /// An early decision must be the one that every continuation comes to.
    #[test]
    fn an_early_decision_cannot_be_changed_by_the_rest(
        buyer in 0_u32..32, seller in 0_u32..32, cannot in 0_u32..8, outstanding in 0_u32..16, more in 0_u32..16,
        rule in prop_oneof![
            Just(VoteRule::Plurality), Just(VoteRule::Majority),
            (51_u32..=100).prop_map(|percent| VoteRule::Supermajority { percent }),
        ],
    ) {
        let system = VoteSystem { rule, ..VoteSystem::default() };
        if let Decision::Decided { option, early: true } =
            system.decide(&options(), &tally(buyer, seller, cannot, outstanding), false)
        {
            let to_seller = more.min(outstanding);
            let end = system.decide(&options(), &tally(buyer + outstanding - to_seller, seller + to_seller, cannot, 0), true);
            prop_assert_eq!(end, Decision::Decided { option, early: false });
        }
    }

    /// When the window has ended the answer is never "open".
    #[test]
    fn the_end_of_the_window_always_decides(buyer in 0_u32..32, seller in 0_u32..32, cannot in 0_u32..32, left in 0_u32..32) {
        let decision = VoteSystem::default().decide(&options(), &tally(buyer, seller, cannot, left), true);
        prop_assert_ne!(decision, Decision::Open);
    }
}
