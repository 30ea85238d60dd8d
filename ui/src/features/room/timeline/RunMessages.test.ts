// A run of messages opened on the axis: which messages it has, and how keys go through them.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, openRoom } from "../../../../tests/window";
import { coatTimeline } from "../../../backend/fake/coatTimeline";
import { coatBodies } from "../../../backend/fake/coatBodies";
import type { ChatLog, TimelineItem } from "../../../backend/types";

const log = coatBodies["p-1"] as { kind: "chat_log" } & ChatLog;
const run = coatTimeline.items[0]!;
const paid = coatTimeline.items.find((item) => item.kind === "payment")!;
const stamp = (minute: number) => `2026-11-02T14:${String(minute).padStart(2, "0")}:00+08:00`;

/** A chat of so many messages, some of which have another stamp or none. */
const chat = (count: number, at: (seq: number) => string | null) => ({
  ...log,
  messages: Array.from({ length: count }, (_, i) => ({
    ...log.messages[2]!,
    seq: i + 1,
    at: at(i + 1),
    text: `m${i + 1}`,
  })),
});

/** The axis has one run and one payment after it, and is looked at by the minute. */
async function open(messages: ReturnType<typeof chat>, change: Partial<TimelineItem>) {
  const item = { ...run, ...change, at: stamp(0), source: { evidence: "p-1", seq: 1, picture: null } };
  const items = [item, { ...paid, at: "2026-11-02T16:00:00+08:00" }];
  const timeline = { items, observations: [], without_time: 0 };
  const opened = await openRoom({ bodies: { "p-1": messages }, timeline });
  await opened.user.keyboard("t");
  await opened.user.click(
    screen.getAllByTestId("timeline-level").find((one) => one.dataset.level === "minute")!,
  );
  return opened;
}
const texts = () =>
  [...screen.getByTestId("timeline-run").querySelectorAll(".evidence-text")].map((one) => one.textContent);
const focused = () =>
  (document.activeElement as HTMLElement).dataset.message ??
  document.activeElement?.getAttribute("data-kind");
const stops = () => [
  ...screen.getByTestId("timeline").querySelectorAll(":is(.open, .run button)[tabindex='0']"),
];

describe("a run that is opened", () => {
  it("has all its messages to the last, those without a time too", async () => {
    const { user } = await open(
      chat(8, (seq) => (seq === 3 || seq === 4 ? null : stamp(seq))),
      { count: 4, last_seq: 6, until: stamp(6) },
    );
    await user.keyboard("{ArrowDown}{ArrowRight}");
    await screen.findByText("m6");
    expect(texts(), "messages 7 and 8 are of another run").toEqual(["m1", "m2", "m3", "m4", "m5", "m6"]);
    expect(within(screen.getByTestId("timeline-run")).getAllByText("无时间")).toHaveLength(2);
    expect(screen.queryByText(/再读/), "there is no more").toBeNull();
  });

  it("of an hour that is scattered over the log has no message of another", async () => {
    const hours = (seq: number) => (seq % 2 ? stamp(seq % 60) : "2026-11-04T09:00:00+08:00");
    const { user } = await open(chat(300, hours), {
      count: 150,
      last_seq: 299,
      until: stamp(59),
      gathered: true,
    });
    await user.keyboard("{ArrowDown}{ArrowRight}");
    await screen.findByText("m1");
    await waitFor(() => expect(texts().length).toBeGreaterThanOrEqual(50));
    while (screen.queryByText(/再读/)) {
      const before = texts().length;
      await user.click(screen.getByText(/再读/));
      await waitFor(() => expect(texts().length).toBeGreaterThan(before));
    }
    expect(texts()).toEqual(Array.from({ length: 150 }, (_, i) => `m${2 * i + 1}`));
  });

  it("is gone through by keys, read on, followed, and closed again", async () => {
    const { user } = await open(
      chat(60, (seq) => stamp(seq % 60)),
      { count: 60, last_seq: 60, until: stamp(59) },
    );
    await user.keyboard("{ArrowDown}{ArrowRight}");
    await screen.findByText("m50");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(focused(), "down from the item goes into its run").toBe("2");
    expect(stops(), "one tab stop in all").toEqual([document.activeElement]);
    await expectAccessible();
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(focused(), "and up comes out of it").toBe("chat");
    await user.keyboard("{ArrowDown}{End}{ArrowUp}");
    expect(focused(), "from the next item up is the end of the run").toBe("more");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(focused(), "the first that was read on").toBe("51"));
    await user.keyboard("{ArrowDown>10/}");
    await waitFor(() => expect(focused(), "past the last message comes the next item").toBe("payment"));
    await user.keyboard("{ArrowUp}");
    expect(focused(), "and up goes back into the run").toBe("60");
    await user.keyboard("{Enter}");
    expect(screen.getByTestId("tab-chat")).toHaveAttribute("aria-selected", "true");
    await waitFor(() =>
      expect(document.querySelector("[data-testid=chat-message][data-seq='60']")).toHaveClass("current"),
    );
    await user.keyboard("{Backspace}");
    await waitFor(() => expect(focused(), "back is where one went from").toBe("60"));
    await user.keyboard("{ArrowLeft}");
    await waitFor(() => expect(screen.queryByTestId("timeline-run")).toBeNull());
    await waitFor(() => expect(focused(), "closed, the item has the focus").toBe("chat"));
  });
});
