// The same case in two windows: what is written, opened and sealed in the other one.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Draft } from "../../backend/types";
import { expectAccessible, openRoom, openWindow } from "../../../tests/window";

const opinion = () => screen.getByTestId<HTMLTextAreaElement>("opinion");
const SECOND = { second: { at: "room", seat: "seat-1" } } as const;

describe("what the other window writes", () => {
  it("is there at once, where nothing is being written", async () => {
    const { fake } = await openRoom();
    fake.opened.add("s-3");
    fake.writeElsewhere("seat-1", (draft) => {
      draft.opinion = "在另一个窗口写的。";
      draft.choice = "seller";
    });
    await waitFor(() => expect(opinion()).toHaveValue("在另一个窗口写的。"));
    expect(screen.getAllByTestId("option")[1]).toHaveAttribute("aria-checked", "true");
  });

  it("does not take a text from under the hands of who writes, and loses neither", async () => {
    const { user, fake, calls } = await openRoom();
    await user.click(opinion());
    await fireEvent.input(opinion(), { target: { value: "这里写的。" } });
    const before = fake.drafts.get("seat-1")!.notes.length;
    fake.writeElsewhere("seat-1", (draft) => {
      draft.notes.push({ id: "elsewhere", text: "另一个窗口的笔记", anchor: null });
      draft.confidence = 5;
    });
    await waitFor(() => expect(calls("save_draft").length).toBeGreaterThan(0));
    expect(opinion(), "the field that has the focus").toHaveValue("这里写的。");
    expect(fake.drafts.get("seat-1")).toMatchObject({ opinion: "这里写的。", confidence: 5 });
    await user.tab();
    await waitFor(() => expect(screen.getAllByTestId("note")).toHaveLength(before + 1));
    expect(opinion()).toHaveValue("这里写的。");
    expect(fake.drafts.get("seat-1")!.notes).toHaveLength(before + 1);
  });

  it("waits for a text that has the focus to be left", async () => {
    const { user, fake, calls } = await openRoom();
    await user.click(opinion());
    fake.writeElsewhere("seat-1", (draft) => (draft.opinion = "在别处改的。"));
    await waitFor(() => expect(calls("written").length).toBeGreaterThan(0));
    await new Promise((done) => queueMicrotask(() => done(null)));
    expect(opinion(), "somebody may be composing in it").not.toHaveValue("在别处改的。");
    await user.tab();
    await waitFor(() => expect(opinion()).toHaveValue("在别处改的。"));
  });

  it("is not undone by what is saved here afterwards", async () => {
    const { user, fake, calls } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    await waitFor(() => expect(calls("save_draft")).toHaveLength(1));
    fake.writeElsewhere("seat-1", (draft) => (draft.opinion = "另一个窗口"));
    await waitFor(() => expect(opinion()).toHaveValue("另一个窗口"));
    await user.click(screen.getAllByTestId("option")[1]!);
    await waitFor(() => expect(calls("save_draft")).toHaveLength(2));
    const [, draft, base] = calls("save_draft")[1] as [string, Draft, Draft];
    expect([base.choice, draft.choice, draft.opinion]).toEqual(["buyer", "seller", "另一个窗口"]);
  });
});

describe("sealing", () => {
  it("in the other window shows here as sealed, with what was sealed, and can be undone here", async () => {
    const { user, fake, calls } = await openRoom();
    fake.drafts.set("seat-1", { ...fake.drafts.get("seat-1")!, choice: "buyer", opinion: "这是密封的。" });
    fake.sealElsewhere("seat-1");
    await user.click(await screen.findByTestId("undo"));
    expect(calls("unseal")).toEqual([["ballot-elsewhere"]]);
    await screen.findByTestId("seal");
    expect(opinion()).toHaveValue("这是密封的。");
  });

  it("taken back in the other window, is another act here", async () => {
    const { user, fake, calls } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("undo");
    fake.unsealElsewhere("seat-1");
    await user.click(await screen.findByTestId("seal"));
    await screen.findByTestId("undo");
    const ops = calls("seal_ballot").map(([op]) => op);
    expect(ops).toHaveLength(2);
    expect(ops[0], "the act that was taken back stays taken back").not.toBe(ops[1]);
  });

  it("in both at the same moment says calmly that it is sealed already", async () => {
    const { user, fake } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    // The other window was faster, and this one has not heard of it yet.
    const tell = fake.tell;
    fake.tell = () => undefined;
    fake.sealElsewhere("seat-1");
    fake.tell = tell;
    await user.click(screen.getByTestId("seal"));
    expect(await screen.findByText("这一案已经确认投票")).toBeVisible();
    await screen.findByTestId("undo");
  });
});

describe("the second window", () => {
  it("is opened from a row's menu, from the room and by keys, by the program alone", async () => {
    const { user, calls } = await openRoom();
    await user.click(screen.getByTestId("open-second"));
    await user.keyboard("{Control>}n{/Control}{Escape}");
    const row = (await screen.findAllByTestId("docket-row")).find((one) => one.dataset.seat === "seat-1")!;
    await user.click(within(row).getByTestId("row-menu"));
    await user.click(await screen.findByTestId("open-second"));
    row.focus();
    await user.keyboard("{Control>}n{/Control}");
    expect(calls("open_second")).toEqual([["seat-1"], ["seat-1"], ["seat-1"], ["seat-1"]]);
    await user.keyboard("?");
    expect(await screen.findByTestId("key-list")).toHaveTextContent("在第二个窗口打开");
  });

  it("begins in its case, has cases and verdicts, and leads the main window to everything else", async () => {
    const { user, calls } = await openWindow(SECOND);
    await screen.findByTestId("seal");
    expect(screen.getByTestId("second-window")).toHaveTextContent("第二个窗口");
    expect(screen.queryByTestId("open-second"), "there is never a third").toBeNull();
    await user.keyboard("{Escape}");
    await screen.findAllByTestId("docket-row");
    await expectAccessible();
    const places = screen.getAllByTestId(/^nav-/).map((entry) => entry.dataset.testid);
    expect(places).toEqual(["nav-docket", "nav-verdicts"]);
    await user.keyboard("{Control>}5{/Control}");
    expect(calls("show_in_main")).toEqual([[{ at: "outbox" }]]);
    expect(screen.getByTestId("nav-docket")).toHaveAttribute("aria-current", "page");
  });

  it("signs nobody in, and locks with the main one", async () => {
    const { fake, user, calls } = await openWindow({ ...SECOND, stage: { kind: "signed_out" } });
    expect(await screen.findByTestId("second-signed-out")).toHaveTextContent("登录在主窗口进行");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "到主窗口" }));
    expect(calls("show_in_main")).toHaveLength(1);
    expect(calls("discover_server")).toEqual([]);
    fake.lock("by_reviewer");
    await screen.findByTestId("locked");
  });

  it("saves what is being written before it goes", async () => {
    const { fake } = await openWindow(SECOND);
    await screen.findByTestId("seal");
    await fireEvent.input(opinion(), { target: { value: "最后一句" } });
    await fake.leave();
    expect(fake.drafts.get("seat-1")?.opinion).toBe("最后一句");
  });
});
