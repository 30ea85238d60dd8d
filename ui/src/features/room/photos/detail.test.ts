import { beforeEach, describe, expect, it, vi } from "vitest";
import { Detail, REST } from "./detail";
import type { RegionOf } from "./region";

const region = (x: number): RegionOf => ({ halvings: 0, x, y: 0, width: 512, height: 512 });
const seen = (x: number) => ({ x: x + 100, y: 100, width: 200, height: 200 });

interface Asked {
  url: string;
  give: (image: string) => void;
  refuse: () => void;
}

describe("the sharp part of a picture", () => {
  let asked: Asked[];
  let changes: number;
  let detail: Detail<string>;
  const settle = () => vi.advanceTimersByTimeAsync(REST);

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    changes = 0;
    detail = new Detail<string>(
      (url) =>
        new Promise((give, refuse) => asked.push({ url, give, refuse: () => refuse(new Error("404")) })),
      (wanted) => `/region/${wanted.x}`,
      () => changes++,
    );
  });

  it("is asked for once the view rests", async () => {
    detail.want(region(0), seen(0));
    await vi.advanceTimersByTimeAsync(REST - 1);
    detail.want(region(512), seen(512));
    await vi.advanceTimersByTimeAsync(REST - 1);
    expect(asked, "the view still moved").toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.map((one) => one.url)).toEqual(["/region/512"]);
  });

  it("has one request under way, and only the last wish after it", async () => {
    detail.want(region(0), seen(0));
    await settle();
    detail.want(region(512), seen(512));
    await settle();
    detail.want(region(1024), seen(1024));
    await settle();
    expect(asked).toHaveLength(1);
    asked[0]!.give("first");
    await settle();
    expect(asked.map((one) => one.url)).toEqual(["/region/0", "/region/1024"]);
    expect(detail.part?.image, "the old part stays until the new one is there").toBe("first");
    asked[1]!.give("last");
    await settle();
    expect(detail.part?.image).toBe("last");
    expect(asked).toHaveLength(2);
  });

  it("is not asked for again while it serves, and goes when it is not needed", async () => {
    detail.want(region(0), seen(0));
    await settle();
    asked[0]!.give("there");
    await settle();
    detail.want(region(0), { ...seen(0), x: 140 });
    await settle();
    expect(asked).toHaveLength(1);
    detail.want(null, seen(0));
    expect(detail.part).toBeNull();
    expect(changes).toBe(2);
  });

  it("is not asked for again once it was refused, and that is told", async () => {
    detail.want(region(0), seen(0));
    await settle();
    asked[0]!.refuse();
    await settle();
    expect(detail.refused).toBe(true);
    detail.want(region(512), seen(512));
    await settle();
    expect(asked).toHaveLength(1);
    expect(changes).toBe(1);
  });

  it("comes to nothing after the picture was closed", async () => {
    detail.want(region(0), seen(0));
    await settle();
    detail.close();
    asked[0]!.give("late");
    await settle();
    expect(detail.part).toBeNull();
    expect(changes).toBe(0);
  });
});
