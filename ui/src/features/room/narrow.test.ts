// A narrow window, or large letters: index and worksheet lie over the viewer, and nothing is lost.
import { screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { expectAccessible, openWindow, type Opened } from "../../../tests/window";
import type { FakeOptions } from "../../backend/fake";

const WIDE = window.innerWidth;
afterEach(() => (window.innerWidth = WIDE));

async function openAt(width: number, options: FakeOptions = {}): Promise<Opened> {
  window.innerWidth = width;
  const opened = await openWindow(options);
  await screen.findAllByTestId("docket-row");
  opened.fake.navigate({ place: { at: "room", seat: "seat-1" }, code: null });
  await screen.findAllByTestId("chat-message");
  return opened;
}

describe("a narrow window", () => {
  it("shows a rail, and the whole index and the worksheet when they are asked for", async () => {
    const { user } = await openAt(1024);
    expect(screen.queryByTestId("seal"), "the worksheet is closed").toBeNull();
    expect(screen.getAllByTestId("evidence")).toHaveLength(11);
    expect(screen.queryAllByTestId("cite"), "the rail has no room for acts").toHaveLength(0);

    await user.keyboard("[[");
    expect(await screen.findAllByTestId("cite")).toHaveLength(11);
    expect(screen.getAllByTestId("observation").length).toBeGreaterThan(0);
    await user.click(screen.getAllByTestId("evidence")[9]!);
    expect(screen.queryAllByTestId("cite"), "what was chosen can be read at once").toHaveLength(0);

    await user.click(screen.getByTestId("toggle-sheet"));
    expect(screen.getByTestId("seal")).toBeVisible();
    expect(screen.getByTestId("matrix")).toBeVisible();
    await expectAccessible();
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("seal")).toBeNull();
    expect(screen.getByTestId("room"), "Escape closes what lies above first").toBeVisible();
    expect(screen.getByTestId("toggle-sheet")).toHaveFocus();
  });

  it("is what a wide one becomes at 200 % text", async () => {
    const { user } = await openAt(1280, { settings: { text_percent: 200 } });
    await waitFor(() => expect(screen.queryByTestId("seal")).toBeNull());
    await user.keyboard("m");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-testid", "matrix-cell"));
    await user.keyboard("v");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-testid", "option"));
  });

  it("says that something was cited instead of covering what is read", async () => {
    const { user } = await openAt(1024);
    await user.keyboard("q");
    expect(await screen.findByTestId("toast")).toHaveTextContent("已引用 平1");
    expect(screen.queryByTestId("seal")).toBeNull();
  });
});
