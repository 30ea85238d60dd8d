// What every fixture writes times and money with.
export const at = (day: string, time: string) => `2026-11-${day}T${time}+08:00`;
export const cny = (minor: number) => ({ minor, currency: "CNY" });
