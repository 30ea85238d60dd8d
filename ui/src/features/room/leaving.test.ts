// Leaving a case: its last words, the order in which the program hears of it, and answers that come when
// the room is gone.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { FakeBackend } from "../../backend/fake";
import { openRoom, openWindow } from "../../../tests/window";

const opinion = () => screen.getByTestId<HTMLTextAreaElement>("opinion");
const write = (text: string) => fireEvent.input(opinion(), { target: { value: text } });
const to = (fake: FakeBackend, seat: string) => fake.navigate({ place: { at: "room", seat }, code: null });
const comings = (fake: FakeBackend) =>
  fake.calls
    .filter(({ verb }) => verb === "open_case" || verb === "close_case")
    .map(({ verb, args }) => `${verb} ${String(args[0])}`);

async function leave(user: { keyboard: (keys: string) => Promise<void> }) {
  opinion().blur();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("room")).toBeNull());
}

describe("the program hears", () => {
  it("that a case is left after it was opened, however long that takes", async () => {
    const { user, fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    const letGo = fake.delay("open_case");
    to(fake, "seat-1");
    await screen.findByTestId("room");
    await user.keyboard("{Escape}");
    await screen.findAllByTestId("docket-row");
    expect(comings(fake), "the program would have it open for good").toEqual(["open_case seat-1"]);
    letGo();
    await waitFor(() => expect(comings(fake)).toEqual(["open_case seat-1", "close_case seat-1"]));
  });

  it("the last words before the case is opened again", async () => {
    const { user, fake } = await openRoom();
    await write("最后一句");
    const letGo = fake.delay("save_draft");
    await leave(user);
    to(fake, "seat-1");
    await screen.findByTestId("room");
    expect(comings(fake), "not opened without its last words").toEqual(["open_case seat-1"]);
    letGo();
    await screen.findByTestId("seal");
    expect(opinion()).toHaveValue("最后一句");
    expect(comings(fake)).toEqual(["open_case seat-1", "close_case seat-1", "open_case seat-1"]);
  });
});

it("a ballot that fails when its case was left opens that case in no other's place", async () => {
  const { user, fake } = await openRoom({ keepsNothing: true });
  await user.click(screen.getAllByTestId("option")[0]!);
  const letGo = fake.delay("seal_ballot");
  fake.options.failing = { seal_ballot: "server_needed" };
  await user.click(screen.getByTestId("seal"));
  await screen.findByTestId("sealing");
  await leave(user);
  to(fake, "seat-2");
  await screen.findByTestId("seal");
  letGo();
  await screen.findByText(/现在要连上判定中心才行/);
  await waitFor(() => expect(fake.drafts.get("seat-1")?.choice, "what was chosen is kept").toBe("buyer"));
  expect(comings(fake)).toEqual(["open_case seat-1", "close_case seat-1", "open_case seat-2"]);
});

describe("last words that cannot be saved", () => {
  const failing = (fake: FakeBackend, code: string) => (fake.options.failing = { save_draft: code });

  it("are not tried for ever, and not after a lock", async () => {
    for (const code of ["locked", "storage_failed"]) {
      const { user, fake, calls } = await openRoom();
      await user.click(screen.getAllByTestId("option")[0]!);
      failing(fake, code);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      if (code === "locked") fake.lock("idle");
      else fake.navigate({ place: { at: "docket" }, code: null });
      await vi.advanceTimersByTimeAsync(100);
      expect(screen.queryByTestId("room")).toBeNull();
      const said = screen.queryByText(/里最后写的还没有存上/);
      expect(said !== null, "said where something can be done about it").toBe(code !== "locked");
      await vi.advanceTimersByTimeAsync(60_000);
      const tried = calls("save_draft").length;
      expect(tried, code).toBe(code === "locked" ? 1 : 6);
      fake.options.failing = {};
      await vi.advanceTimersByTimeAsync(60_000);
      expect(calls("save_draft"), "a newer choice is not flipped later").toHaveLength(tried);
      vi.useRealTimers();
      document.body.replaceChildren();
    }
  });

  it("are there when the case is opened again, and saved then", async () => {
    const { user, fake } = await openRoom();
    await write("最后一句");
    failing(fake, "storage_failed");
    await leave(user);
    expect(await screen.findByText(/《.+》里最后写的还没有存上/)).toBeVisible();
    fake.options.failing = {};
    to(fake, "seat-1");
    await screen.findByTestId("seal");
    expect(opinion()).toHaveValue("最后一句");
    await waitFor(() => expect(fake.drafts.get("seat-1")?.opinion).toBe("最后一句"));
  });

  it("are saved when the window goes", async () => {
    const { user, fake } = await openRoom();
    await write("最后一句");
    failing(fake, "storage_failed");
    await leave(user);
    await screen.findByText(/《.+》里最后写的还没有存上/);
    fake.options.failing = {};
    await fake.leave();
    expect(fake.drafts.get("seat-1")?.opinion).toBe("最后一句");
  });
});
