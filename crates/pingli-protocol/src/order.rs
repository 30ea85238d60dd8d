//! Orders: items, money, shipments. Addresses and names are masked before they come here.

use crate::{Stamp, case::Side, money::Money, private_debug};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// An order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Order {
    /// The order number, masked in the middle.
    pub number: String,
    /// What was bought.
    pub items: Vec<OrderItem>,
    /// What the order came to, line by line: goods, freight, discount, paid.
    pub amounts: Vec<AmountLine>,
    /// Payments and refunds.
    #[serde(default)]
    pub payments: Vec<Payment>,
    /// Where it goes, masked.
    #[serde(default)]
    pub address: Option<String>,
    /// Parcels.
    #[serde(default)]
    pub shipments: Vec<Shipment>,
    /// What state it had, and from when.
    #[serde(default)]
    pub history: Vec<StatusChange>,
    /// What the buyer wrote with the order.
    #[serde(default)]
    pub buyer_note: Option<String>,
}

/// Payments and refunds alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PaymentHistory {
    /// Payments and refunds, in the order they happened.
    pub payments: Vec<Payment>,
}

/// Shipments alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Logistics {
    /// Parcels.
    pub shipments: Vec<Shipment>,
}

private_debug!(Order, PaymentHistory, Logistics, OrderItem, Payment, Shipment, Scan);

/// One line of an order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OrderItem {
    /// The item's title when it was ordered.
    pub title: String,
    /// Options, such as colour and size.
    #[serde(default)]
    pub options: Vec<Attribute>,
    /// The price of one.
    pub price: Money,
    /// How many.
    pub quantity: u32,
    /// What was taken off the line itself, negative as on the bill. The goods of the bill are the lines
    /// after it; what was taken off the order as a whole stands on the bill alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub discount: Option<Money>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// One line of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AmountLine {
    /// Which line.
    pub kind: AmountKind,
    /// How much; a discount is negative.
    pub amount: Money,
}

/// Which line of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AmountKind {
    /// The goods.
    Goods,
    /// Carriage.
    Freight,
    /// A discount or coupon, negative.
    Discount,
    /// Tax.
    Tax,
    /// What was paid.
    Paid,
}

/// Money that moved.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Payment {
    /// When; none where the record has no time.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// Which way.
    pub kind: PaymentKind,
    /// How much, positive.
    pub amount: Money,
    /// By what means, masked.
    #[serde(default)]
    pub method: String,
}

/// Which way money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// From the buyer.
    Payment,
    /// Back to the buyer.
    Refund,
    /// A compensation to the buyer.
    Compensation,
}

/// A parcel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Shipment {
    /// The carrier.
    pub carrier: String,
    /// The tracking number, masked in the middle.
    pub tracking: String,
    /// Who sent it: the seller, or the buyer for a return.
    pub sender: Side,
    /// The weight at the first scan, in grams.
    #[serde(default)]
    pub weight_g: Option<u32>,
    /// What was scanned, in order.
    pub scans: Vec<Scan>,
}

/// One scan of a parcel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Scan {
    /// When.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// What happened.
    pub kind: ScanKind,
    /// Where, no nearer than a district.
    #[serde(default)]
    pub place: String,
    /// The carrier's words.
    #[serde(default)]
    pub text: String,
}

/// What happened to a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScanKind {
    /// A waybill was made; nothing has moved.
    Created,
    /// Picked up.
    PickedUp,
    /// On its way.
    InTransit,
    /// Out for delivery.
    OutForDelivery,
    /// Handed over.
    Delivered,
    /// Delivery failed.
    Failed,
    /// Refused by the receiver.
    Refused,
    /// On its way back.
    Returning,
}

/// A state of an order, and from when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StatusChange {
    /// From when.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// The state, in the platform's words.
    pub status: String,
}
