// The timeline in the window: levels, filters, the strip, following an item and coming back.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, openRoom } from "../../../../tests/window";
import { coatTimeline } from "../../../backend/fake/coatTimeline";
import type { TimelineItem } from "../../../backend/types";

const items = () => screen.getAllByTestId("timeline-item");
const kinds = () => items().map((one) => one.dataset.kind);
const level = () =>
  screen.getAllByTestId("timeline-level").find((one) => one.ariaPressed === "true")?.dataset.level;
const open = async (options = {}) => {
  const opened = await openRoom(options);
  await opened.user.keyboard("t");
  await screen.findAllByTestId("timeline-item");
  return opened;
};

describe("the timeline", () => {
  it("fits at first, and is seen closer and from farther by keys", async () => {
    const { user } = await open();
    expect(level()).toBe("day");
    await user.keyboard("+");
    expect(level()).toBe("hour");
    await user.keyboard("---");
    await waitFor(() => expect(level()).toBe("year"));
    expect(
      kinds().filter((kind) => kind === "photo_taken"),
      "all photos in one row",
    ).toHaveLength(1);
    await expectAccessible();
  });

  it("follows an item by keys and comes back to the same item", async () => {
    const { user } = await open();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-kind", "payment"));
    await user.keyboard("{Enter}");
    expect(screen.getByTestId("tab-order")).toHaveAttribute("aria-selected", "true");
    await screen.findByTestId("back-to-timeline");
    await user.keyboard("{Backspace}");
    expect(screen.getByTestId("tab-timeline")).toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-kind", "payment"));
    expect(screen.queryByTestId("back-to-timeline")).toBeNull();
  });

  it("shows several parties and kinds at once, and says when nothing is left", async () => {
    const { user } = await open();
    const parties = screen.getByRole("group", { name: "当事人" });
    const [buyer, seller] = within(parties).getAllByRole("button");
    await user.click(seller!);
    await user.click(screen.getByTestId("timeline-kinds"));
    const menu = screen.getByRole("group", { name: "种类" });
    await user.click(within(menu).getByLabelText(/^诉求/));
    expect(await screen.findByText("这样筛选，什么也不剩")).toBeVisible();
    await user.click(buyer!);
    await waitFor(() => expect(kinds()).toEqual(["claim"]));
    await user.click(screen.getByTestId("timeline-kinds"));
    await user.click(within(screen.getByRole("group", { name: "种类" })).getByLabelText(/^拍照/));
    await waitFor(() => expect(new Set(kinds())).toEqual(new Set(["claim", "photo_taken"])));
    await expectAccessible();
    await user.click(within(screen.getByRole("group", { name: "种类" })).getByRole("button"));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("group", { name: "种类" }), "Escape shuts the list").toBeNull();
    expect(screen.getByTestId("timeline-kinds"), "and leaves the room open").toHaveFocus();
  });

  it("is gone through to its end after it was filtered", async () => {
    const { user } = await open();
    const [party] = within(screen.getByRole("group", { name: "当事人" })).getAllByRole("button");
    await user.click(party!);
    await user.click(party!);
    await user.keyboard("++{End}");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-testid", "timeline-item"));
    await user.keyboard("{End}");
    const last = coatTimeline.items.length - 1;
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-index", String(last)));
  });

  it("chooses a stretch of time on the strip by keys", async () => {
    const { user } = await open();
    const many = items().length;
    screen.getByTestId("timeline-strip").focus();
    await user.keyboard("{End}{Shift>}{PageUp}{PageUp}{/Shift}");
    await waitFor(() => expect(items().length).toBeLessThan(many));
    await user.click(screen.getByTestId("timeline-whole"));
    await waitFor(() => expect(items()).toHaveLength(many));
    expect(screen.getByTestId("timeline-strip"), "the button is gone, the strip is not").toHaveFocus();
  });

  it("opens a run of messages in its place, and goes to one of them", async () => {
    const { user } = await open();
    await user.click(screen.getAllByTestId("timeline-level").find((one) => one.dataset.level === "minute")!);
    await waitFor(() => expect(level()).toBe("minute"));
    await user.click((await screen.findAllByTestId("timeline-unfold"))[0]!);
    const run = await screen.findByTestId("timeline-run");
    const said = await within(run).findByText("嗯嗯没问题的亲");
    await user.click(said);
    expect(screen.getByTestId("tab-chat")).toHaveAttribute("aria-selected", "true");
    await waitFor(() =>
      expect(document.querySelector("[data-testid=chat-message][data-seq='6']")).toHaveClass("current"),
    );
  });

  it("unfolds a group, is gone through with it, and folds it again by keys", async () => {
    const { user } = await open();
    await user.keyboard("---");
    await waitFor(() => expect(level()).toBe("year"));
    const here = () => (document.activeElement as HTMLElement).dataset;
    const expanded = () => document.activeElement?.getAttribute("aria-expanded");
    for (let n = 0; n < 12 && (expanded() !== "false" || here().index === "0"); n++)
      await user.keyboard("{ArrowDown}");
    const { index } = here();
    await user.keyboard("{ArrowRight}");
    await waitFor(() => expect(expanded(), "the group keeps the focus").toBe("true"));
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(expanded(), "its first item comes next").toBeNull());
    expect(here().index).toBe(index);
    await user.keyboard("{ArrowDown}{ArrowLeft}");
    await waitFor(() => expect(expanded(), "left is out of it").toBe("true"));
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(here().index, "up is past it").not.toBe(index));
    await user.keyboard("{ArrowDown}{ArrowLeft}");
    await waitFor(() => expect(expanded()).toBe("false"));
  });

  it("names the zone of what was stated in another one", async () => {
    const { user } = await open();
    await user.keyboard("{End}");
    expect(await screen.findByText("原记 11-10 03:00 UTC")).toBeVisible();
    expect(screen.getByText(/时间按 UTC\+8，时区不同的另注原记/)).toBeVisible();
  });

  it("has the dates that matter, beside their records or by themselves, and they can be chosen", async () => {
    const { user } = await open();
    const dates = () =>
      items()
        .filter((one) => one.querySelector(".date"))
        .map((one) => [one.dataset.kind, one.querySelector(".date")?.textContent]);
    expect(dates()).toEqual([
      ["key_date", "下单"],
      ["payment", "付款"],
      ["key_date", "承诺发货期限"],
      ["scan", "签收"],
      ["claim", "申请退货"],
    ]);
    await user.click(screen.getByTestId("timeline-kinds"));
    await user.click(within(screen.getByRole("group", { name: "种类" })).getByLabelText(/^关键日期5/));
    await waitFor(() => expect(items()).toHaveLength(5));
  });

  it("is reached from an observation, whatever is filtered out", async () => {
    const { user } = await open();
    await user.click(screen.getByTestId("timeline-kinds"));
    await user.click(within(screen.getByRole("group", { name: "种类" })).getByLabelText(/^聊天/));
    await waitFor(() => expect(new Set(kinds())).toEqual(new Set(["chat"])));
    await user.click(screen.getByTestId("tab-order"));
    const found = screen.getAllByTestId("observation").find((one) => one.textContent?.includes("承诺"))!;
    await user.click(within(found).getByTestId("leans-on"));
    expect(screen.getByTestId("tab-timeline")).toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(document.activeElement).toHaveTextContent("承诺发货期限"));
    expect(document.activeElement).toHaveAttribute("data-kind", "key_date");
  });

  it("says in what has the focus who and when, to the second and with the zone", async () => {
    const { user } = await open();
    const claim = screen.getByRole("button", { name: /诉求/ });
    expect(claim).toHaveAccessibleName(/^买家 2026年11月8日星期日 21:02:15 UTC\+8 诉求/);
    const date = items().find((one) => one.dataset.kind === "key_date")!;
    expect(date).toHaveAccessibleName(/^平台 2026年11月2日星期一 14:19:20 UTC\+8 关键日期 下单/);
    await user.keyboard("---");
    await waitFor(() => expect(level()).toBe("year"));
    const photos = items().find((one) => one.dataset.kind === "photo_taken")!;
    expect(photos).toHaveAccessibleName(
      /^买家 2026年11月6日.* 19:02:47 UTC\+8 – 2026年11月9日.* 20:14:02 UTC\+8/,
    );
    for (const row of items())
      expect(
        row.querySelector("[title*='UTC+8'], [title$='UTC']") ??
          row.closest(".item")?.querySelector("time")?.textContent,
        "where no time is written, the span of it tells the stamp",
      ).toBeTruthy();
    await expectAccessible();
  });

  it("shows a run that was recorded after a later one in its recorded place, with its stamp", async () => {
    const [run] = coatTimeline.items as [TimelineItem];
    const late = { ...run, at: "2026-11-01T09:00:00+08:00", until: "2026-11-01T09:05:00+08:00" };
    const timeline = { items: [run, late], observations: [], without_time: 0 };
    const { user } = await open({ timeline });
    await user.keyboard("+");
    await waitFor(() => expect(screen.getByTestId("timeline").querySelectorAll("h2")).toHaveLength(1));
    await user.keyboard("+");
    await waitFor(() => expect(items()).toHaveLength(2));
    expect(items()[1]).toHaveTextContent("原记 11-01 09:00 UTC+8，早于前文，按记录的先后排");
    expect(items()[1]?.closest(".item")?.querySelector("time")).toHaveTextContent("11-01");
  });

  it("brings back what was put aside", async () => {
    const { user } = await open();
    const list = screen.getByTestId("timeline");
    const before = within(list).getAllByTestId("observation").length;
    await user.click(within(list).getAllByRole("button", { name: "搁置" })[0]!);
    await waitFor(() => expect(within(list).queryAllByTestId("observation")).toHaveLength(before - 1));
    await user.click(screen.getByRole("button", { name: "显示已搁置的 1 条客观信息" }));
    await user.click(await within(list).findByRole("button", { name: "恢复" }));
    await waitFor(() => expect(within(list).getAllByTestId("observation")).toHaveLength(before));
  });

  it("of five thousand items has few in the document, whatever is shown", async () => {
    const { user } = await open({ items: 5_000 });
    expect(items().length).toBeLessThan(120);
    await user.click(screen.getAllByTestId("timeline-level").find((one) => one.dataset.level === "minute")!);
    await waitFor(() => expect(level()).toBe("minute"));
    expect(items().length).toBeLessThan(120);
    await user.keyboard("{End}");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-index", "4999"));
  });

  it("says in words that a picture on it cannot be shown", async () => {
    await open();
    const [picture] = screen.getAllByTestId("timeline-picture");
    expect(picture).toHaveAccessibleName("买2-1，买家提交：收到时平铺，袖长 61 厘米");
    picture!.querySelector("img")!.dispatchEvent(new Event("error"));
    const missing = "图片读不出来：不在本机，或已损坏";
    await waitFor(() => expect(picture).toHaveTextContent(missing));
    expect(picture!.querySelector("img"), "no broken picture stands beside the words").toBeNull();
    expect(picture, "the words are heard too").toHaveAccessibleName(new RegExp(missing));
    await expectAccessible();
  });
});
