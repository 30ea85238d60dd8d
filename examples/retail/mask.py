"""Masks what would tell who somebody is: names, addresses, e-mail, accounts, order numbers."""

import re

NAME = r"[A-Z][a-z]+(?:[-'][A-Z][a-z]+)?"
STREET = r"\b\d{1,5}\s+(?:[A-Z][a-z]+\s+){1,3}(?:Street|St|Avenue|Ave|Drive|Dr|Road|Rd|Lane|Ln|Boulevard|Blvd|Way|Court|Ct|Place|Pl)\b\.?"


class Mask:
    """Masks one dialogue's people wherever they are named."""

    def __init__(self, people: list[dict]):
        self.names: set[str] = set()
        self.exact: set[str] = set()
        for person in people:
            name = person.get("name") or {}
            self.names |= {str(name[key]) for key in ("first_name", "last_name") if name.get(key)}
            address = person.get("address") or {}
            self.exact |= {str(address[key]) for key in ("address1", "address2", "zip") if address.get(key)}
            self.exact |= {str(person[key]) for key in ("email", "user_id") if person.get(key)}

    def text(self, text: str) -> str:
        """Masks a free text."""
        text = re.sub(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda m: m[0][0] + "***@***", text)
        for secret in sorted(self.exact, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text)
        # Whoever says a name or reads one out is masked too, account or not.
        introduced = rf"((?:[Nn]ame is|[Nn]ame:|I'm|I am|[Tt]his is|first name|last name)\s+(?:is\s+)?)({NAME}(?:\s+{NAME})?)"
        for match in re.finditer(introduced, text):
            self.names |= {word for word in match[2].split() if len(word) > 2}
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"\b{re.escape(name)}\b", name[0] + "**", text, flags=re.I)
        text = re.sub(STREET, "*** (street)", text)
        text = re.sub(r"\b(Suite|Apt\.?|Unit)\s+\d+\b", r"\1 ***", text)
        text = re.sub(r"\b[a-z]+_[a-z]+_\d{3,}\b", "***", text)
        text = re.sub(r"\b(credit_card|gift_card|paypal)_\d+\b", r"\1_***", text)
        text = re.sub(r"(?i)\b((?:zip|postal)(?:\s+code)?(?:\*\*)?\W{0,6}(?:is\s+|to\s+)?)\d{5}\b", r"\1*****", text)
        text = re.sub(r"(?i)\b(ending (?:in|with)\s+(?:\*\*)?)\d{4}\b", r"\1****", text)
        text = re.sub(r"\b[A-Z]{2}\s+\d{5}\b", lambda m: m[0][:2] + " *****", text)
        # A number of five digits that is no price reads as a postal code.
        text = re.sub(r"(?<![$\d.,#])\b\d{5}\b(?![.,]?\d)", "*****", text)
        text = re.sub(r"#W\d+", lambda m: self.order(m[0]), text)
        return re.sub(r"\b\d{7,}\b", lambda m: self.number(m[0]), text)

    @staticmethod
    def order(number: str) -> str:
        """An order number without its middle; the same number always masks the same way."""
        return f"{number[:4]}***{number[-2:]}" if len(number) > 6 else "***"

    @staticmethod
    def number(number: str) -> str:
        """A long number without its middle."""
        return f"{number[:2]}***{number[-2:]}" if len(number) > 5 else "***"

    @staticmethod
    def method(method: str) -> str:
        """A means of payment without its number."""
        return re.sub(r"[\s_]*\d+", "", method).replace("_", " ")
