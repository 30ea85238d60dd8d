// What else is done by hand in the room, done by keys: panes sized, originals exported, marks compared.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { decoding } from "../../../tests/decoding";
import { expectAccessible, openRoom, type Opened } from "../../../tests/window";
import { coatEvidence } from "../../backend/fake/coat";
import type { EvidenceBody } from "../../backend/types";

decoding();

describe("the edges of the panes", () => {
  it("are moved by arrow keys, each in its own direction, and to their ends", async () => {
    const { user } = await openRoom();
    for (const [name, wider] of [
      ["调整目录宽度", "{ArrowRight}"],
      ["调整工作单宽度", "{ArrowLeft}"],
    ] as const) {
      const edge = screen.getByRole("separator", { name });
      const width = () => Number(edge.ariaValueNow);
      const before = width();
      edge.focus();
      expect(edge).toHaveFocus();
      await user.keyboard(wider);
      expect(width(), name).toBe(before + 16);
      await user.keyboard("{End}");
      expect(width()).toBe(Number(edge.ariaValueMax));
      await user.keyboard(wider);
      expect(width(), "no farther than its end").toBe(Number(edge.ariaValueMax));
      await user.keyboard("{Home}");
      expect(width()).toBe(Number(edge.ariaValueMin));
    }
    expect(screen.getByTestId("tab-chat"), "no key of an edge reached the chat").toHaveAttribute(
      "aria-selected",
      "true",
    );
  });
});

const openPhotos = async (options = {}): Promise<Opened> => {
  const opened = await openRoom(options);
  await opened.user.keyboard("p");
  await screen.findAllByTestId("photo-tile");
  return opened;
};

describe("an original", () => {
  it("is exported by keys alone: from its tile to its facts to the act", async () => {
    const { user, calls } = await openPhotos();
    document.querySelector<HTMLElement>('[data-testid=photo-tile][data-key="b-2/2"]')!.focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("photo-single")).toHaveFocus());
    if (!screen.queryByTestId("photo-facts")) await user.keyboard("i");
    const act = await screen.findByRole("button", { name: "导出原件…" });
    expect(screen.getByTestId("photo-facts")).toHaveTextContent("原件会以未加密的文件存到您选的地方");
    for (let steps = 0; document.activeElement !== act && steps < 60; steps++) await user.tab();
    expect(act, "the tab key comes by").toHaveFocus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(calls("export_original")).toEqual([["seat-1", "b-2", 2]]));
  });
});

describe("two brand marks", () => {
  const file = coatEvidence.find((one) => one.id === "s-2")!.media[0]!;
  const mark = { kind: "brand_mark" as const, media: [{ ...file, group: null, caption: "标志" }] };

  it("of two sides are laid side by side and over each other by keys alone", async () => {
    const { user } = await openPhotos({ evidence: { "b-3": { ...mark, body: null }, "s-2": mark } });
    const both = screen.getByRole("button", { name: "对比 买3-1 与 卖2-1" });
    both.focus();
    await user.keyboard("{Enter}");
    const stage = screen.getByTestId("photo-compare");
    expect(stage.dataset.how).toBe("side");
    const names = () =>
      within(stage)
        .getAllByRole("img")
        .map((one) => one.ariaLabel?.slice(0, 4));
    expect(names()).toEqual(["买3-1", "卖2-1"]);
    const how = screen.getByTestId("compare-side");
    how.focus();
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(stage.dataset.how).toBe("overlay");
    expect(screen.getByTestId("compare-overlay"), "the focus goes along").toHaveFocus();
    const upper = () => Number(document.querySelector<HTMLElement>(".upper")!.style.opacity);
    const opacity = screen.getByTestId("opacity");
    expect(opacity).toHaveAccessibleName("透明度");
    opacity.focus();
    await user.keyboard("x");
    expect(upper(), "only the second").toBe(1);
    await user.keyboard("x");
    expect(upper(), "only the first").toBe(0);
    await expectAccessible();
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("photo-compare")).toBeNull();
  });

  it("have their facts below them, walked, noted and found again by keys", async () => {
    const facts: EvidenceBody = {
      kind: "document",
      title: "标志说明",
      issuer: "半亭**茶业",
      issued_at: null,
      fields: [{ name: "开始使用", value: "2019-10" }],
      sections: [{ heading: "声明", paragraphs: ["“雪”字不要求专用。"] }],
      tables: [],
    };
    const { user } = await openPhotos({
      evidence: { "b-3": { ...mark, body: coatEvidence[0]!.body } },
      bodies: { "b-3": facts },
    });
    const about = await screen.findByTestId("photo-about");
    await waitFor(() => expect(about).toHaveTextContent(/半亭\*\*茶业.*开始使用.*2019-10.*不要求专用/));
    about.querySelector<HTMLElement>("[data-line]")!.focus();
    await user.keyboard("n");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
    await user.keyboard("雪{Enter}");
    await user.click(screen.getByTestId("tab-chat"));
    await user.click(screen.getByRole("button", { name: /^买3 第 1/ }));
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-line", "paragraph:1"));
    expect(screen.getByTestId("tab-photos").ariaSelected).toBe("true");
  });
});
