//! Standing: what a reviewer may do and what each action costs, from facts that are counted, with
//! levels from activity alone. Agreement with the majority is never among the facts.

use crate::{
    app::App,
    config::GameRules,
    court::panel,
    db::{
        Conn,
        accounts::{self, AccountState},
        ballots, feed, seats,
    },
    error::{Error, Result},
};
use pingli_protocol::{
    Localized, ReviewerId, UtcInstant,
    seat::SeatState,
    standing::{ActionCost, Freeze, Level, Quota, QuotaKind, ReviewerAction, Standing, StandingState},
    sync::ChangeBody,
};

/// Judgments at which each level begins, with its name.
const LEVELS: [(u32, &str, &str); 7] = [
    (0, "见习评审员", "Trainee reviewer"),
    (5, "评审员", "Reviewer"),
    (20, "熟练评审员", "Practised reviewer"),
    (60, "资深评审员", "Senior reviewer"),
    (150, "高级评审员", "Advanced reviewer"),
    (400, "专家评审员", "Expert reviewer"),
    (1000, "首席评审员", "Principal reviewer"),
];

/// So many in the quota period, and when the first of them leaves it.
pub type Counted = (u32, Option<UtcInstant>);

/// What a standing is made of.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The state of the account.
    pub state: AccountState,
    /// When the last freeze began.
    pub frozen_since: Option<UtcInstant>,
    /// When it ends.
    pub frozen_until: Option<UtcInstant>,
    /// Seats held now.
    pub open_seats: u32,
    /// Returns in the period.
    pub returns: Counted,
    /// Recusals in the period.
    pub recusals: Counted,
    /// Lapses in the period.
    pub lapses: Counted,
    /// Finished judgments, all of them.
    pub judgments: u32,
    /// Points earned today.
    pub points_today: i64,
}

impl Facts {
    /// What counts towards a freeze: lapses, and returns beyond the free ones.
    #[must_use]
    pub fn strikes(&self, rules: &GameRules) -> u32 {
        self.lapses.0 + self.returns.0.saturating_sub(rules.free_returns)
    }
}

/// When the day of the points began.
#[must_use]
pub fn day_start(now: UtcInstant, rules: &GameRules) -> UtcInstant {
    const DAY: i64 = 24 * 3600;
    let local = now.as_millis().div_euclid(1000) + rules.day_offset;
    UtcInstant::from_millis((local.div_euclid(DAY) * DAY - rules.day_offset) * 1000)
}

/// Writes the standing that the facts come to.
#[must_use]
pub fn describe(facts: &Facts, rules: &GameRules, now: UtcInstant) -> Standing {
    let strikes = facts.strikes(rules);
    let renews = |first: Option<UtcInstant>| first.map(|at| at.plus_seconds(rules.quota_period));
    let quota = |kind, limit, used, renews_at| Quota { kind, limit, used, renews_at };
    let left = rules.lapses.saturating_sub(strikes);
    let at_risk = left <= 2 && strikes > 0;
    Standing {
        state: match facts.state {
            AccountState::Good if at_risk => StandingState::AtRisk,
            AccountState::Good => StandingState::Good,
            AccountState::Frozen => StandingState::Frozen,
            AccountState::Removed => StandingState::Removed,
        },
        level: level(facts.judgments),
        judgments: facts.judgments,
        quotas: vec![
            quota(QuotaKind::OpenSeats, rules.open_seat_cap, facts.open_seats, None),
            quota(QuotaKind::Returns, rules.free_returns, facts.returns.0, renews(facts.returns.1)),
            quota(QuotaKind::Recusals, rules.recusals, facts.recusals.0, renews(facts.recusals.1)),
            quota(QuotaKind::Lapses, rules.lapses, strikes, renews(facts.lapses.1)),
            quota(
                QuotaKind::DailyPoints,
                u32::try_from(rules.daily_points).unwrap_or(u32::MAX),
                u32::try_from(facts.points_today).unwrap_or(0),
                Some(day_start(now, rules).plus_seconds(24 * 3600)),
            ),
        ],
        costs: costs(facts, rules, left),
        warning: (at_risk && facts.state == AccountState::Good).then(|| {
            Localized::new(
                format!("30 天内再逾期 {left} 次，评审资格将冻结 {} 天。", rules.freeze / 86_400),
                format!("{left} more lapses within 30 days freeze your standing for {} days.", rules.freeze / 86_400),
            )
        }),
        freeze: (facts.state == AccountState::Frozen).then(|| Freeze {
            reason: Localized::new(
                format!("30 天内逾期 {} 次。", rules.lapses),
                format!("{} seats lapsed within 30 days.", rules.lapses),
            ),
            since: facts.frozen_since.unwrap_or(now),
            until: facts.frozen_until,
            appeal: Localized::new(
                "如有异议，请在到期前联系平台工作人员；逾期未答复则自动解冻。",
                "Write to the operator's staff before it ends; without an answer in time it lifts by itself.",
            ),
            allowed: Localized::new(
                "仍可学习已结案件、导出资料、捐赠已到账的积分。",
                "Studying closed cases, exporting, and giving posted points stay open.",
            ),
        }),
    }
}

fn level(judgments: u32) -> Level {
    let reached = LEVELS.iter().rposition(|(from, _, _)| judgments >= *from).unwrap_or(0);
    let (_, zh, en) = LEVELS[reached];
    Level {
        number: u32::try_from(reached).unwrap_or(0) + 1,
        title: Localized::new(zh, en),
        progress: judgments,
        next_at: LEVELS.get(reached + 1).map(|(from, _, _)| *from),
    }
}

fn costs(facts: &Facts, rules: &GameRules, strikes_left: u32) -> Vec<ActionCost> {
    let cost = |action, zh: String, en: String| ActionCost { action, cost: Localized::new(zh, en) };
    let returns_left = rules.free_returns.saturating_sub(facts.returns.0);
    vec![
        match returns_left {
            0 => cost(
                ReviewerAction::Return,
                "30 天内的免费次数已用完，再放弃按逾期计 1 次。".into(),
                "The free returns of these 30 days are used up; one more counts as a lapse.".into(),
            ),
            _ => cost(
                ReviewerAction::Return,
                format!("不扣分。30 天内还可免费放弃 {returns_left} 次。"),
                format!("Free: {returns_left} more within 30 days."),
            ),
        },
        cost(
            ReviewerAction::Recuse,
            "不扣分。打开案件后回避会留下记录。".into(),
            "Free. A recusal after opening the case is put on record.".into(),
        ),
        cost(
            ReviewerAction::Lapse,
            format!("计逾期 1 次，30 天内再逾期 {strikes_left} 次将冻结。未接受的判定任务过期不计。"),
            format!("Counts as a lapse; {strikes_left} more within 30 days freeze the standing. Offers may pass."),
        ),
        cost(
            ReviewerAction::CannotDecide,
            "照常得积分，不影响一致率，须选理由。".into(),
            "Earns points as any judgment, leaves agreement alone, and needs a reason.".into(),
        ),
        cost(
            ReviewerAction::Later,
            "只改变本机的顺序，没有代价。".into(),
            "Changes the order on this device; costs nothing.".into(),
        ),
    ]
}

/// Collects the facts of a reviewer.
///
/// # Errors
/// `not_found`, or when the database fails.
pub async fn facts(app: &App, conn: &mut Conn, reviewer: &ReviewerId, now: UtcInstant) -> Result<Facts> {
    let account = accounts::by_id(conn, reviewer).await?.ok_or_else(|| Error::not_found("reviewer"))?;
    let since = now.plus_seconds(-app.rules.quota_period);
    // What led to a freeze is paid for by it.
    let lapses_since = account.frozen_since.map_or(since, |frozen| frozen.max(since));
    let (judgments, points_today) = ballots::activity(conn, reviewer, day_start(now, &app.rules)).await?;
    Ok(Facts {
        state: account.state,
        frozen_since: account.frozen_since,
        frozen_until: account.frozen_until,
        open_seats: u32::try_from(seats::open_of_reviewer(conn, reviewer).await?.len()).unwrap_or(u32::MAX),
        returns: seats::ended_since(conn, reviewer, SeatState::Returned, lapses_since).await?,
        recusals: seats::ended_since(conn, reviewer, SeatState::Recused, since).await?,
        lapses: seats::ended_since(conn, reviewer, SeatState::Lapsed, lapses_since).await?,
        judgments,
        points_today,
    })
}

/// Tells a reviewer the standing as it is now, and notes when it changes by itself.
///
/// # Errors
/// When the database fails.
pub async fn publish(app: &App, conn: &mut Conn, reviewer: &ReviewerId, now: UtcInstant) -> Result<()> {
    let facts = facts(app, conn, reviewer, now).await?;
    let standing = describe(&facts, &app.rules, now);
    let used = |quota: &&Quota| quota.used > 0 && quota.renews_at.is_some();
    let due = standing.quotas.iter().filter(used).filter_map(|quota| quota.renews_at).min();
    accounts::set_standing_due(conn, reviewer, due).await?;
    let body = ChangeBody::Standing(Box::new(standing));
    feed::put(conn, feed::Audience::One(reviewer), reviewer.as_str(), &body).await
}

/// Freezes a standing that has reached the limit of lapses: open seats are taken back at no cost.
///
/// # Errors
/// When the database fails.
pub async fn freeze_if_due(app: &App, conn: &mut Conn, reviewer: &ReviewerId, now: UtcInstant) -> Result<()> {
    let facts = facts(app, conn, reviewer, now).await?;
    if facts.state != AccountState::Good || facts.strikes(&app.rules) < app.rules.lapses {
        return Ok(());
    }
    accounts::freeze(conn, reviewer, now, now.plus_seconds(app.rules.freeze)).await?;
    for mut seat in seats::open_of_reviewer(conn, reviewer).await? {
        let case = panel::case_of(conn, &seat).await?;
        panel::end_seat(app, conn, &case, &mut seat, SeatState::Revoked, now).await?;
        panel::fill(app, conn, &case, now).await?;
    }
    publish(app, conn, reviewer, now).await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    fn facts_of_a_newcomer() -> Facts {
        Facts {
            state: AccountState::Good,
            frozen_since: None,
            frozen_until: None,
            open_seats: 0,
            returns: (0, None),
            recusals: (0, None),
            lapses: (0, None),
            judgments: 0,
            points_today: 0,
        }
    }

    #[test]
    fn the_day_of_the_points_begins_at_midnight_of_the_operator() {
        let rules = GameRules::default();
        let at = |text: &str| text.parse::<UtcInstant>().unwrap();
        assert_eq!(day_start(at("2026-11-21T15:59:59Z"), &rules), at("2026-11-20T16:00:00Z"));
        assert_eq!(day_start(at("2026-11-21T16:00:00Z"), &rules), at("2026-11-21T16:00:00Z"));
    }

    #[test]
    fn levels_come_from_the_number_of_judgments_alone() {
        assert_eq!(level(0).number, 1);
        assert_eq!((level(4).number, level(5).number), (1, 2));
        assert_eq!(level(5).next_at, Some(20));
        assert_eq!((level(5000).number, level(5000).next_at), (7, None));
    }

    #[test]
    fn a_warning_says_how_far_the_limit_is() {
        let rules = GameRules::default();
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        let mut facts = facts_of_a_newcomer();
        assert_eq!(describe(&facts, &rules, now).state, StandingState::Good);
        facts.lapses = (3, Some(now));
        let standing = describe(&facts, &rules, now);
        assert_eq!(standing.state, StandingState::AtRisk);
        assert!(standing.warning.is_some_and(|text| text.en.starts_with("2 more")));
    }

    #[test]
    fn returns_beyond_the_free_ones_count_as_lapses() {
        let rules = GameRules::default();
        let mut facts = facts_of_a_newcomer();
        facts.returns = (rules.free_returns, None);
        assert_eq!(facts.strikes(&rules), 0);
        facts.returns = (rules.free_returns + 2, None);
        assert_eq!(facts.strikes(&rules), 2);
    }
}
