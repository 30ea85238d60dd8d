//! Intake: what is taken in, and how exactly a refusal says what is wrong.

use crate::world::World;
use pingli_casepack::PackLimits;
use pingli_protocol::case::CaseDocument;
use pingli_server::intake::Imported;
use serde_json::{Value, json};
use std::fs::File;

async fn refusal(id: &str, change: impl FnOnce(&mut Value)) -> String {
    let world = World::new().await;
    let folder = world.case_folder(id, change);
    match world.import(&folder).await {
        Imported::Refused(fault) => fault.to_string(),
        other => panic!("{id} was not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_names_file_field_and_reason() {
    for (id, change, wanted) in [
        (
            "unknown-field",
            (|c| c["titel"] = json!("x")) as fn(&mut Value),
            "unknown-field/case.json: titel: unknown field",
        ),
        ("no-type", |c| c["type"] = json!("nothing"), "no-type/case.json: type: no such case type"),
        (
            "bad-side",
            |c| c["evidence"][0]["side"] = json!("nobody"),
            "bad-side/case.json: evidence[0].side: unknown variant",
        ),
        (
            "stranger",
            |c| c["evidence"][0]["side"] = json!("owner"),
            "stranger/case.json: evidence[0].side: not one of the parties",
        ),
        ("twice", |c| c["evidence"][1]["id"] = json!("p-1"), "twice/case.json: evidence[1].id: used twice"),
        (
            "unheard",
            |c| drop(c["evidence"].as_array_mut().unwrap().pop()),
            "unheard/case.json: evidence: a case of type wrong_category_appeal needs a statement",
        ),
        (
            "wrong-body",
            |c| c["evidence"][0]["body"] = json!({"kind": "statement", "side": "platform", "paragraphs": []}),
            "wrong-body/case.json: evidence[0].body.kind: is not a body of this kind",
        ),
        (
            "half-body",
            |c| drop(c["evidence"][0]["body"].as_object_mut().unwrap().remove("title")),
            "half-body/case.json: evidence[0].body",
        ),
        ("option", |c| c["consequences"] = json!({"win": "x"}), "option/case.json: consequences.win: not an option"),
        (
            "lease",
            |c| c["vote_system"]["seat_lease_seconds"] = json!(86400),
            "lease/case.json: vote_system: seat lease",
        ),
        ("future", |c| c["format"] = json!(2), "future/case.json: format: this server reads format 1"),
        (
            "no-time",
            |c| c["claims"][0]["filed_at"] = json!("2026-10-09"),
            "no-time/case.json: claims[0].filed_at: not an RFC 3339 time",
        ),
    ] {
        let told = refusal(id, change).await;
        assert!(told.starts_with(wanted), "{told}\nwanted {wanted}");
    }
}

#[tokio::test]
async fn a_chat_in_a_file_of_its_own_is_a_chat_and_a_fault_in_it_is_named() {
    let message = |seq: u32, from: &str| json!({"seq": seq, "from": from, "text": "a"});
    let chat = |messages: Value| {
        json!({"platform": "p", "participants": [{"id": "b", "side": "buyer", "alias": "林**"}],
               "time_zone": "Asia/Shanghai", "complete": true, "messages": messages})
    };
    let mut an_order = chat(json!([]));
    an_order["kind"] = json!("order");
    for (id, body, wanted) in [
        ("chat-kind", an_order, "chat-kind/chat.json: kind: is not a body of this kind"),
        (
            "chat-type",
            chat(json!([message(1, "b"), {"seq": "2"}])),
            "chat-type/chat.json: messages[1].seq: invalid type",
        ),
        (
            "chat-who",
            chat(json!([message(1, "x")])),
            "chat-who/chat.json: messages[0].from: not one of the participants",
        ),
        ("chat-seq", chat(json!([message(2, "b"), message(2, "b")])), "chat-seq/chat.json: messages[1].seq: must rise"),
        ("chat-good", chat(json!([message(1, "b"), message(3, "b")])), ""),
    ] {
        let world = World::new().await;
        let folder = world.case_folder(id, |case| {
            let log = json!({"id": "p-9", "side": "platform", "kind": "chat_log", "title": "聊天记录",
                             "grade": "platform_record", "body_file": "chat.json"});
            case["evidence"].as_array_mut().unwrap().push(log);
        });
        std::fs::write(folder.join("chat.json"), body.to_string()).unwrap();
        match world.import(&folder).await {
            Imported::Refused(fault) => {
                let told = fault.to_string();
                assert!(!wanted.is_empty() && told.starts_with(wanted), "{told}\nwanted {wanted}");
            }
            other => assert!(wanted.is_empty(), "{id} was not refused: {other:?}"),
        }
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let media = |file: &str| {
        let file = file.to_owned();
        move |case: &mut Value| {
            case["evidence"].as_array_mut().unwrap().push(json!({
                "id": "x-1", "side": "platform", "kind": "image", "title": "x", "grade": "platform_record",
                "media": [{"file": file}],
            }));
        }
    };
    for path in ["../case.json", "/etc/hostname", "a/../../b", "C:\\x", "..\\x", "", "."] {
        let told = refusal("escape", media(path)).await;
        assert!(
            told.contains("evidence[5].media[0].file: not a path inside")
                || told.contains("evidence[4].media[0].file: not a path inside"),
            "{path:?}: {told}"
        );
    }
    let told = refusal("missing", media("photos/none.jpg")).await;
    assert!(told.contains("there is no such file: photos/none.jpg"), "{told}");
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let world = World::new().await;
    let folder = world.case_folder("linked", |case| {
        case["evidence"][0]["body_file"] = json!("body.json");
        case["evidence"][0].as_object_mut().unwrap().remove("body");
    });
    std::os::unix::fs::symlink("/etc/hostname", folder.join("body.json")).unwrap();
    let Imported::Refused(fault) = world.import(&folder).await else { panic!("a link was followed") };
    assert!(fault.reason.contains("a link"), "{fault}");
}

#[tokio::test]
async fn the_same_folder_again_changes_nothing_and_another_with_its_number_is_refused() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let folder = world.case_folder("again", |_| ());
    assert!(matches!(world.import(&folder).await, Imported::Opened(_)));
    let before = lin.changes("0").await.cursor;
    assert!(matches!(world.import(&folder).await, Imported::Unchanged(_)));
    assert_eq!(lin.changes("0").await.cursor, before);
    let other = world.case_folder("again", |case| case["title"] = json!("another"));
    let Imported::Refused(fault) = world.import(&other).await else { panic!("a case was replaced in silence") };
    assert_eq!(fault.field, "id");
}

#[tokio::test]
async fn pictures_get_previews_and_damaged_ones_say_so() {
    let world = World::new().await;
    let folder = world.case_folder("pictures", |case| {
        case["evidence"].as_array_mut().unwrap().push(json!({
            "id": "a-9", "side": "appellant", "kind": "image", "title": "照片", "grade": "party_submission",
            "media": [{"file": "good.png", "caption": "好的"}, {"file": "bad.jpg"}],
        }));
    });
    image::RgbImage::from_pixel(40, 30, image::Rgb([200, 120, 40])).save(folder.join("good.png")).unwrap();
    std::fs::write(folder.join("bad.jpg"), b"\xff\xd8\xff\xe0 not a picture").unwrap();
    let Imported::Opened(id) = world.import(&folder).await else { panic!("refused") };
    let pack = world.app.build_pack(id.as_str()).await.unwrap();
    let mut file = File::open(pack.path).unwrap();
    let verified = pingli_casepack::verify(&mut file, &world.keys(), &PackLimits::default()).unwrap();
    let document: CaseDocument = verified.document;
    let media = &document.case.evidence.last().unwrap().media;
    assert_eq!((media[0].width, media[0].height, media[0].damage), (40, 30, None));
    assert_eq!(media[0].preview.as_ref().unwrap().media_type, "image/jpeg");
    assert!(media[0].perceptual_hash.is_some());
    assert!(media[1].preview.is_none() && media[1].damage.is_some(), "what cannot be read says so");
}

#[test]
fn the_shipped_case_types_can_all_reach_a_verdict() {
    let types: Vec<pingli_protocol::case_type::CaseType> =
        serde_json::from_str(include_str!("../../seed/case-types.json")).unwrap();
    assert_eq!(types.len(), 10);
    for case_type in &types {
        assert_eq!(case_type.vote_system.check(), Ok(()), "{}", case_type.code);
        for reason in &case_type.reason_codes {
            assert!(
                reason.options.iter().all(|id| case_type.option(id).is_some()),
                "{} {}",
                case_type.code,
                reason.code
            );
        }
        for option in &case_type.options {
            let some = case_type.reason_codes.iter().any(|reason| reason.options.contains(&option.id));
            assert!(some, "{} has no reason for {}", case_type.code, option.id);
        }
    }
}
