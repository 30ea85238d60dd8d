// Fixture: an order of many lines whose bill does not add up and whose refund is above what was paid.
import type { EvidenceBody, Observation, Order } from "../types";
import { coatBodies } from "./coatBodies";
import { at, cny } from "./stamps";

const goods = [
  ["棉麻餐垫 加厚隔热", "颜色", "雾蓝"],
  ["实木托盘 日式长方形", "尺寸", "30 × 20 厘米"],
  ["玻璃密封罐", "容量", "750 ml"],
  ["不锈钢漏勺 长柄", "款式", "大号"],
  ["竹制砧板 双面", "厚度", "2.4 厘米"],
] as const;

export function longOrder(lines: number): EvidenceBody {
  const items = Array.from({ length: lines }, (_, i) => {
    const [title, name, value] = goods[i % goods.length]!;
    return {
      title: `${title} ${i + 1} 号`,
      options: [
        { name, value },
        { name: "包装", value: i % 3 ? "简装" : "礼盒" },
      ],
      price: cny(990 + ((i * 770) % 9000)),
      quantity: 1 + (i % 4),
    };
  });
  const sum = items.reduce((total, item) => total + item.price.minor * item.quantity, 0);
  const coat = coatBodies["p-2"] as { kind: "order" } & Order;
  return {
    ...coat,
    number: "2611****0080",
    items,
    amounts: [
      { kind: "goods", amount: cny(sum) },
      { kind: "freight", amount: cny(1200) },
      { kind: "discount", amount: cny(-5000) },
      { kind: "paid", amount: cny(sum - 4800) },
    ],
    payments: [
      { at: at("02", "14:20:05"), kind: "payment", amount: cny(sum - 4800), method: "余额 尾号 **17" },
      { at: at("10", "11:00:00"), kind: "refund", amount: cny(sum), method: "原路退回" },
    ],
  };
}

/** What the sums of such an order say by themselves. */
export function longOrderFound(lines: number): Observation {
  const { payments } = longOrder(lines) as { kind: "order" } & Order;
  const [paid, refunded] = payments.map((payment) => payment.amount.minor) as [number, number];
  return {
    id: "o5",
    finding: { kind: "refund_above_paid", paid, refunded, currency: "CNY" },
    sources: [{ evidence: "p-2", seq: null, picture: null }],
    leans_on: [],
  };
}
