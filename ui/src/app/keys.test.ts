// A key that is held: what moves goes on, everything else happens once.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { openRoom } from "../../tests/window";
import { Keys } from "./keys";

it("happens once, unless it moves", () => {
  const keys = new Keys();
  const done: string[] = [];
  const all = ["j", "ArrowDown", "PageUp", "End", "Shift+F3", "+", ".", "q", "1", "Enter", "Ctrl+Enter"];
  keys.bind(Object.fromEntries(all.map((name) => [name, () => done.push(name)])));
  for (const name of all) {
    const parts = name.length > 1 ? name.split("+") : [name];
    const init = { key: parts.at(-1)!, ctrlKey: parts.includes("Ctrl"), shiftKey: parts.includes("Shift") };
    keys.handle(new KeyboardEvent("keydown", init));
    const held = new KeyboardEvent("keydown", { ...init, repeat: true, cancelable: true });
    keys.handle(held);
    expect(held.defaultPrevented, `${name} stays the program's own while it is held`).toBe(true);
  }
  const twice = ["j", "ArrowDown", "PageUp", "End", "Shift+F3", "+", "."];
  expect(done).toEqual(all.flatMap((name) => (twice.includes(name) ? [name, name] : [name])));
});

it("cites once in the chat, picks once, and sets one finding in the grid", async () => {
  const { user } = await openRoom();
  const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
  await fireEvent.input(opinion, { target: { value: "" } });
  await user.keyboard("{ArrowDown}{ArrowDown}");
  await waitFor(() => expect(document.activeElement).toHaveAttribute("data-seq", "2"));
  const message = document.activeElement as HTMLElement;
  for (const repeat of [false, true, true]) await fireEvent.keyDown(message, { key: "q", repeat });
  await waitFor(() => expect(opinion).toHaveValue("【平1 · #2】"));
  for (const repeat of [false, true]) await fireEvent.keyDown(message, { key: " ", repeat });
  expect(message, "picked, and not put back").toHaveAttribute("data-selected");

  const cell = screen.getAllByTestId("matrix-cell").find((one) => one.dataset.issue === "i1")!;
  await fireEvent.mouseDown(cell);
  cell.focus();
  await fireEvent.keyDown(cell, { key: "Enter" });
  const once = cell.dataset.finding;
  await fireEvent.keyDown(cell, { key: "Enter", repeat: true });
  expect(cell.dataset.finding).toBe(once);
});

it("does not press through a warning that it opened", async () => {
  const { user, fake, calls } = await openRoom();
  fake.change = { from_version: 1, to_version: 2, rule: null };
  fake.tell("room");
  await screen.findByText(/材料从第 1 版换成了第 2 版/);
  await user.click(screen.getAllByTestId("option")[0]!);
  const sealing = { key: "Enter", ctrlKey: true };
  await fireEvent.keyDown(document.body, sealing);
  const heading = await screen.findByRole("heading", { name: /材料换过了/ });
  await fireEvent.keyDown(heading, { ...sealing, repeat: true });
  expect(calls("seal_ballot"), "the key was never let go").toEqual([]);
  await fireEvent.keyDown(heading, sealing);
  await waitFor(() => expect(calls("seal_ballot")).toHaveLength(1));
});
