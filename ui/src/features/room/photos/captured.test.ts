import { describe, expect, it } from "vitest";
import { coat, coatEvidence } from "../../../backend/fake/coat";
import { coatTimeline } from "../../../backend/fake/coatTimeline";
import type { CaseRoomView, ContentCredentials } from "../../../backend/types";
import { pairsOf, picturesOf, shelves } from "./album.svelte";
import { around, captured, moments } from "./captured";
import { actionName, faultsOf, takenLine } from "./words";

const room = { timeline: coatTimeline, document: coat } as CaseRoomView;
const photos = picturesOf(coatEvidence.find((evidence) => evidence.id === "b-2")!);
const at = (index: number) => captured(photos[index]!.media, "b-2", index, room);

describe("a capture time", () => {
  it("is an instant where the camera gave an offset", () => {
    expect(at(1)).toEqual({ at: "2026-11-08T20:32:11+08:00", local: null, assumed: false });
  });
  it("lends the case's zone where the camera gave none, and says so", () => {
    expect(at(0)).toEqual({
      at: "2026-11-06T19:02:47+08:00",
      local: "2026-11-06T19:02:47",
      assumed: true,
    });
  });
  it("is unknown where the file does not say", () => {
    expect(captured({ ...photos[1]!.media, exif: null }, "b-2", 1, room)).toBeNull();
  });
  it("stands between the nearest events, which are counted once", () => {
    const { before, after } = around("2026-11-08T20:32:11+08:00", moments(room));
    expect(before?.moment.word).toEqual({ keyDate: "delivered" });
    expect(before?.seconds).toBe(190_319);
    expect(before?.moment.source?.evidence, "the scan that records it").toBe("p-2");
    expect(after?.moment.word).toEqual({ keyDate: "return_filed" });
    expect(after?.seconds).toBe(1804);
    const times = moments(room).map((moment) => Date.parse(moment.at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(moments(room).filter((one) => one.at === "2026-11-06T15:40:12+08:00")).toHaveLength(1);
  });
  it("leads to the record of a date, and not to another one of the same minute", () => {
    const sources = moments(room).flatMap(({ word, source }) =>
      "keyDate" in word ? [[word.keyDate, source?.evidence ?? null]] : [],
    );
    expect(Object.fromEntries(sources)).toMatchObject({ ordered: null, paid: "p-2", return_filed: "b-1" });
  });
  it("may have no event on one side", () => {
    expect(around("2020-01-01T00:00:00Z", moments(room)).before).toBeNull();
    expect(around("2040-01-01T00:00:00Z", moments(room)).after).toBeNull();
    expect(around("2026-11-08T21:02:15+08:00", moments(room)).before?.seconds, "the very moment").toBe(0);
  });
  it("is one line under the picture", () => {
    expect(takenLine(photos[1]!, room)).toBe(
      "拍摄于 11-08 20:32 · 签收之后 2 天 4 小时 · 申请退货之前 30 分",
    );
    expect(takenLine(photos[1]!, room, true)).toBe("拍摄于 11-08 20:32");
  });
});

describe("pictures", () => {
  it("stand in their groups, the ungrouped last, none lost", () => {
    const rows = shelves(photos);
    expect(rows.map((row) => row.group)).toEqual(["before", "after", null]);
    expect(rows.flatMap((row) => row.pictures)).toHaveLength(photos.length);
  });
  it("are paired before and after", () => {
    expect(pairsOf(photos).map((two) => two.map((one) => one.index))).toEqual([[0, 1]]);
    expect(pairsOf(photos.slice(1))).toEqual([]);
  });
});

describe("content credentials", () => {
  it("are told in words, and what has none keeps its code", () => {
    expect(actionName("c2pa.cropped")).toBe("裁剪");
    expect(actionName("com.example.sparkle")).toBe("com.example.sparkle");
  });
  it("say each reason once", () => {
    const credentials: ContentCredentials = {
      state: "invalid",
      signer: null,
      signed_at: null,
      generator: null,
      actions: [],
      faults: [
        "assertion.dataHash.mismatch",
        "assertion.bmffHash.mismatch",
        "claimSignature.mismatch",
        "odd",
      ],
    };
    expect(faultsOf(credentials)).toEqual([
      { words: "内容与签名时不同", codes: "assertion.dataHash.mismatch, assertion.bmffHash.mismatch" },
      { words: "签名对不上", codes: "claimSignature.mismatch" },
      { words: "凭证有错", codes: "odd" },
    ]);
  });
});
