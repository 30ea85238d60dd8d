//! Pictures from the operator's folder to the reviewer's screen: thumbnails, parts, pages.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on must fail")]

use pingli_client::{Client, Region, Rendition, view::RowState};
use pingli_protocol::{EvidenceId, IntentId, SeatId, UtcInstant, seat::RecuseReason};
use pingli_tests::{Desk, Hall, new_id};
use std::collections::BTreeSet;

/// A picture without compression: red on the left, blue on the right.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).div_ceil(4) * 4;
    let mut bytes = b"BM".to_vec();
    bytes.extend((54 + row * height).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend([54_u32, 40, width, height].map(u32::to_le_bytes).concat());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    for _ in 0..height {
        let colour = |x: u32| if x < width / 2 { [0, 0, 255] } else { [255, 0, 0] };
        let line: Vec<u8> = (0..width).flat_map(colour).chain(std::iter::repeat(0)).take(row as usize).collect();
        bytes.extend(line);
    }
    bytes
}

/// A PDF of two pages, one lying and one standing.
fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 400] >>",
    ];
    let mut text = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, body) in (1..).zip(objects) {
        places.push(text.len());
        text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }
    let table = text.len();
    text.push_str("xref\n0 5\n0000000000 65535 f \n");
    places.iter().for_each(|place| text.push_str(&format!("{place:010} 00000 n \n")));
    text.push_str(&format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    text.into_bytes()
}

/// Pixels across and down, from a baseline JPEG's frame.
fn size(jpeg: &[u8]) -> (u16, u16) {
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).expect("a baseline JPEG") + 5;
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    (number(frame + 2), number(frame))
}

async fn open_pictures(hall: &Hall) -> (Desk, SeatId) {
    hall.add_reviewer("lin", "correct horse").await;
    let files = [("wide.bmp", bitmap(480, 192)), ("note.pdf", pdf()), ("torn.jpg", b"\xff\xd8\xff\xe0torn".to_vec())];
    hall.open_case_with_files("pictures-1", 1, &files).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    let ready = desk.row(|row| row.state == RowState::ReadyOffline).await;
    desk.client.open_case(ready.seat.clone()).await.unwrap();
    (desk, ready.seat)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_small_large_and_in_parts_and_a_document_page_by_page() {
    let hall = Hall::open(UtcInstant::from_millis(1_790_000_000_000)).await;
    let (desk, seat) = open_pictures(&hall).await;
    let photos: EvidenceId = "p-9".parse().unwrap();
    let show = |index, rendition| desk.client.picture(seat.clone(), photos.clone(), index, rendition);
    let part = |halvings, x, y, width, height| Rendition::Region(Region { halvings, x, y, width, height });

    assert_eq!(size(&show(0, Rendition::Thumb).await.unwrap()), (320, 128));
    assert_eq!(size(&show(0, Rendition::Screen).await.unwrap()), (480, 192));
    assert_eq!(size(&show(0, part(0, 320, 16, 160, 176)).await.unwrap()), (160, 176));
    assert_eq!(size(&show(0, part(1, 0, 0, 480, 192)).await.unwrap()), (240, 96));
    assert_eq!(size(&show(1, Rendition::Page(0)).await.unwrap()), (2_048, 1_024), "the first page lies");
    assert_eq!(size(&show(1, Rendition::Page(1)).await.unwrap()), (1_024, 2_048), "the second stands");

    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let media = &room.document.case.evidence(&photos).unwrap().media;
    assert_eq!(media[1].pages, Some(2), "intake counts the pages");
    assert!(media[2].damage.is_some() && media[2].preview.is_none(), "a torn file is told");
    for (index, rendition, why) in [
        (0, part(0, 321, 0, 160, 10), "over the edge"),
        (0, Rendition::Page(0), "a photo has no pages"),
        (1, Rendition::Page(2), "there is no third page"),
        (1, part(0, 0, 0, 100, 100), "a document has pages, not parts"),
        (2, Rendition::Screen, "nothing of it can be shown"),
        (3, Rendition::Thumb, "there is no fourth file"),
    ] {
        let code = show(index, rendition).await.map(|_| ()).expect_err(why).code();
        assert!(code == "not_found" || code.starts_with("media_"), "{why}: {code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_parts_at_once_are_all_answered() {
    let hall = Hall::open(UtcInstant::from_millis(1_790_000_000_000)).await;
    let (desk, seat) = open_pictures(&hall).await;
    let photos: EvidenceId = "p-9".parse().unwrap();
    let asked: Vec<_> = (0..10)
        .map(|n| {
            let region = Region { halvings: 0, x: n * 30, y: n * 9, width: 160, height: 100 };
            tokio::spawn({
                let (client, seat, photos) = (desk.client.clone(), seat.clone(), photos.clone());
                async move { client.picture(seat, photos, 0, Rendition::Region(region)).await }
            })
        })
        .collect();
    for answer in asked {
        assert_eq!(size(&answer.await.unwrap().unwrap()), (160, 100));
    }
}

/// A reviewer with two cases that are ready offline, each with a picture.
async fn two_cases() -> (Hall, Desk, [SeatId; 2]) {
    let hall = Hall::open(UtcInstant::from_millis(1_790_000_000_000)).await;
    hall.add_reviewer("lin", "correct horse").await;
    for case in ["pictures-1", "pictures-2"] {
        hall.open_case_with_files(case, 1, &[("wide.bmp", bitmap(480, 192))]).await;
    }
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let mut seats = Vec::new();
    for row in desk.client.docket().await.unwrap().rows {
        desk.client.accept_seat(new_id::<IntentId>(), row.seat.clone()).await.unwrap();
        desk.row_of(row.case.as_str(), |row| row.state == RowState::ReadyOffline).await;
        seats.push(row.seat);
    }
    (hall, desk, seats.try_into().expect("two seats"))
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_shown_of_the_open_case_alone() {
    let (_hall, desk, [first, second]) = two_cases().await;
    desk.client.open_case(first.clone()).await.unwrap();

    let photos: EvidenceId = "p-9".parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let shown = async |seat: &SeatId| {
        let mut kinds = BTreeSet::new();
        for rendition in [Rendition::Thumb, Rendition::Screen] {
            kinds.insert(desk.client.picture(seat.clone(), photos.clone(), 0, rendition).await.is_ok());
        }
        let file = folder.path().join("original");
        kinds.insert(desk.client.export_original(seat.clone(), photos.clone(), 0, &file).await.is_ok());
        kinds.into_iter().collect::<Vec<_>>()
    };
    assert_eq!((shown(&first).await, shown(&second).await), (vec![true], vec![false]), "only one is open");
    desk.client.open_case(second.clone()).await.unwrap();
    assert_eq!((shown(&first).await, shown(&second).await), (vec![false], vec![true]), "opening one leaves the other");
    desk.client.close_case(first.clone()).await.unwrap();
    assert_eq!(shown(&second).await, [true], "a late word about the other closes nothing");
    desk.client.close_case(second.clone()).await.unwrap();
    assert_eq!((shown(&first).await, shown(&second).await), (vec![false], vec![false]), "nothing is open");
    desk.client.open_case(first.clone()).await.unwrap();
    assert_eq!(shown(&first).await, [true], "and it can be opened again");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_go_to_a_window_of_its_own_case_alone() {
    let (_hall, desk, [a, b]) = two_cases().await;
    let photos: EvidenceId = "p-9".parse().unwrap();
    let (main, second) = (desk.client.in_window("main"), desk.client.in_window("second"));
    let shown = async |window: &Client| {
        let mut kinds = Vec::new();
        for seat in [&a, &b] {
            let small = window.picture(seat.clone(), photos.clone(), 0, Rendition::Thumb).await.is_ok();
            let part = Rendition::Region(Region { halvings: 0, x: 0, y: 0, width: 64, height: 64 });
            let large = window.picture(seat.clone(), photos.clone(), 0, part).await.is_ok();
            let name = window.original_name(seat, &photos, 0).await.is_ok();
            assert!(small == large && large == name, "one rule for all that is shown");
            kinds.push(small);
        }
        kinds
    };
    main.open_case(a.clone()).await.unwrap();
    assert_eq!((shown(&main).await, shown(&second).await), (vec![true, false], vec![false, false]), "one has one");
    second.open_case(b.clone()).await.unwrap();
    for _ in 0..2 {
        let both = (shown(&main).await, shown(&second).await);
        assert_eq!(both, (vec![true, false], vec![false, true]), "each its own, made anew and from memory");
    }
    second.open_case(a.clone()).await.unwrap();
    assert_eq!((shown(&main).await, shown(&second).await), (vec![true, false], vec![true, false]), "one case twice");
    main.close_case(a.clone()).await.unwrap();
    assert_eq!((shown(&main).await, shown(&second).await), (vec![false, false], vec![true, false]), "one leaves");
    main.open_case(b.clone()).await.unwrap();
    second.close_window();
    assert_eq!((shown(&main).await, shown(&second).await), (vec![false, true], vec![false, false]), "one closes");
    second.open_case(a.clone()).await.unwrap();
    main.recuse_seat(new_id(), a.clone(), RecuseReason::KnowsParty).await.unwrap();
    assert_eq!(
        (shown(&main).await, shown(&second).await),
        (vec![false, true], vec![false, false]),
        "given up in the other"
    );
    main.sign_out().await.unwrap();
    assert_eq!((shown(&main).await, shown(&second).await), (vec![false, false], vec![false, false]), "nobody is there");
}
