// Citations: there and back, with places, typed by hand, cut for marking, taken away as a whole.
import { describe, expect, it } from "vitest";
import { coatEvidence } from "../../backend/fake/coat";
import { coatBodies } from "../../backend/fake/coatBodies";
import {
  citationBeside,
  citations,
  cut,
  hasLine,
  lineOf,
  linePlace,
  messagesOf,
  paragraphsOf,
  pictureOf,
  picturePlace,
  placeShown,
  placeStored,
  run,
  toShown,
  toStored,
  type Label,
} from "./citations";

const letters: Record<string, string> = { buyer: "买", seller: "卖", platform: "平" };
const label: Label = (e, place) =>
  `【${letters[e.number.side]}${e.number.n}${place === null ? "" : ` · #${place}`}】`;
const english: Label = (e, place) =>
  `[${e.number.side[0]!.toUpperCase()}-${e.number.n}${place === null ? "" : ` · #${place}`}]`;

describe("citations", () => {
  it("go there and back in both languages, and leave unknown ones alone", () => {
    const text = "见 [[p-3]]、[[p-1#12]]、[[p-1#12-15]]、[[p-4#4.2]] 与 [[nobody]]。";
    for (const one of [label, english])
      expect(toStored(toShown(text, coatEvidence, one), coatEvidence, one)).toBe(text);
    expect(toShown(text, coatEvidence, label)).toBe(
      "见 【平3】、【平1 · #12】、【平1 · #12-15】、【平4 · #4.2】 与 [[nobody]]。",
    );
  });
  it("may be typed by hand, with the place written loosely", () => {
    expect(toStored("【平1#12】【平1 #12】【平1·#12-15】", coatEvidence, label)).toBe(
      "[[p-1#12]][[p-1#12]][[p-1#12-15]]",
    );
    expect(toStored("【平1 #】【平99】", coatEvidence, label), "no citation, so text").toBe(
      "【平1 #】【平99】",
    );
  });
  it("are listed once per place, unknown evidence too", () => {
    const all = citations("[[p-1#2]] [[p-1]] [[p-1#2]] [[gone#1]]", coatEvidence);
    expect(all.map((one) => [one.id, one.place, one.evidence?.id ?? null])).toEqual([
      ["p-1", "2", "p-1"],
      ["p-1", null, "p-1"],
      ["gone", "1", null],
    ]);
  });
  it("are cut out where they stand, and the pieces put the text together again", () => {
    const shown = "a【平1#12】b [[gone]]【买1】";
    const pieces = cut(shown, coatEvidence, label);
    expect(pieces.map((piece) => piece.text).join("")).toBe(shown);
    expect(pieces.flatMap((piece) => piece.cited ?? [])).toEqual(["[[p-1#12]]", "[[gone]]", "[[b-1]]"]);
    const plain = cut("no citation at all", coatEvidence, label);
    expect(plain).toEqual([{ text: "no citation at all", cited: null }]);
  });
  it("are taken away as a whole, from either end, and never from the middle", () => {
    const pieces = cut("a【平1】b", coatEvidence, label);
    expect(citationBeside(pieces, 5, "Backspace")).toEqual([1, 5]);
    expect(citationBeside(pieces, 1, "Delete")).toEqual([1, 5]);
    expect(citationBeside(pieces, 3, "Backspace")).toBeNull();
    expect(citationBeside(pieces, 1, "Backspace")).toBeNull();
  });
  it("name places: runs of messages, and paragraphs of what has paragraphs", () => {
    expect(run(15, 12)).toBe("12-15");
    expect(run(3, 3)).toBe("3");
    expect(messagesOf("12-15")).toEqual([12, 15]);
    expect(messagesOf("4.2")).toBeNull();
    expect(paragraphsOf(coatBodies["p-4"]!), "the paragraph that was dropped too").toEqual(
      expect.arrayContaining(["3", "7"]),
    );
    expect(paragraphsOf(coatBodies["b-1"]!)).toEqual(["1", "2", "3"]);
    expect(paragraphsOf(coatBodies["p-2"]!)).toEqual([]);
  });
  it("name pictures: by a word beside a text, by the number alone where there is nothing else", () => {
    const [statement, image, chat] = ["b-1", "b-2", "p-1"].map((id) =>
      coatEvidence.find((e) => e.id === id)!,
    );
    expect([statement, image, chat].map((one) => picturePlace(one!, 0))).toEqual([
      "picture-1",
      "1",
      "picture-1",
    ]);
    for (const one of [statement, image, chat]) expect(pictureOf(one!, "picture-12")).toBe(11);
    expect(pictureOf(image!, "12"), "as it was written before").toBe(11);
    const mark = { ...statement!, kind: "brand_mark" as const };
    expect(pictureOf(mark, "2"), "a mark with facts about it is still a picture").toBe(1);
    expect(pictureOf(statement!, "1"), "a paragraph").toBeNull();
    expect(pictureOf(chat!, "1"), "a message").toBeNull();
    for (const bad of ["picture-0", "picture-", "picture-1-2", "0", "1-2", "4.2"])
      expect(pictureOf(image!, bad), bad).toBeNull();
  });
  it("name lines of orders, which are shown in words and typed back, and exist or do not", () => {
    expect(linePlace({ part: "scan", index: 3 })).toBe("scan-4");
    expect(lineOf("scan-4")).toEqual({ part: "scan", index: 3 });
    for (const bad of ["scan-0", "scan-", "scan-04", "parcel-1", "4", "scan-4-5"])
      expect(lineOf(bad), bad).toBeNull();
    const chinese = {
      item: "商品",
      amount: "账目",
      payment: "收退款",
      scan: "物流",
      status: "状态",
      picture: "图片",
    };
    const english = {
      item: "items",
      amount: "bill",
      payment: "payments",
      scan: "shipping",
      status: "status",
      picture: "picture",
    };
    for (const words of [chinese, english])
      for (const place of ["scan-4", "item-12", "picture-3", "4.2", "12-15"])
        expect(placeStored(placeShown(place, words), words)).toBe(place);
    expect(placeStored("物流 4", chinese), "typed with a space").toBe("scan-4");
    expect(placeStored("物流", chinese)).toBe("物流");
    const order = coatBodies["p-2"]!;
    expect(hasLine(order, { part: "item", index: 0 })).toBe(true);
    expect(hasLine(order, { part: "item", index: 99 })).toBe(false);
    expect(hasLine(coatBodies["b-1"]!, { part: "payment", index: 0 }), "a statement has none").toBe(false);
  });
});
