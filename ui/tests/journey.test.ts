// One case from docket to seal and back, by keyboard alone.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { openRoom, openWindow } from "./window";

describe("a case by keyboard alone", () => {
  it("goes from the docket through the evidence to a sealed ballot and takes it back", async () => {
    const { user, calls, fake } = await openWindow();
    const rows = await screen.findAllByTestId("docket-row");
    expect(rows[0]).toHaveAttribute("data-seat", "seat-7");

    await user.keyboard("j");
    const coat = screen.getAllByTestId("docket-row")[1]!;
    expect(coat, "J moves to the next row").toHaveFocus();
    await user.keyboard("{Enter}");
    await screen.findAllByTestId("chat-message");

    for (const [key, tab] of [
      ["t", "timeline"],
      ["p", "photos"],
      ["o", "order"],
      ["r", "rules"],
      ["c", "chat"],
    ] as const) {
      await user.keyboard(key);
      expect(screen.getByTestId(`tab-${tab}`), `${key} opens ${tab}`).toHaveAttribute(
        "aria-selected",
        "true",
      );
    }

    await user.keyboard("2");
    await waitFor(() => {
      const saved = calls("save_draft").at(-1)?.[1] as { evidence_findings: unknown[] } | undefined;
      expect(saved?.evidence_findings).toContainEqual({
        evidence: "p-1",
        finding: { kind: "favours", side: "seller" },
      });
    });

    await user.keyboard("v");
    const options = screen.getAllByTestId("option");
    await waitFor(() => expect(options[0]).toHaveFocus());
    await user.keyboard("{ArrowRight}");
    expect(options[1]).toHaveFocus();
    expect(options[1], "moving chooses nothing").toHaveAttribute("aria-checked", "false");
    await user.keyboard(" ");
    expect(options[1]).toHaveAttribute("aria-checked", "true");

    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByTestId("undo");
    expect(calls("seal_ballot")).toHaveLength(1);
    const [op, seat, draft] = calls("seal_ballot")[0] as [string, string, { choice: string }];
    expect(op, "the operation id is a UUIDv7").toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(seat).toBe("seat-1");
    expect(draft.choice).toBe("seller");

    await user.keyboard("{Control>}z{/Control}");
    await screen.findByTestId("seal");
    expect(calls("unseal")).toEqual([[op]]);
    expect(fake.rows.find((row) => row.seat === "seat-1")?.state.kind).toBe("ready_offline");

    await user.keyboard("{Escape}");
    await screen.findAllByTestId("docket-row");
  });

  it("writes a note and searches the chat without the mouse", async () => {
    const { user } = await openRoom();
    await user.keyboard("n");
    const note = screen.getByTestId("note-field");
    await waitFor(() => expect(note).toHaveFocus());
    await user.keyboard("对照规则第 3 条{Enter}");
    expect(screen.getAllByTestId("note").at(-1)).toHaveTextContent("对照规则第 3 条");
    await user.keyboard("/");
    const find = screen.getByTestId("chat-search");
    await waitFor(() => expect(find).toHaveFocus());
    await user.keyboard("洗涤标");
    await waitFor(() => expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^1 \/ \d+ 处$/));
    await user.keyboard("{Enter}");
    expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^2 \//);
  });

  it("opens and closes the list of keys", async () => {
    const { user } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.keyboard("?");
    const list = await screen.findByTestId("key-list");
    await user.click(within(list).getByRole("button", { name: "关闭" }));
    expect(screen.queryByTestId("key-list")).toBeNull();
  });
});
