// Where links and notifications lead.
import { screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { openWindow } from "../../tests/window";

it("goes where a lead says", async () => {
  const { fake } = await openWindow();
  await screen.findAllByTestId("docket-row");
  fake.navigate({ place: { at: "outbox" }, code: null });
  expect(await screen.findByTestId("nav-outbox")).toHaveAttribute("aria-current", "page");
});

it("says in words why a link led elsewhere, and stays when there is no place", async () => {
  const { fake } = await openWindow();
  await screen.findAllByTestId("docket-row");
  fake.navigate({ place: { at: "docket" }, code: "link_not_here" });
  expect(await screen.findByText("链接里的案件不在这台机器上")).toBeVisible();
  fake.navigate({ place: null, code: "link_invalid" });
  expect(await screen.findByText("这个链接看不懂")).toBeVisible();
  expect(screen.getByTestId("nav-docket")).toHaveAttribute("aria-current", "page");
});
