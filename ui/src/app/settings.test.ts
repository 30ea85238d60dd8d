// Settings that are changed faster than they are saved.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { go, openWindow, type Opened } from "../../tests/window";

async function changeTwo(): Promise<Opened & { first: () => void; second: () => void }> {
  const opened = await openWindow();
  await screen.findAllByTestId("docket-row");
  await go(opened, "settings");
  const { fake, user } = opened;
  const [first, second] = [fake.delay("save_settings"), fake.delay("save_settings")];
  await user.selectOptions(await screen.findByTestId("theme"), "dark");
  await user.selectOptions(screen.getByTestId("text-size"), "125");
  return { ...opened, first, second };
}
const look = () => [document.documentElement.dataset.theme, document.documentElement.style.fontSize];

it("are both kept, whichever is answered first", async () => {
  const { fake, first, second, calls } = await changeTwo();
  expect(look(), "shown at once").toEqual(["dark", "20px"]);
  second();
  first();
  await waitFor(() => expect(calls("save_settings")).toHaveLength(2));
  await waitFor(() => expect(fake.settingsNow).toMatchObject({ theme: "dark", text_percent: 125 }));
  expect(look()).toEqual(["dark", "20px"]);
});

it("show what is kept when neither could be saved, and one alone when the other could not", async () => {
  const { fake, first, second, user } = await changeTwo();
  fake.options.failing = { save_settings: "storage_failed" };
  first();
  second();
  await waitFor(() => expect(screen.getAllByTestId("toast")).toHaveLength(2));
  expect(look(), "neither is kept").toEqual(["light", "16px"]);

  const third = fake.delay("save_settings");
  const fourth = fake.delay("save_settings");
  await user.selectOptions(screen.getByTestId("theme"), "dark");
  await user.selectOptions(screen.getByTestId("text-size"), "125");
  third();
  await waitFor(() => expect(screen.getAllByTestId("toast")).toHaveLength(3));
  fake.options.failing = {};
  fourth();
  await waitFor(() => expect(fake.settingsNow.text_percent).toBe(125));
  await waitFor(() => expect(look(), "and not the one that failed").toEqual(["light", "20px"]));
  expect(fake.settingsNow.theme).not.toBe("dark");
});
