// Opens the whole window on the fake port, as a test sees it.
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import App from "../src/app/App.svelte";
import { FakeBackend, type FakeOptions } from "../src/backend/fake";
import type { CaseRoomView, Draft, Evidence, TimelineItem } from "../src/backend/types";

/** What a fake can be made like, and a case that is a little other than the fixture's. */
export interface WindowOptions extends FakeOptions {
  /** Pieces of evidence that are other than the fixture's. */
  evidence?: Record<string, Partial<Evidence>>;
  /** Items of the timeline besides the fixture's. */
  happened?: TimelineItem[];
  /** Changes what the reviewer wrote before. */
  draft?: (draft: Draft) => unknown;
}

/** The case with other evidence, and with more on its timeline. */
function changed(view: CaseRoomView, { evidence = {}, happened = [] }: WindowOptions): CaseRoomView {
  const { document, timeline } = view;
  const pieces = document.case.evidence.map((one) => ({ ...one, ...evidence[one.id] }));
  // What is there keeps its order: a chat's is the recorded one.
  const items = happened.length
    ? [...timeline.items, ...happened].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    : timeline.items;
  return {
    ...view,
    document: { ...document, case: { ...document.case, evidence: pieces } },
    timeline: { ...timeline, items },
  };
}

export interface Opened {
  fake: FakeBackend;
  user: UserEvent;
  calls: (verb: string) => unknown[][];
}

export async function openWindow(options: WindowOptions = {}): Promise<Opened> {
  const fake = new FakeBackend(options);
  const written = fake.drafts.get("seat-1");
  if (written) options.draft?.(written);
  const openCase = fake.openCase;
  fake.openCase = async (seat) => changed(await openCase(seat), options);
  render(App, { backend: fake });
  await waitFor(() => expect(fake.calls.some((call) => call.verb === "app_status")).toBe(true));
  const calls = (verb: string) => fake.calls.filter((call) => call.verb === verb).map((call) => call.args);
  return { fake, user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }), calls };
}

export async function openRoom(options: WindowOptions = {}, seat = "seat-1"): Promise<Opened> {
  const opened = await openWindow(options);
  await screen.findAllByTestId("docket-row");
  opened.fake.navigate({ place: { at: "room", seat }, code: null });
  await screen.findByTestId("seal");
  await screen.findAllByTestId("chat-message");
  return opened;
}

export async function go(opened: Opened, place: string): Promise<void> {
  await opened.user.click(await screen.findByTestId(`nav-${place}`));
}

/** No violation of WCAG 2.2 AA, as far as a document without a layout can tell. */
export async function expectAccessible(): Promise<void> {
  const results = await axe.run(document.body, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast": { enabled: false }, "target-size": { enabled: false } },
  });
  const found = results.violations.map(
    (v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
  );
  expect(found, "axe found violations").toEqual([]);
}
