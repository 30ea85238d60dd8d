// Pictures of chats and documents as places: cited, noted, and found again among the photos.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { decoding } from "../../../../tests/decoding";
import { openRoom, type Opened, type WindowOptions } from "../../../../tests/window";
import { coatEvidence } from "../../../backend/fake/coat";
import { coatTimeline } from "../../../backend/fake/coatTimeline";
import { at } from "../../../backend/fake/stamps";

import type { Draft, Evidence } from "../../../backend/types";

decoding();
const lastDraft = ({ calls }: Opened) => calls("save_draft").at(-1)?.[1] as Draft | undefined;
const tile = (key: string) =>
  document.querySelector<HTMLElement>(`[data-testid=photo-tile][data-key="${key}"]`)!;
const selected = (tab: string) => screen.getByTestId(`tab-${tab}`).ariaSelected === "true";
const shown = async (number: string) => {
  expect(await screen.findByRole("img", { name: new RegExp(`^${number}[，,]`) })).toBeVisible();
  expect(selected("photos")).toBe(true);
};
const filesOf = (id: string) => coatEvidence.find((one) => one.id === id)!.media;
/** The buyer's statement with three pictures; it has three paragraphs besides. */
const illustrated: WindowOptions = { evidence: { "b-1": { media: filesOf("s-2") } } };

async function openPicture(key: string, options: WindowOptions = {}): Promise<Opened> {
  const opened = await openRoom(options);
  await opened.user.click(screen.getByTestId("tab-photos"));
  await waitFor(() => expect(tile(key)).toBeVisible());
  tile(key).focus();
  await opened.user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("photo-single")).toHaveFocus());
  return opened;
}
const citations = () =>
  screen.getAllByTestId("citation").map((one) => [one.textContent.split(",")[0], one.dataset.broken]);

describe("a cited picture", () => {
  it("of a chat is no message, by the key and by the button, and leads back to the picture", async () => {
    const opened = await openPicture("p-1/1");
    const { user } = opened;
    await user.clear(screen.getByTestId("opinion"));
    screen.getByTestId("photo-single").focus();
    await user.keyboard("q");
    await user.click(screen.getByRole("button", { name: "引用 平1-2" }));
    await waitFor(() => expect(lastDraft(opened)?.opinion).toBe("[[p-1#picture-2]][[p-1#picture-2]]"));
    expect(screen.getByTestId("opinion")).toHaveValue("【平1 · #图片2】【平1 · #图片2】");
    await waitFor(() => expect(citations()).toEqual([["平1 · #图片2", "false"]]));
    await user.click(screen.getByTestId("tab-chat"));
    await user.click(screen.getByTestId("citation"));
    await shown("平1-2");
  });

  it("of a statement is no paragraph, and its number alone is one", async () => {
    const opened = await openPicture("b-1/0", illustrated);
    const { user } = opened;
    const opinion = screen.getByTestId("opinion");
    await user.clear(opinion);
    screen.getByTestId("photo-single").focus();
    await user.keyboard("q");
    await waitFor(() => expect(lastDraft(opened)?.opinion).toBe("[[b-1#picture-1]]"));
    await fireEvent.input(opinion, {
      target: { value: "【买1 · #图片3】【买1 · #图片4】【买1 · #1】【买2 · #1】" },
    });
    await waitFor(() =>
      expect(citations()).toEqual([
        ["买1 · #图片3", "false"],
        ["买1 · #图片4", "true"],
        ["买1 · #1", "false"],
        ["买2 · #1", "false"],
      ]),
    );
    await waitFor(() =>
      expect(lastDraft(opened)?.opinion, "pictures alone keep their form").toContain("[[b-2#1]]"),
    );
    const [picture, , paragraph, image] = screen.getAllByTestId("citation");
    await user.click(paragraph!);
    expect(selected("order")).toBe(true);
    await user.click(picture!);
    await shown("买1-3");
    await user.click(image!);
    await shown("买2-1");
  });

  it("is written in English words too", async () => {
    const { user } = await openPicture("p-1/0", { settings: { language: "en" } });
    await user.clear(screen.getByTestId("opinion"));
    screen.getByTestId("photo-single").focus();
    await user.keyboard("q");
    await waitFor(() => expect(screen.getByTestId("opinion")).toHaveValue("[P-1 · #picture1]"));
    await waitFor(() => expect(citations()).toEqual([["P-1 · #picture1", "false"]]));
  });
});

describe("a jump to a picture", () => {
  it("from a note on a region of a chat's picture opens the picture there", async () => {
    const opened = await openPicture("p-1/0");
    const { user } = opened;
    const percent = () => Number.parseInt(screen.getByTestId("zoom-percent").textContent);
    await waitFor(() => expect(screen.getByTestId("picture").dataset.stage).toBe("shown"));
    const fitted = percent();
    const before = opened.calls("mark_opened").length;
    await user.keyboard("n{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
    await user.keyboard("这里{Enter}");
    await waitFor(() =>
      expect(lastDraft(opened)?.notes.at(-1)?.anchor).toMatchObject({ kind: "region", evidence: "p-1" }),
    );
    await user.keyboard("{Escape}");
    await user.click(screen.getByTestId("tab-order"));
    await user.click(screen.getByRole("button", { name: "平1 第 1 张的一处" }));
    await shown("平1-1");
    await waitFor(() => expect(percent(), "at its region").toBeGreaterThan(fitted));
    expect(
      opened
        .calls("mark_opened")
        .map(([, id]) => id)
        .slice(before),
    ).not.toContain("p-1");
  });

  it("from the timeline opens the picture of a statement, and comes back", async () => {
    const taken = {
      ...coatTimeline.items.find((item) => item.kind === "photo_taken")!,
      at: at("12", "08:00:00"),
      source: { evidence: "b-1", seq: null, picture: 2 },
    };
    const { user } = await openRoom({ ...illustrated, happened: [taken] });
    await user.keyboard("t");
    await screen.findAllByTestId("timeline-item");
    await user.keyboard("{End}{Enter}");
    await shown("买1-3");
    await user.keyboard("{Backspace}");
    expect(selected("timeline")).toBe(true);
  });

  it("of a file in pages stays where the document stands", async () => {
    const { user } = await openRoom();
    await fireEvent.input(screen.getByTestId("opinion"), { target: { value: "【卖3 · #1】" } });
    await user.click(await screen.findByTestId("citation"));
    expect(selected("order")).toBe(true);
    expect(await screen.findByTestId("pages")).toBeVisible();
  });

  it("finds the photos in a case whose pictures all stand in a chat", async () => {
    const paper: Partial<Evidence> = { kind: "document", media: [] };
    const { user } = await openRoom({ evidence: { "b-2": paper, "b-3": paper, "s-2": paper } });
    await fireEvent.input(screen.getByTestId("opinion"), { target: { value: "【平1 · #图片1】" } });
    await user.click(await screen.findByTestId("citation"));
    await shown("平1-1");
  });
});
