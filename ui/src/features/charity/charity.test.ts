// Points and charity: every number exact, and the exact preview before anything is pressed.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { projects } from "../../backend/fake/account";
import { go, openWindow } from "../../../tests/window";
import { most, readAmount, units } from "./amount";

describe("giving", () => {
  it("previews points, money and what is left, exactly", async () => {
    const opened = await openWindow();
    await go(opened, "charity");
    const lunch = (await screen.findAllByTestId("project")).find((one) => one.dataset.project === "lunch")!;
    const available = Number(screen.getByTestId("balance-available").dataset.points);
    await opened.user.click(within(lunch).getByTestId("project-donate"));
    await opened.user.type(screen.getByTestId("donate-amount"), "801");
    expect(screen.getByTestId("donate-preview")).toHaveTextContent("801 积分 = ¥8.01");
    const left = available - 801;
    expect(lunch).toHaveTextContent(
      `捐后余 ${left.toLocaleString("en")} 积分（¥${Math.floor(left / 100).toLocaleString("en")}.${String(left % 100).padStart(2, "0")}）`,
    );
    await opened.user.click(screen.getByTestId("donate-confirm"));
    await waitFor(() => expect(opened.calls("donate")).toHaveLength(1));
    expect(opened.calls("donate")[0]!.slice(1)).toEqual(["lunch", 801]);
    await waitFor(() =>
      expect(screen.getByTestId("balance-available")).toHaveAttribute("data-points", String(left)),
    );
    expect(screen.getByTestId("waiting-points")).toHaveTextContent("801 积分的捐赠待上传");
  });

  it("closes no form of another project when its answer comes late, and thanks for what was given", async () => {
    const opened = await openWindow();
    await go(opened, "charity");
    const of = (id: string) => screen.getAllByTestId("project").find((one) => one.dataset.project === id)!;
    await screen.findAllByTestId("project");
    const letGo = opened.fake.delay("donate");
    await opened.user.click(within(of("lunch")).getByTestId("project-donate"));
    await opened.user.type(screen.getByTestId("donate-amount"), "200");
    await opened.user.click(screen.getByTestId("donate-confirm"));
    await opened.user.click(within(of("love")).getByTestId("project-donate"));
    await opened.user.type(screen.getByTestId("donate-amount"), "300");
    letGo();
    const lunch = projects.find((one) => one.id === "lunch")!.name["zh-Hans"];
    expect(await screen.findByTestId("toast")).toHaveTextContent(lunch);
    expect(within(of("love")).getByTestId("donate-amount")).toHaveValue("300");
  });

  it("refuses what the project does not take, in words", async () => {
    const opened = await openWindow();
    await go(opened, "charity");
    const love = (await screen.findAllByTestId("project")).find((one) => one.dataset.project === "love")!;
    await opened.user.click(within(love).getByTestId("project-donate"));
    const amount = screen.getByTestId("donate-amount");
    for (const [typed, words] of [
      ["50", "至少 200 积分"],
      ["250", "须为 100 的整数倍"],
      ["9999900", "可用只有"],
      ["2.5", "只能是整数"],
    ] as const) {
      await opened.user.clear(amount);
      await opened.user.type(amount, typed);
      expect(love).toHaveTextContent(words);
      expect(screen.getByTestId("donate-confirm")).toBeDisabled();
    }
  });

  it("shows the state of each donation, cancels while it can be, and opens receipts", async () => {
    const opened = await openWindow();
    await go(opened, "charity");
    const rows = await screen.findAllByTestId("donation-row");
    expect(rows.map((row) => row.dataset.state)).toEqual([
      "submitted",
      "receipted",
      "receipted",
      "disbursed",
    ]);
    await opened.user.click(within(rows[0]!).getByRole("button", { name: "取消" }));
    await waitFor(() => expect(opened.calls("cancel_donation")[0]?.[1]).toBe("d0"));
    await opened.user.click(screen.getAllByTestId("donation-receipt")[0]!);
    expect(await screen.findByTestId("donation-receipt-dialog")).toHaveTextContent("2026-0119-4471");
  });
});

describe("amounts", () => {
  const [lunch, orphans] = projects as [(typeof projects)[number], (typeof projects)[number]];
  it("are whole points within minimum, step and what there is", () => {
    expect(readAmount("1,250", lunch, 2000)).toEqual({ points: 1250, fault: null });
    expect(readAmount("", lunch, 2000).fault).toBe("empty");
    expect(readAmount("-5", lunch, 2000).fault).toBe("whole");
    expect(readAmount("12.5", lunch, 2000).fault).toBe("whole");
    expect(readAmount("99", lunch, 2000).fault).toBe("minimum");
    expect(readAmount("125", orphans, 2000).fault).toBe("step");
    expect(readAmount("2001", lunch, 2000).fault).toBe("tooMany");
  });
  it("never exceed what there is when all is given", () => {
    expect(most(orphans, 1249)).toBe(1200);
    expect(most(lunch, 99)).toBe(0);
  });
  it("cut units and never round them up", () => {
    expect(units(800, 400)).toBe("2");
    expect(units(799, 400)).toBe("1.9");
  });
});
