"""Reads the source folder: dialogues, orders, users, products, the shop's rules."""

import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path


def cents(amount: object) -> int:
    """An amount of dollars as whole cents, exactly; 0 for what is no amount."""
    try:
        return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        return 0


@dataclass
class Turn:
    """One turn: who spoke (user, assistant, tool) and what."""

    speaker: str
    text: str


@dataclass
class Dialogue:
    """One conversation and the records that were looked up in it."""

    turns: list[Turn]
    records: list[dict]

    @classmethod
    def parse(cls, text: str) -> "Dialogue":
        turns, records = [], []
        for part in re.split(r"^(?=(?:user|assistant|tool): )", text, flags=re.M):
            speaker, _, words = part.partition(": ")
            words = words.replace("###STOP###", "").strip()
            if speaker not in ("user", "assistant", "tool") or not words or words == "None":
                continue  # "assistant: None" only says that a record was looked up.
            turns.append(Turn(speaker, words))
            if speaker == "tool":
                try:
                    record = json.loads(words)
                except ValueError:
                    continue
                if isinstance(record, dict):
                    records.append(record)
        return cls(turns, records)


@dataclass
class Source:
    """Everything that was read, and what could not be."""

    dialogues: list[Dialogue]
    orders: dict
    users: dict
    products: dict
    policy: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> "Source":
        retail = folder / "retail" if (folder / "retail").is_dir() else folder
        complaints: list[str] = []

        def table(name: str) -> dict:
            path = retail / name
            if not path.exists():
                return {}
            try:
                value = json.loads(path.read_text(encoding="utf-8"))
            except (ValueError, OSError) as error:
                complaints.append(f"{name}: {error}")
                return {}
            return value if isinstance(value, dict) else {}

        dialogues = []
        path = retail / "dialogues.jsonl"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                dialogue = Dialogue.parse(json.loads(line)["messages_display"])
            except (ValueError, KeyError, TypeError) as error:
                complaints.append(f"dialogues.jsonl line {number}: {error!r}")
                continue
            if dialogue.turns:
                dialogues.append(dialogue)
            else:
                complaints.append(f"dialogues.jsonl line {number}: no turns")
        rules = retail / "policy.md"
        policy = rules.read_text(encoding="utf-8", errors="replace") if rules.exists() else ""
        return cls(dialogues, table("orders.json"), table("users.json"), table("products.json"), policy, complaints)

    def orders_of(self, dialogue: Dialogue) -> list[dict]:
        """The orders a dialogue is about, each as it stood last."""
        found: dict[str, dict] = {}
        for record in dialogue.records:
            if "order_id" in record and "items" in record:
                found[record["order_id"]] = record
        for turn in dialogue.turns:
            for number in re.findall(r"#W\d+", turn.text):
                if number in self.orders and turn.speaker != "tool":
                    found.setdefault(number, self.orders[number])
        return list(found.values())[:6]

    def products_of(self, orders: list[dict]) -> list[tuple[str, dict]]:
        """The products of some orders, by name."""
        ids = {str(item.get("product_id", "")): str(item.get("name", "")) for o in orders for item in o.get("items", [])}
        return [(name, self.products[key]) for key, name in ids.items() if key in self.products][:8]

    def people_of(self, dialogue: Dialogue) -> list[dict]:
        """The people a dialogue names: the accounts looked up in it, and those whose orders they are."""
        people = [record for record in dialogue.records if isinstance(record.get("name"), dict)]
        owners = {str(order.get("user_id", "")) for order in self.orders_of(dialogue)}
        said = " ".join(turn.text for turn in dialogue.turns)
        for key, user in self.users.items():
            if key in owners or key in said or str(user.get("email", "-")) in said:
                people.append({**user, "user_id": key})
        return people
