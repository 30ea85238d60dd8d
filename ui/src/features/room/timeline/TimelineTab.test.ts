// The timeline in the window: levels, filters, the strip, following an item and coming back.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, openRoom } from "../../../../tests/window";

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
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
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
  });

  it("chooses a stretch of time on the strip by keys", async () => {
    const { user } = await open();
    const many = items().length;
    screen.getByTestId("timeline-strip").focus();
    await user.keyboard("{End}{Shift>}{PageUp}{PageUp}{/Shift}");
    await waitFor(() => expect(items().length).toBeLessThan(many));
    await user.click(screen.getByTestId("timeline-whole"));
    await waitFor(() => expect(items()).toHaveLength(many));
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

  it("names the zone of what was stated in another one", async () => {
    const { user } = await open();
    await user.keyboard("{End}");
    expect(await screen.findByText("原记 11-10 03:00 UTC")).toBeVisible();
    expect(screen.getByText(/时间按 UTC\+8，时区不同的另注原记/)).toBeVisible();
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
