//! Cases that the demo makes itself, as intake folders: three small ones for the history, from
//! `seed/history.json`, and one large one whose chat and pictures are generated.

use crate::error::{Error, Result};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use rand::{Rng, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// Messages of the large case, where nothing else is asked for.
pub const LARGE_MESSAGES: u32 = 20_000;
/// The most messages that it may have.
pub const MOST_MESSAGES: u32 = 1_000_000;

/// The number of the large case.
pub(crate) const LARGE: &str = "large-wholesale";

/// A folder that is gone when it is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind it would only take up room.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes a folder for generated cases below the data folder.
pub(crate) fn scratch(data: &Path, name: &str) -> Result<Scratch> {
    let path = data.join("incoming").join(format!("{name}-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(path.join("cases")).map_err(Error::file("make a folder for generated cases"))?;
    Ok(Scratch(path))
}

fn write(folder: &Path, file: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(file);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(Error::file(format!("make {}", parent.display())))?;
    }
    std::fs::write(&path, bytes).map_err(Error::file(format!("write {}", path.display())))
}

/// Writes the three small cases, for a panel of everybody.
pub(crate) fn write_history(docket: &Path, panel: u32) -> Result<()> {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../seed/history.json"))?;
    for mut case in cases {
        case["vote_system"] = json!({
            "panel_size": panel, "rule": {"kind": "plurality"}, "quorum": panel.min(5), "early_finish": true,
            "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86_400,
            "seat_lease_seconds": 43_200, "late_ballot": "recorded",
        });
        let id = case["id"].as_str().unwrap_or("history").to_owned();
        write(&docket.join("cases").join(id), "case.json", case.to_string().as_bytes())?;
    }
    Ok(())
}

/// What passes between two messages on average, in seconds.
const PAUSE: i64 = 233;
const PICTURES: u32 = 60;
const BUYER: [&str; 24] = [
    "在吗",
    "这批什么时候能发",
    "上一箱有三盒是瘪的",
    "我拍给你看",
    "单号发我一下",
    "不是说好周五到吗",
    "好的收到",
    "这个颜色跟样品不一样",
    "你看左边那排",
    "数量我点了两遍，少六盒",
    "能不能先补发",
    "行吧",
    "我客户那边催得紧",
    "发票抬头别写错",
    "谢谢",
    "晚上再说，在开车",
    "这次的胶带没封牢",
    "箱子角上湿了",
    "可以，按你说的来",
    "之前谈的价别变啊",
    "我再等两天",
    "仓库说没收到",
    "你们换快递了？",
    "这盒拆开里面是散的",
];
const SELLER: [&str; 24] = [
    "在的亲",
    "今天下午统一发",
    "麻烦拍一下外箱和面单",
    "我让仓库查一下",
    "单号稍后给您",
    "这两天爆单，稍微慢一点",
    "收到，马上登记",
    "样品是上一批的，批次会有一点色差",
    "补发可以，跟下一批一起走",
    "亲数一下内盒，有两层",
    "好的好的",
    "我跟主管申请",
    "运费我们出",
    "发票月底一起开",
    "不客气",
    "已经催了",
    "这个得算物流的，我们帮您理赔",
    "您先别拒收",
    "给您记 20 个点的补贴",
    "价格不变，放心",
    "仓库监控调了，出库是够的",
    "换成示例快递了，更快些",
    "散的您留着，补您一盒",
    "明天给您答复",
];

/// Writes the large case: so many messages of a wholesale order, 20,000 for two months, and 60 pictures.
/// The same each time.
pub(crate) fn write_large_case(docket: &Path, messages: u32) -> Result<()> {
    let folder = docket.join("cases").join(LARGE);
    let mut rng = StdRng::seed_from_u64(20_000);
    let mut media = Vec::new();
    for n in 1..=PICTURES {
        let file = format!("photos/box-{n:02}.jpg");
        write(&folder, &file, &draw_picture(&mut rng)?)?;
        media.push(file);
    }
    write_chat(&folder.join("chat.json"), messages, &mut rng, &media)
        .map_err(Error::file("write the chat of a generated case"))?;
    write(&folder, "case.json", case(messages, &media).to_string().as_bytes())
}

/// Writes the chat message by message: a million of them do not fit well into memory.
fn write_chat(path: &Path, count: u32, rng: &mut StdRng, media: &[String]) -> std::io::Result<()> {
    let head = json!({
        "kind": "chat_log", "platform": "示例平台聊天", "time_zone": "Asia/Shanghai", "complete": true,
        "participants": [{"id": "b", "side": "buyer", "alias": "何**"}, {"id": "s", "side": "seller", "alias": "齐***包装"}],
    })
    .to_string();
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(head.trim_end_matches('}').as_bytes())?;
    file.write_all(b",\"messages\":[")?;
    for (n, message) in messages(count, rng, media).enumerate() {
        let comma = if n == 0 { "" } else { ",\n" };
        write!(file, "{comma}{message}")?;
    }
    file.write_all(b"]}")?;
    file.into_inner()?.sync_all()
}

fn messages(count: u32, rng: &mut StdRng, media: &[String]) -> impl Iterator<Item = Value> {
    // However long it is, the log ends at about the same time: none of it lies in the future.
    let begin = 1_788_228_000 - (i64::from(count) - i64::from(LARGE_MESSAGES)) * PAUSE;
    let mut at = jiff::Timestamp::from_second(begin).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let shanghai = jiff::tz::Offset::constant(8);
    let every = (count / PICTURES).max(1);
    (1..=count).map(move |seq| {
        let pause = if rng.random_bool(0.004) { rng.random_range(3_600..9 * 3_600) } else { rng.random_range(4..320) };
        at += jiff::SignedDuration::from_secs(pause);
        let buyer = rng.random_bool(0.5);
        let text = if buyer { BUYER.choose(rng) } else { SELLER.choose(rng) }.copied().unwrap_or_default();
        let mut message = json!({
            "seq": seq, "at": at.display_with_offset(shanghai).to_string(),
            "from": if buyer { "b" } else { "s" }, "text": text,
        });
        if seq % every == 0
            && let Some(file) = media.get((seq / every - 1) as usize)
        {
            message["media"] = json!([file]);
        }
        if seq > 30 && rng.random_bool(0.02) {
            message["quotes"] = json!(seq - rng.random_range(1..30));
        }
        message
    })
}

fn case(messages: u32, media: &[String]) -> Value {
    let named: Vec<Value> = media.iter().map(|file| json!({"file": file})).collect();
    let photos: Vec<Value> = media.iter().take(24).map(|file| json!({"file": file, "group": "received"})).collect();
    let statement = |side: &str, text: &str| json!({"kind": "statement", "side": side, "paragraphs": [text]});
    let yuan = |fen: i64| json!({"minor": fen, "currency": "CNY"});
    json!({
        "format": 1, "id": LARGE, "type": "transaction_dispute", "language": "zh-Hans",
        "time_zone": "Asia/Shanghai", "title": format!("批发订单（{messages} 条聊天）：少发、压损与色差"),
        "summary": "买家分批订购包装盒，称多批少发、压损、与样品有色差，要求退回部分货款。本案由程序生成，用来显示很大的案件。",
        "rule_version": "2026-01",
        "parties": [
            {"side": "buyer", "role": "claimant", "alias": "何**"},
            {"side": "seller", "role": "respondent", "alias": "齐***包装"},
        ],
        "claims": [
            {"side": "buyer", "text": "退回货款 1,860 元。", "amount": yuan(186_000)},
            {"side": "seller", "text": "不同意退款，已补发并补贴。"},
        ],
        "issues": [
            {"id": "i-1", "text": "各批次的数量是否足额？", "burden": "seller"},
            {"id": "i-2", "text": "压损由包装还是运输造成？"},
            {"id": "i-3", "text": "色差是否超出约定？", "burden": "buyer"},
        ],
        "evidence": [
            {"id": "p-1", "side": "platform", "kind": "chat_log", "title": "聊天记录（全部批次）", "grade": "platform_record",
             "body_file": "chat.json", "media": named},
            {"id": "p-2", "side": "platform", "kind": "order", "title": "订单", "grade": "platform_record", "body": {
                "kind": "order", "number": "2026****0020",
                "items": [{"title": "飞机盒 三层 E 瓦", "options": [{"name": "规格", "value": "20×14×6 cm"}], "price": yuan(93), "quantity": 20_000}],
                "amounts": [{"kind": "goods", "amount": yuan(1_860_000)}, {"kind": "paid", "amount": yuan(1_860_000)}],
            }},
            {"id": "b-1", "side": "buyer", "kind": "statement", "title": "买家情况说明", "grade": "party_submission",
             "body": statement("buyer", "十二批货里有七批对不上数，照片都在聊天里。补发的又有压坏的。")},
            {"id": "b-2", "side": "buyer", "kind": "image", "title": "到货照片", "grade": "party_submission", "media": photos},
            {"id": "s-1", "side": "seller", "kind": "statement", "title": "卖家情况说明", "grade": "party_submission",
             "body": statement("seller", "出库都有记录，少的当时就补了。纸箱批次之间有色差，合同里写了。")},
        ],
        "disputed": yuan(186_000),
        "consequences": {"support_buyer": "退回 ¥1,860.00", "support_seller": "不退款"},
        "conflict": {"category": "包装材料 / 纸盒", "shop": "齐***包装", "region": "河北沧州 → 上海"},
        "example": true,
    })
}

/// Draws something like stacked boxes: a lit wall, a floor, and boxes with shaded sides and tape.
fn draw_picture(rng: &mut StdRng) -> Result<Vec<u8>> {
    let (width, height) = (1280_u32, 960_u32);
    let warm = rng.random_range(0..30_u8);
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        let wall = y < height * 3 / 5;
        let light = 200 - (x / 16) as u8 - if wall { 0 } else { 70 };
        let grain = ((x * 31 + y * 57) % 7) as u8;
        Rgb([light.saturating_add(warm).saturating_sub(grain), light.saturating_sub(grain), light.saturating_sub(warm)])
    });
    for _ in 0..rng.random_range(3..9) {
        let (w, h) = (rng.random_range(160..360_u32), rng.random_range(120..260_u32));
        let (x, y) = (rng.random_range(20..width - w - 20), rng.random_range(height / 4..height - h - 20));
        let tone = rng.random_range(120..190_u8);
        fill(&mut picture, x, y, w, h, [tone, tone - 30, tone - 70]);
        fill(&mut picture, x, y, w, h / 8, [tone + 40, tone + 8, tone - 40]);
        fill(&mut picture, x + w - w / 7, y, w / 7, h, [tone - 40, tone - 66, tone - 90]);
        fill(&mut picture, x, y + h / 2, w, 14, [214, 196, 150]);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 82)
        .encode_image(&picture)
        .map_err(|e| Error::Broken(format!("draw a picture: {e}")))?;
    Ok(jpeg)
}

fn fill(picture: &mut RgbImage, x: u32, y: u32, w: u32, h: u32, colour: [u8; 3]) {
    for row in y..(y + h).min(picture.height()) {
        for column in x..(x + w).min(picture.width()) {
            let shade = ((column * 13 + row * 29) % 9) as u8;
            picture.put_pixel(column, row, Rgb(colour.map(|c| c.saturating_sub(shade))));
        }
    }
}
