// Answers that overtake each other on their way to the window.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { openWindow } from "../../tests/window";

/** Holds every answer that a verb gives from now on until its own call is made. */
function hold<K extends string, T>(port: Record<K, () => Promise<T>>, verb: K): (() => void)[] {
  const ask = port[verb];
  const letGo: (() => void)[] = [];
  port[verb] = async () => {
    const answer = await ask();
    await new Promise<void>((done) => letGo.push(done));
    return answer;
  };
  return letGo;
}

it("stays locked when a view from before the lock comes after it", async () => {
  const { fake } = await openWindow({ slots: { keyring: true, passphrase: true } });
  await screen.findAllByTestId("docket-row");
  const views = hold(fake, "appStatus");
  fake.tell("app");
  await waitFor(() => expect(views).toHaveLength(1));
  fake.stage = { kind: "locked", reason: "by_reviewer", passphrase: true, may_keep_nothing: false };
  fake.tell("app");
  await waitFor(() => expect(views).toHaveLength(2));

  views[1]!();
  await screen.findByTestId("locked");
  views[0]!();
  await new Promise((done) => setTimeout(done, 50));
  expect(screen.getByTestId("locked"), "nothing comes back over the lock").toBeVisible();
  expect(screen.queryByTestId("docket-row")).toBeNull();
});

it("keeps the setting that was just made when an older answer comes after it", async () => {
  const opened = await openWindow();
  await screen.findAllByTestId("docket-row");
  const settings = hold(opened.fake, "settings");
  opened.fake.tell("settings");
  await waitFor(() => expect(settings).toHaveLength(1));
  await opened.user.click(screen.getByTestId("nav-settings"));
  await opened.user.selectOptions(await screen.findByTestId("theme"), "dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  settings[0]!();
  await new Promise((done) => setTimeout(done, 50));
  expect(document.documentElement.dataset.theme).toBe("dark");
});
