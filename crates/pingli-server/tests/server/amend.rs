//! Amending: a case whose panel votes gets a new version of its material.

use crate::world::{Reviewer, World, vote_system};
use http::StatusCode;
use pingli_casepack::{PackLimits, open_text};
use pingli_protocol::{
    CaseId, Sha256,
    ballot::BallotOutcome,
    case::CaseDocument,
    problem::ProblemCode,
    verdict::{Verdict, VerdictRecord},
};
use pingli_server::{
    Config, Server, SystemClock,
    db::{ballots, cases},
    intake::Imported,
};
use serde_json::{Value, json};
use std::{fs::File, net::SocketAddr, path::PathBuf, process::Command, sync::Arc, time::Duration};

const CHANGED: BallotOutcome = BallotOutcome::Refused { code: ProblemCode::PackChanged };

/// A case of three seats, all of them taken, and its folder.
async fn voting<'w>(world: &'w World, id: &str) -> (CaseId, PathBuf, Vec<Reviewer<'w>>) {
    let panel = world.reviewers(3).await;
    let case = world.open_case(id, 3).await;
    for reviewer in &panel {
        reviewer.accept(&case).await;
    }
    (case, world.folder.path().join("intake").join(id), panel)
}

/// Changes the folder of a case and amends the case by it.
async fn amend(world: &World, id: &str, change: impl FnOnce(&mut Value)) -> Imported {
    let folder = world.case_folder(id, |case| {
        case["vote_system"] = vote_system(3);
        change(case);
    });
    world.app.amend(&folder).await.unwrap().cases.remove(0).1
}

fn new_rule(case: &mut Value) {
    case["rule_version"] = json!("2026-09");
    case["summary"] = json!("补充了规则的新版本。");
}

async fn document(world: &World, case: &CaseId) -> (Sha256, u32, CaseDocument) {
    let pack = world.app.build_pack(case.as_str()).await.unwrap();
    let mut file = File::open(pack.path).unwrap();
    let verified = pingli_casepack::verify(&mut file, &world.keys(), &PackLimits::default()).unwrap();
    (verified.sha256, verified.version, verified.document)
}

#[tokio::test]
async fn who_still_votes_is_told_and_ballots_that_were_cast_stay() {
    let world = World::new().await;
    let (case, _, panel) = voting(&world, "amended").await;
    let [first, second, third] = panel.as_slice() else { panic!("three") };
    assert_eq!(first.vote(&case, "lift").await, BallotOutcome::Counted);
    let (voted, open) = (first.changes("0").await.cursor, second.changes("0").await.cursor);
    let mut old = second.ballot(&case, "uphold").await;
    let lease = second.seat_of(&case).await.lease_end;

    assert_eq!(amend(&world, "amended", new_rule).await, Imported::Amended(case.clone(), 2));
    let (sha256, version, document) = document(&world, &case).await;
    assert_eq!((version, document.case.rule_version.as_str()), (2, "2026-09"), "signed, with a version of its own");
    let seat = second.seat_of(&case).await;
    assert_eq!((seat.pack.version, seat.pack.sha256), (2, sha256), "the seat has it now");
    assert_eq!(seat.lease_end, lease, "and is kept as long as before");
    assert_eq!(second.changes(&open).await.changes.len(), 1, "which the feed tells");
    assert!(first.changes(&voted).await.changes.is_empty(), "who has voted is told nothing");
    assert_ne!(first.seat_of(&case).await.pack.sha256, sha256, "the ballot was cast on the one before");

    assert_eq!(second.cast(&old).await, CHANGED, "never silently on another version");
    (old.id, old.pack_sha256) = (uuid::Uuid::now_v7().into(), sha256);
    let wrong_rule = BallotOutcome::Refused { code: ProblemCode::InvalidBallot };
    assert_eq!(second.cast(&old).await, wrong_rule, "nor by the rule before");
    (old.id, old.rule_version) = (uuid::Uuid::now_v7().into(), "2026-09".into());
    assert_eq!(second.cast(&old).await, BallotOutcome::Counted);
    let mut last = third.ballot(&case, "lift").await;
    last.rule_version = "2026-09".into();
    assert_eq!(third.cast(&last).await, BallotOutcome::Counted);
    let record: VerdictRecord = first.get(&format!("/api/v1/verdicts/{case}/1")).await.json();
    let verdict: Verdict = open_text(&record.signed, &world.keys()).unwrap();
    let counts: Vec<u32> = verdict.counts.iter().map(|count| count.ballots).collect();
    assert_eq!(counts, [2, 1, 0], "ballots on either version count");
    let bodies = ballots::bodies(&mut world.app.db.read().await.unwrap(), &case, 1).await.unwrap();
    assert_eq!(bodies.iter().filter(|ballot| ballot.pack_sha256 == sha256).count(), 2, "each names its own");
}

#[tokio::test]
async fn the_version_before_goes_to_nobody_but_who_voted_on_it() {
    let world = World::new().await;
    let (case, _, panel) = voting(&world, "before").await;
    let old = panel[1].seat_of(&case).await.pack.sha256;
    let file = document(&world, &case).await.2.case.evidence[2].body.clone().unwrap().sha256;
    assert_eq!(panel[0].vote(&case, "lift").await, BallotOutcome::Counted);
    let status = async |reviewer: &Reviewer<'_>, path: String| reviewer.get(&path).await.status;
    let (pack, evidence) = (format!("/api/v1/packs/{old}"), format!("/api/v1/evidence/{file}"));
    assert_eq!(status(&panel[1], evidence.clone()).await, StatusCode::OK, "before, a file of it is to be had");

    // The listing was not masked: it goes, and nobody had cited it.
    let became = amend(&world, "before", |case| drop(case["evidence"].as_array_mut().unwrap().remove(2))).await;
    assert_eq!(became, Imported::Amended(case.clone(), 2));
    assert_eq!(status(&panel[0], pack.clone()).await, StatusCode::OK, "it is what this ballot was cast on");
    assert_eq!(status(&panel[1], pack.clone()).await, StatusCode::NOT_FOUND, "and nobody else's business");
    assert_eq!(status(&panel[1], evidence).await, StatusCode::NOT_FOUND, "nor is what was taken out");
    let new = panel[1].seat_of(&case).await.pack.sha256;
    assert_eq!(status(&panel[1], format!("/api/v1/packs/{new}")).await, StatusCode::OK, "the new one is");

    // Back to what it was: a version of its own, not the one before.
    assert_eq!(amend(&world, "before", |_| ()).await, Imported::Amended(case.clone(), 3));
    assert_ne!(panel[1].seat_of(&case).await.pack.sha256, old);
}

#[tokio::test]
async fn what_cannot_be_amended_is_refused_in_words_and_left_as_it_is() {
    type Change = Box<dyn FnOnce(&mut Value)>;
    let world = World::new().await;
    let (case, folder, panel) = voting(&world, "refused").await;
    assert_eq!(panel[0].vote(&case, "lift").await, BallotOutcome::Counted);
    let newest = world.app.newest_change().await.unwrap();
    let without =
        |field: &'static str, n: usize| move |case: &mut Value| drop(case[field].as_array_mut().unwrap().remove(n));
    let refusals: [(&str, Change); 5] = [
        (
            "refused/case.json: type: a case keeps its type",
            Box::new(|case| case["type"] = json!("spam_listing_appeal")),
        ),
        ("refused/case.json: vote_system: a panel that votes", Box::new(|case| case["vote_system"] = vote_system(5))),
        (
            "refused/case.json: a ballot that was cast would no longer hold: cited evidence",
            Box::new(|case| {
                case["evidence"][0]["id"] = json!("p-0");
            }),
        ),
        ("refused/case.json: evidence: a case of type", Box::new(without("evidence", 3))),
        ("refused/case.json: titel: unknown field", Box::new(|case| case["titel"] = json!("x"))),
    ];
    for (wanted, change) in refusals {
        let became = amend(&world, "refused", change).await;
        let Imported::Refused(fault) = became else { panic!("{wanted}: {became:?}") };
        assert!(fault.to_string().starts_with(wanted), "{fault}\nwanted {wanted}");
    }
    assert_eq!(amend(&world, "refused", |_| ()).await, Imported::Unchanged(case.clone()), "as it is");
    let Imported::Refused(fault) = amend(&world, "unheard-of", |_| ()).await else { panic!("nobody knows it") };
    assert!(fault.to_string().contains("id: no case has this number"), "{fault}");
    assert_eq!(world.app.newest_change().await.unwrap(), newest, "nobody hears of any of it");

    assert_eq!(panel[1].vote(&case, "lift").await, BallotOutcome::Counted, "that decides it");
    let Imported::Refused(fault) = amend(&world, "refused", new_rule).await else { panic!("it is decided") };
    assert!(fault.to_string().starts_with("refused/case.json: id: its panel does not vote any more"), "{fault}");
    assert_eq!(document(&world, &case).await.1, 1, "the pack is the first one");
    let import = world.import(&folder).await;
    assert!(
        matches!(import, Imported::Refused(fault) if fault.reason.contains("docket amend")),
        "import replaces nothing"
    );
}

#[tokio::test]
async fn a_window_that_has_ended_is_not_amended_before_it_is_counted_either() {
    let world = World::new().await;
    let (case, ..) = voting(&world, "over").await;
    world.clock.advance(86_400);
    let Imported::Refused(fault) = amend(&world, "over", new_rule).await else { panic!("its window has ended") };
    assert!(fault.reason.contains("does not vote any more"), "{fault}");
    assert_eq!(document(&world, &case).await.1, 1);
}

#[tokio::test]
async fn an_amended_case_keeps_the_type_that_it_was_opened_with() {
    let world = World::new().await;
    let (case, folder, _) = voting(&world, "typed").await;
    let mut types: Vec<Value> = serde_json::from_str(include_str!("../../seed/case-types.json")).unwrap();
    let mut own = types.remove(types.iter().position(|t| t["code"] == "wrong_category_appeal").unwrap());
    own["options"].as_array_mut().unwrap().truncate(1);
    let docket = world.folder.path().join("docket");
    std::fs::create_dir_all(docket.join("cases/typed")).unwrap();
    std::fs::write(docket.join("docket.json"), json!({"format": 1, "case_types": [own]}).to_string()).unwrap();
    let mut changed: Value = serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap();
    new_rule(&mut changed);
    std::fs::write(docket.join("cases/typed/case.json"), changed.to_string()).unwrap();
    let report = world.app.amend(&docket).await.unwrap();
    assert_eq!(report.cases, [("typed".to_owned(), Imported::Amended(case.clone(), 2))]);
    assert_eq!(document(&world, &case).await.2.case_type.options.len(), 3, "what is asked stays");
    let kept = "wrong_category_appeal".parse().unwrap();
    let kept = cases::case_type(&mut world.app.db.read().await.unwrap(), &kept).await.unwrap().unwrap();
    assert_eq!(kept.options.len(), 3, "and no type comes in by the way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_takes_notice_of_an_amendment() {
    // The other process has the machine's clock.
    let world = World::with(|config| config.clock = Arc::new(SystemClock)).await;
    let case = world.open_case("noticed", 5).await;
    let folder = world.case_folder("noticed", new_rule);
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    world.app.fill_panels().await.unwrap();
    let data = world.folder.path().join("data");
    let mut config = Config::new(&data, SocketAddr::from(([127, 0, 0, 1], 0)));
    config.tick = Some(Duration::from_millis(50));
    let server = Server::start(config).await.unwrap();
    let newest = server.app.newest_change().await.unwrap();
    let mut commits = server.app.commits();
    let mut woken = async || tokio::time::timeout(Duration::from_secs(20), commits.changed()).await;
    woken().await.expect("the first tick finds what was there before").unwrap();
    let amended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingli-server"));
        command.args(["docket", "amend"]).arg(folder).arg("--data").arg(data).output().unwrap()
    });
    let told = String::from_utf8(amended.await.unwrap().stdout).unwrap();
    assert_eq!(told, format!("amended    {case} (version 2)\n1 cases, 0 refused\n"));
    assert!(server.app.newest_change().await.unwrap() > newest, "the seat is in the feed");
    woken().await.expect("whoever listens is woken").unwrap();
    server.stop().await;
}
