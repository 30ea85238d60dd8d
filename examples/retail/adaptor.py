#!/usr/bin/env python3
"""Turns a folder of retail customer-service records into an intake folder.

    adaptor.py SOURCE OUT

SOURCE has retail/dialogues.jsonl, retail/orders.json, retail/users.json, retail/products.json and
retail/policy.md (each of them may be missing but the dialogues) and photos below photos/. OUT becomes
an intake folder as docs/intake.md describes it: one case per dialogue, ready for `docket import` and
for `./run --docket OUT`. Nothing is invented: where the records have no time, the case has none.

It shows how such an adaptor is written: read (records.py), mask (mask.py), map (here). Only Python's
standard library is used.
"""

import json
import re
import shutil
import sys
from collections import defaultdict
from pathlib import Path

from mask import Mask
from records import Dialogue, Source, cents

PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".webp", ".gif", ".bmp", ".pdf"}
# What a buyer may ask for, the words that show it, and the heading of the rule about it.
REQUESTS = {
    "cancel": ("a cancellation", "cancel"),
    "return": ("a return", "return"),
    "exchange": ("an exchange", "exchange"),
    "address": ("a new address", "address"),
    "payment": ("another way to pay", "payment"),
    "modify": ("a change of the order", "modify"),
}

CASE_TYPE = {
    "code": "retail_service",
    "title": {"zh-Hans": "客服处理评审", "en": "Customer service review"},
    "question": {
        "zh-Hans": "店铺对这位买家的处理，符合它自己的规则吗？",
        "en": "Did the shop treat this buyer as its own rules say?",
    },
    "options": [
        {
            "id": "support_buyer",
            "title": {"zh-Hans": "支持买家：处理不符合规则", "en": "For the buyer: not as the rules say"},
            "kind": {"kind": "side", "side": "buyer"},
        },
        {
            "id": "support_seller",
            "title": {"zh-Hans": "支持卖家：处理符合规则", "en": "For the seller: as the rules say"},
            "kind": {"kind": "side", "side": "seller"},
        },
        {
            "id": "cannot_decide",
            "title": {"zh-Hans": "无法判断", "en": "Cannot decide"},
            "kind": {"kind": "cannot_decide"},
        },
    ],
    "required_evidence": ["chat_log"],
    "reason_codes": [
        {
            "code": "missing_evidence",
            "title": {"zh-Hans": "关键证据缺失", "en": "Decisive evidence is missing"},
            "options": ["cannot_decide"],
        },
        {
            "code": "rule_unclear",
            "title": {"zh-Hans": "规则本身不清楚", "en": "The rule itself is unclear"},
            "options": ["cannot_decide"],
        },
    ],
    "vote_system": {
        "panel_size": 31,
        "rule": {"kind": "plurality"},
        "quorum": 11,
        "early_finish": True,
        "cannot_decide": "excluded",
        "tie": "staff",
        "voting_window_seconds": 86400,
        "seat_lease_seconds": 43200,
        "late_ballot": "recorded",
    },
    "estimated_minutes": 6,
    "offline_ok": True,
    "points": 10,
    "weight": "medium",
    "line_of_defence": "transaction",
    "route": "final",
    "study_licence": "see the source's own licence",
}


def money(amount: int) -> dict:
    return {"minor": amount, "currency": "USD"}


def order_body(order: dict, mask: Mask) -> dict:
    """An order record as the body of a piece of evidence."""
    items = [
        {
            "title": str(item.get("name", "")),
            "options": [{"name": str(k), "value": str(v)} for k, v in (item.get("options") or {}).items()],
            "price": money(cents(item.get("price"))),
            "quantity": 1,
        }
        for item in order.get("items", [])
    ]
    payments = [
        {
            "kind": "refund" if entry.get("transaction_type") == "refund" else "payment",
            "amount": money(cents(entry.get("amount"))),
            "method": mask.method(str(entry.get("payment_method_id", ""))),
        }
        for entry in order.get("payment_history", [])
    ]
    goods = sum(item["price"]["minor"] for item in items)
    amounts = [{"kind": "goods", "amount": money(goods)}]
    first = next((p["amount"]["minor"] for p in payments if p["kind"] == "payment"), None)
    if first is not None:
        amounts.append({"kind": "paid", "amount": money(first)})
    address = order.get("address") or {}
    place = ", ".join(str(address[key]) for key in ("city", "state", "province", "country") if address.get(key))
    shipments = [
        {"carrier": "not recorded", "tracking": mask.number(str(number)), "sender": "seller", "scans": []}
        for parcel in order.get("fulfillments", [])
        for number in parcel.get("tracking_id", [])
    ]
    return {
        "kind": "order",
        "number": mask.order(str(order.get("order_id", ""))),
        "items": items,
        "amounts": amounts,
        "payments": payments,
        "address": place or None,
        "shipments": shipments,
        "history": [{"status": str(order.get("status", ""))}],
    }


def listing_body(name: str, product: dict) -> dict:
    """A product record as the body of a listing snapshot: its variants and what they cost."""
    figures = []
    for variant in list(product.get("variants", {}).values())[:40]:
        options = ", ".join(f"{k}: {v}" for k, v in (variant.get("options") or {}).items())
        stock = "in stock" if variant.get("available") else "not in stock"
        figures.append({"name": options, "value": f"${cents(variant.get('price')) / 100:.2f}, {stock}"})
    return {"kind": "listing_snapshot", "title": name, "figures": figures}


def rule_bodies(policy: str) -> list[dict]:
    """The shop's own rules, a paragraph each, numbered by section."""
    title, section, paragraphs, counts = "Rules", "", [], defaultdict(int)
    sections = -1
    for block in re.split(r"\n\s*\n", policy):
        block = block.strip()
        if not block:
            continue
        heading = re.match(r"(#+)\s*(.+)", block)
        if heading and len(heading[1]) == 1:
            title = heading[2].strip()
            continue
        if heading:
            section, sections = heading[2].strip(), sections + 1
            continue
        key = sections + 1
        counts[key] += 1
        text = re.sub(r"^[-*]\s*", "", block)
        paragraphs.append({"number": f"{key}.{counts[key]}", "heading": section, "text": text})
    return [{"kind": "rule_text", "title": title, "version": "1", "paragraphs": paragraphs}]


def chat_body(dialogue: Dialogue, mask: Mask) -> dict:
    """The turns of a dialogue as a chat log. The records have no times, so the messages have none."""
    messages = []
    for turn in dialogue.turns:
        message = {"seq": len(messages) + 1}
        if turn.speaker == "tool":
            message |= {"kind": "system", "text": describe_record(turn.text, mask)}
        else:
            message |= {"from": "buyer" if turn.speaker == "user" else "shop", "text": mask.text(turn.text)}
        messages.append(message)
    return {
        "kind": "chat_log",
        "platform": "Shop chat",
        "participants": [
            {"id": "buyer", "side": "buyer", "alias": "Buyer"},
            {"id": "shop", "side": "seller", "alias": "Shop assistant"},
        ],
        "time_zone": "America/New_York",
        "complete": True,
        "messages": messages,
    }


def describe_record(text: str, mask: Mask) -> str:
    """One line for a record that the shop looked up; the record itself is its own evidence."""
    try:
        record = json.loads(text)
    except ValueError:
        return "The shop's system answered: " + mask.text(text)[:200]
    if isinstance(record, dict) and "order_id" in record:
        return f"The shop looked up order {mask.order(str(record['order_id']))}: {record.get('status', 'no status')}."
    if isinstance(record, dict) and "variants" in record:
        return f"The shop looked up the product {record.get('name', '')}."
    if isinstance(record, dict) and "email" in record:
        return "The shop looked up the buyer's account."
    if isinstance(record, dict):
        return "The shop looked up its list of products."
    return "The shop's system answered: " + mask.text(str(record))[:200]


def requests_of(dialogue: Dialogue) -> list[str]:
    """What the buyer asked for, by the words the buyer used."""
    said = " ".join(turn.text.lower() for turn in dialogue.turns if turn.speaker == "user")
    return [key for key, (_, word) in REQUESTS.items() if word in said]


def build_case(number: int, dialogue: Dialogue, source: Source, photos: list[Path], out: Path) -> None:
    """Writes one case folder."""
    mask = Mask(source.people_of(dialogue))
    folder = out / "cases" / f"retail-{number:04d}"
    folder.mkdir(parents=True)
    orders = source.orders_of(dialogue)
    asked = requests_of(dialogue)
    wanted = ", ".join(REQUESTS[key][0] for key in asked[:3]) or "help with an order"
    items = [str(item.get("name", "")) for order in orders for item in order.get("items", [])]
    thing = items[0] if items else "An account"
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""

    evidence = [
        {
            "id": "p-chat", "side": "platform", "kind": "chat_log", "title": "Chat with the shop",
            "grade": "platform_record", "body_file": "chat.json",
            "redactions": ["Names, addresses, e-mail addresses and account numbers are masked."],
        }
    ]
    write(folder / "chat.json", chat_body(dialogue, mask))
    for index, order in enumerate(orders, 1):
        body = order_body(order, mask)
        evidence.append(
            {
                "id": f"p-order-{index}", "side": "platform", "kind": "order", "title": f"Order {body['number']}",
                "grade": "platform_record", "body": body,
            }
        )
    for index, (name, product) in enumerate(source.products_of(orders), 1):
        evidence.append(
            {
                "id": f"p-listing-{index}", "side": "platform", "kind": "listing_snapshot", "title": name,
                "grade": "platform_record", "body": listing_body(name, product),
            }
        )
    for index, body in enumerate(rule_bodies(source.policy) if source.policy else [], 1):
        body["applies"] = [
            p["number"] for p in body["paragraphs"] if any(REQUESTS[key][1] in p["heading"].lower() for key in asked)
        ]
        evidence.append(
            {
                "id": f"p-rule-{index}", "side": "platform", "kind": "rule_text", "title": "The shop's own rules",
                "grade": "platform_record", "body": body,
            }
        )
    if photos:
        media = []
        for index, photo in enumerate(photos, 1):
            name = f"photos/{index:02d}{photo.suffix.lower()}"
            (folder / "photos").mkdir(exist_ok=True)
            shutil.copyfile(photo, folder / name)
            media.append({"file": name, "caption": photo.stem.replace("-", " ").replace("_", " ")})
        evidence.append(
            {
                "id": "p-photos", "side": "platform", "kind": "image", "title": "Photos on file",
                "purpose": "Filed with the records; who took them is not recorded.", "grade": "third_party",
                "media": media,
            }
        )
    write(
        folder / "case.json",
        {
            "format": 1, "id": f"retail-{number:04d}", "type": CASE_TYPE["code"], "language": "en",
            "time_zone": "America/New_York", "title": f"{thing}{more}: {wanted}",
            "summary": f"A buyer wrote to the shop and asked for {wanted}. "
            "The panel is asked whether the shop's answer follows the shop's own rules.",
            "rule_version": "1",
            "parties": [
                {"side": "buyer", "role": "claimant", "alias": "Buyer"},
                {"side": "seller", "role": "respondent", "alias": "Shop"},
            ],
            "claims": [{"side": "buyer", "text": f"Asked for {wanted}."}],
            "issues": [
                {"id": "allowed", "text": "Do the shop's rules allow what the buyer asked for?"},
                {"id": "followed", "text": "Did the shop follow its own rules in this chat?", "burden": "seller"},
            ],
            "evidence": evidence, "events": [], "key_dates": [],
            "conflict": {"category": thing, "shop": "Retail shop", "region": ""},
        },
    )


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def share_photos(folder: Path, dialogues: list[Dialogue], source: Source) -> dict[int, list[Path]]:
    """Gives each photo to a case about a thing of that name, or to the next case in turn."""
    shares: dict[int, list[Path]] = defaultdict(list)
    photos = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PHOTO_SUFFIXES and p.is_file())
    goods = [" ".join(str(i.get("name", "")) for o in source.orders_of(d) for i in o.get("items", [])).lower() for d in dialogues]
    turn = 0
    for photo in photos:
        words = [w for w in re.split(r"[^a-z]+", photo.stem.lower()) if len(w) > 2]
        match = next((n for n, text in enumerate(goods) if any(w in text for w in words)), None)
        if match is None:
            match, turn = turn % len(dialogues), turn + 1
        shares[match].append(photo)
    return shares


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    source = Source.read(folder)
    if not source.dialogues:
        print(f"no dialogues could be read below {folder}", file=sys.stderr)
        return 1
    if (out / "cases").exists():
        shutil.rmtree(out / "cases")
    out.mkdir(parents=True, exist_ok=True)
    write(out / "docket.json", {"format": 1, "name": "Retail dialogues", "case_types": [CASE_TYPE]})
    shares = share_photos(folder, source.dialogues, source)
    for number, dialogue in enumerate(source.dialogues):
        build_case(number + 1, dialogue, source, shares.get(number, []), out)
    for complaint in source.complaints:
        print(complaint, file=sys.stderr)
    photos = sum(len(share) for share in shares.values())
    print(f"{len(source.dialogues)} cases with {photos} photos in {out}; {len(source.complaints)} records left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
