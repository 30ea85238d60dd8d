// The photo viewer as a reader uses it: by keys, by names, and with pictures that are not there.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { decoding } from "../../../../tests/decoding";
import { expectAccessible, openRoom, type Opened } from "../../../../tests/window";
import type { FakeOptions } from "../../../backend/fake";
import type { Draft } from "../../../backend/types";

const lastDraft = ({ calls }: Opened) => calls("save_draft").at(-1)?.[1] as Draft | undefined;
const tile = (key: string) =>
  document.querySelector<HTMLElement>(`[data-testid=photo-tile][data-key="${key}"]`)!;
const percent = () => Number.parseInt(screen.getByTestId("zoom-percent").textContent);
const drawnFrom = () =>
  [...document.querySelectorAll("[data-testid=picture] img")].map((img) => img.getAttribute("src"));

const webView = decoding();

async function openPhotos(options: FakeOptions = {}): Promise<Opened> {
  const opened = await openRoom(options);
  await opened.user.click(screen.getByTestId("tab-photos"));
  await waitFor(() => expect(tile("b-2/0")).toBeVisible());
  return opened;
}
async function openPicture(opened: Opened, key: string): Promise<void> {
  tile(key).focus();
  await opened.user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("photo-single")).toHaveFocus());
  await waitFor(() => expect(screen.getByTestId("picture").dataset.stage).not.toBe("loading"));
}

describe("the grid", () => {
  it("names every picture, its submitter and its group", async () => {
    await openPhotos();
    const section = document.querySelector<HTMLElement>('[data-evidence-section="b-2"]')!;
    expect([...section.querySelectorAll("h3")].map((head) => head.textContent)).toEqual([
      "之前",
      "之后",
      "未分组",
    ]);
    expect(tile("b-2/0")).toHaveAccessibleName(/买2-1 买家提交 收到时平铺，袖长 61 厘米/);
    expect(tile("s-2/1")).toHaveTextContent("文件有损坏，只能读出一部分");
    await expectAccessible();
  });

  it("can be arranged by group, with pictures of both sides in it", async () => {
    const { user } = await openPhotos();
    await user.click(screen.getByTestId("by-group"));
    expect(
      [...document.querySelectorAll<HTMLElement>("[data-group]")].map((one) => one.dataset.group),
    ).toEqual(["before", "after", "listing", "none"]);
    await user.click(screen.getByTestId("compare-pair"));
    expect(screen.getByTestId("photo-compare")).toBeVisible();
  });

  it("does not open a chat because one of its pictures is looked at", async () => {
    const opened = await openPhotos();
    const before = opened.calls("mark_opened").length;
    await openPicture(opened, "p-1/0");
    expect(opened.calls("mark_opened")).toHaveLength(before);
  });
});

describe("one picture", () => {
  it("is zoomed, moved, turned and left by keys alone", async () => {
    const opened = await openPhotos();
    const { user } = opened;
    await openPicture(opened, "b-2/0");
    const fitted = percent();
    expect(fitted).toBeLessThan(25);
    await user.keyboard("+");
    expect(percent()).toBeGreaterThan(fitted);
    await user.keyboard("a");
    expect(percent(), "of the original, not of the rendition").toBe(100);
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("img", { name: /^买2-1/ }), "zoomed in, an arrow moves").toBeVisible();
    await user.keyboard("f{ArrowRight}");
    expect(screen.getByRole("img", { name: /^买2-2/ }), "fitted, an arrow goes on").toBeVisible();
    await user.keyboard("e");
    await waitFor(() => expect(drawnFrom().some((src) => src?.endsWith("/b-2/1/screen"))).toBe(true));
    const turned = () =>
      document.querySelector<HTMLElement>("[data-testid=picture] .steady")?.style.transform;
    await waitFor(() => expect(turned()).toContain("rotate(90deg)"));
    await user.keyboard("ae");
    expect(percent(), "turning keeps the zoom").toBe(100);
    await user.keyboard("www");
    expect(turned()).toContain("rotate(270deg)");
    await user.keyboard(",.");
    expect(turned(), "a picture keeps its turn").toContain("rotate(270deg)");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(tile("b-2/1")).toHaveFocus());
  });

  it("keeps its keys from the worksheet, and gives the worksheet its own", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-3/0");
    await opened.user.keyboard("1");
    await waitFor(() =>
      expect(lastDraft(opened)?.evidence_findings).toContainEqual({
        evidence: "b-3",
        finding: { kind: "favours", side: "buyer" },
      }),
    );
    expect(screen.getByRole("img", { name: /^买3-1/ })).toBeVisible();
  });

  it("asks for the part it shows when the rendition has too few pixels, and for no other", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-2/0");
    expect(drawnFrom().some((src) => src?.includes("/region/"))).toBe(false);
    await opened.user.keyboard("a");
    await waitFor(() =>
      expect(drawnFrom().filter((src) => src?.includes("/b-2/0/region/0/"))).toHaveLength(1),
    );
    expect(screen.getByTestId("picture").dataset.detail).toBe("shown");
  });

  it("says calmly that it is shown reduced when its parts cannot be had", async () => {
    const opened = await openPhotos();
    webView.refused = /region/;
    await openPicture(opened, "b-2/0");
    expect(screen.queryByText(/缩小图/)).toBeNull();
    await opened.user.keyboard("a");
    expect(await screen.findByText("显示的是缩小图（2048 像素），原件为 4,032 × 3,024")).toBeVisible();
  });

  it("stays blurred, and is not even fetched, until it is asked for", async () => {
    const opened = await openPhotos();
    tile("b-2/4").focus();
    await opened.user.keyboard("{Enter}");
    const reveal = await screen.findByTestId("reveal");
    expect(screen.getByText("可能令人不适：身体", { selector: ".veil p" })).toBeVisible();
    expect(drawnFrom().filter((src) => src?.endsWith("/screen"))).toEqual([]);
    await opened.user.click(reveal);
    await waitFor(() => expect(drawnFrom().some((src) => src?.endsWith("/b-2/4/screen"))).toBe(true));
  });

  it("says what is wrong where there is none", async () => {
    webView.refused = /screen/;
    const opened = await openPhotos();
    await openPicture(opened, "b-2/0");
    expect(screen.getByText("图片读不出来：不在本机，或已损坏")).toBeVisible();
    opened.fake.rows.find((row) => row.seat === "seat-1")!.state = { kind: "damaged", code: "hash" };
    opened.fake.tell("room");
    expect(await screen.findByText("文件已损坏：哈希与签名时的不一致")).toBeVisible();
  });
});

describe("a picture that cannot be loaded", () => {
  it("says so in the grid and in the chat, and says damage as soon as that is known", async () => {
    const opened = await openPhotos();
    const { fake, user } = opened;
    const missing = "图片读不出来：不在本机，或已损坏";
    const damaged = "文件已损坏：哈希与签名时的不一致";
    tile("b-2/0").querySelector("img")!.dispatchEvent(new Event("error"));
    await waitFor(() => expect(tile("b-2/0")).toHaveTextContent(missing));
    fake.rows.find((row) => row.seat === "seat-1")!.state = { kind: "damaged", code: "hash" };
    fake.tell("room");
    // It is tried once more, now that the state of the material is another, and fails again.
    await waitFor(() => expect(tile("b-2/0").querySelector("img")).not.toBeNull());
    tile("b-2/0").querySelector("img")!.dispatchEvent(new Event("error"));
    await waitFor(() => expect(tile("b-2/0")).toHaveTextContent(damaged));
    await user.click(screen.getByTestId("tab-chat"));
    const inChat = await waitFor(() => {
      const found = document.querySelector<HTMLImageElement>("[data-testid=chat-list] [data-picture] img");
      expect(found).not.toBeNull();
      return found!;
    });
    const message = inChat.closest<HTMLElement>("[data-place]")!;
    inChat.dispatchEvent(new Event("error"));
    await waitFor(() => expect(message).toHaveTextContent(damaged));
  });
});

describe("coming and going", () => {
  it("finds the picture as it was left, and its evidence under the keys", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "s-2/2");
    await opened.user.keyboard("ct");
    expect(screen.getByTestId("tab-timeline")).toHaveAttribute("aria-selected", "true");
    await opened.user.keyboard("p");
    expect(await screen.findByRole("img", { name: /^卖2-3/ })).toBeVisible();
    await opened.user.keyboard("0");
    await waitFor(() =>
      expect(lastDraft(opened)?.evidence_findings).toContainEqual({
        evidence: "s-2",
        finding: { kind: "neutral" },
      }),
    );
  });

  it("goes from one piece of evidence to the next by J", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-2/3");
    await opened.user.keyboard("j");
    expect(await screen.findByRole("img", { name: /^买3-1/ })).toBeVisible();
  });
});

describe("what the file says", () => {
  async function facts(key: string, language?: "en"): Promise<HTMLElement> {
    const opened = await openPhotos(language ? { settings: { language } } : {});
    await openPicture(opened, key);
    if (!screen.queryByTestId("photo-facts")) await opened.user.keyboard("i");
    const panel = screen.getByTestId("photo-facts");
    await waitFor(() => expect(panel.querySelector("section")).not.toBeNull());
    return panel;
  }

  it("sets the capture time between the case's events", async () => {
    const axis = within(await facts("b-2/1")).getByRole("list", { name: "与案件时间对照" });
    expect(
      within(axis)
        .getAllByRole("listitem")
        .map((one) => one.textContent.replace(/\s+/g, " ").trim()),
    ).toEqual(["签收 11-06 15:40", "相隔 2 天 4 小时", "拍摄", "相隔 30 分", "申请退货 11-08 21:02"]);
    await expectAccessible();
  });

  it("names a position's being there and never the place", async () => {
    expect(await facts("b-2/0")).toHaveTextContent("带有位置信息，不显示在哪里");
  });

  it("tells the four states of content credentials without a judgment", async () => {
    const invalid = await facts("b-2/2");
    const shown = within(invalid).getByTestId("credentials");
    expect(shown.dataset.state).toBe("invalid");
    expect(shown).toHaveTextContent("内容与签名时不同");
    expect(shown).not.toHaveTextContent(/假|伪|可疑|分/);
  });

  it("says that no credentials mean nothing", async () => {
    const shown = within(await facts("b-3/0", "en")).getByTestId("credentials");
    expect(shown.dataset.state).toBe("absent");
    expect(shown).toHaveTextContent("It says nothing about the picture.");
  });

  it("shows the hash's beginning, and all of it when asked", async () => {
    const shown = await facts("b-2/1");
    expect(shown.querySelector("code")).toHaveTextContent(/^abababab$/);
    within(shown).getByRole("button", { name: "看全部" }).click();
    await waitFor(() => expect(shown.querySelector("code")).toHaveTextContent("ab".repeat(32)));
  });
});

describe("a note on a region", () => {
  it("is drawn, sized and written by keys, and found again", async () => {
    const opened = await openPhotos();
    const { user } = opened;
    await openPicture(opened, "b-2/0");
    await user.keyboard("n");
    const drawn = screen.getByTestId("region-drawn");
    const before = { left: Number.parseFloat(drawn.style.left), width: Number.parseFloat(drawn.style.width) };
    await user.keyboard("{ArrowRight}{Shift>}{ArrowRight}{/Shift}");
    expect(Number.parseFloat(drawn.style.left)).toBeGreaterThan(before.left);
    expect(Number.parseFloat(drawn.style.width)).toBeGreaterThan(before.width);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
    await user.keyboard("袖口起毛{Enter}");
    await waitFor(() =>
      expect(lastDraft(opened)?.notes.at(-1)).toMatchObject({
        text: "袖口起毛",
        anchor: { kind: "region", evidence: "b-2", index: 0, page: 0, y: 3333, height: 3333 },
      }),
    );
    const frame = screen.getByTestId("photo-mark");
    expect(frame).toHaveAccessibleName("笔记 1：袖口起毛");
    const fitted = percent();
    frame.focus();
    await user.keyboard("{Enter}");
    expect(percent(), "the frame leads to its region").toBeGreaterThan(fitted);
    await user.keyboard("f{Escape}");
    await user.click(screen.getByRole("button", { name: /买2.*第 1 张/ }));
    await waitFor(() => expect(percent(), "the note leads back to it").toBeGreaterThan(fitted));
    await expectAccessible();
  });

  it("is given up by Escape, and the picture stays", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-2/0");
    await opened.user.keyboard("n{Escape}");
    expect(screen.queryByTestId("region-drawn")).toBeNull();
    expect(screen.getByTestId("photo-single")).toBeVisible();
  });

  it("stands on the whole picture when N is pressed twice", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-2/0");
    await opened.user.keyboard("nn");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
    await opened.user.keyboard("全图{Enter}");
    await waitFor(() =>
      expect(lastDraft(opened)?.notes.at(-1)?.anchor).toEqual({ kind: "picture", evidence: "b-2", index: 0 }),
    );
  });
});

describe("two pictures", () => {
  it("are compared by keys: side by side, under a divider, one over the other", async () => {
    const opened = await openPhotos();
    const { user } = opened;
    await openPicture(opened, "b-2/1");
    await user.keyboard("b");
    const stage = screen.getByTestId("photo-compare");
    expect(
      within(stage)
        .getAllByRole("img")
        .map((one) => one.getAttribute("aria-label")?.slice(0, 4)),
    ).toEqual(["买2-1", "买2-2"]);
    await user.keyboard("m");
    const divider = screen.getByRole("slider", { name: "分隔线" });
    divider.focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}");
    expect(divider).toHaveAttribute("aria-valuenow", "64");
    await expectAccessible();
    await user.keyboard("m");
    const upper = () => Number(document.querySelector<HTMLElement>(".upper")!.style.opacity);
    expect(upper()).toBe(0.5);
    await user.keyboard("x");
    expect(upper()).toBe(1);
    await user.keyboard("x");
    expect(upper()).toBe(0);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByTestId("photo-single")).toHaveFocus());
  });

  it("say damage and a reduced size however they are compared, by their numbers in one frame", async () => {
    const opened = await openPhotos();
    const { user } = opened;
    webView.refused = /region|s-2\/2\/screen/;
    await openPicture(opened, "s-2/1");
    await user.keyboard("b");
    const stage = screen.getByTestId("photo-compare");
    const partial = "文件有损坏，只能读出一部分";
    const missing = "图片读不出来：不在本机，或已损坏";
    await waitFor(() => expect(stage).toHaveTextContent(partial));
    await user.keyboard("++++++++");
    expect(stage, "a damaged one of 1,600 pixels has all there is").not.toHaveTextContent("缩小图");
    const said = () =>
      within(screen.getByTestId("picture-said"))
        .getAllByText(/./)
        .map((one) => one.textContent);
    for (const how of ["swipe", "overlay"]) {
      await user.keyboard("m");
      expect(stage.dataset.how).toBe(how);
      await waitFor(() => expect(said()).toEqual([`卖2-2：${partial}`, `卖2-3：${missing}`]));
    }
    await user.keyboard("{Escape}");
    await openPicture(await backInGrid(opened), "b-2/2");
    await user.keyboard("bm");
    await waitFor(() => expect(stageOf()).toEqual(["shown", "shown"]));
    expect(screen.queryByTestId("picture-said")).toBeNull();
    await user.keyboard("++++++++");
    const reduced = "显示的是缩小图（2048 像素），原件为";
    await waitFor(() =>
      expect(said()).toEqual([`买2-3：${reduced} 4,032 × 3,024`, `买2-4：${reduced} 4,032 × 3,024`]),
    );
    await expectAccessible();
  });
  const stageOf = () => screen.getAllByTestId("picture").map((one) => one.dataset.stage);
  async function backInGrid(opened: Opened): Promise<Opened> {
    await waitFor(() => expect(screen.getByTestId("photo-single")).toHaveFocus());
    await opened.user.keyboard("g");
    await waitFor(() => expect(tile("b-2/0")).toBeVisible());
    return opened;
  }

  it("may come from a chat", async () => {
    const opened = await openPhotos();
    await openPicture(opened, "b-2/0");
    await opened.user.keyboard("b");
    const strip = screen.getByRole("list", { name: "与哪一张对比" });
    await opened.user.click(await within(strip).findByRole("button", { name: /^平1-1/ }));
    expect(screen.getByTestId("photo-compare")).toHaveTextContent("平1-1");
  });
});

describe("a document in pages", () => {
  it("is turned and noted by keys, and its note leads back to the page", async () => {
    const opened = await openRoom();
    const { user } = opened;
    await user.click(screen.getByTestId("tab-order"));
    const pages = await screen.findByTestId("pages");
    const viewer = within(pages).getByTestId("photo-single");
    viewer.focus();
    await user.keyboard(".");
    expect(pages.dataset.page).toBe("1");
    expect(within(pages).getByRole("img", { name: "卖3-1，第 2 页，共 3 页" })).toBeVisible();
    await waitFor(() => expect(drawnFrom().some((src) => src?.endsWith("/s-3/0/page/1"))).toBe(true));
    await user.keyboard("n{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
    await user.keyboard("第二页{Enter}");
    await waitFor(() =>
      expect(lastDraft(opened)?.notes.at(-1)?.anchor).toMatchObject({
        kind: "region",
        evidence: "s-3",
        index: 0,
        page: 1,
      }),
    );
    const number = within(pages).getByTestId("page-number");
    await user.clear(number);
    await user.type(number, "9{Enter}");
    expect(pages.dataset.page, "there is no ninth page").toBe("1");
    await user.click(within(pages).getByRole("button", { name: "上一页" }));
    expect(pages.dataset.page).toBe("0");
    const note = screen.getAllByTestId("note").find((one) => one.textContent.includes("第二页"))!;
    await user.click(within(note).getByRole("button", { name: /卖3/ }));
    await waitFor(() => expect(screen.getByTestId("pages").dataset.page).toBe("1"));
  });
});
