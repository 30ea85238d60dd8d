//! Points and money: signed integers, exact everywhere. 100 points are 1 yuan, so 1 point is 1 fen.

use crate::MAX_INTEGER;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// An amount outside what may cross the wire (±(2^53 − 1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount beyond 2^53 - 1")]
pub struct AmountOutOfRange;

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS, ToSchema)]
        #[serde(try_from = "i64", into = "i64")]
        #[ts(type = "number")]
        #[schema(value_type = i64, minimum = -9007199254740991_i64, maximum = 9007199254740991_i64)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// Takes an amount.
            ///
            /// # Errors
            /// [`AmountOutOfRange`] beyond ±(2^53 − 1).
            pub const fn new(amount: i64) -> Result<Self, AmountOutOfRange> {
                if amount > MAX_INTEGER || amount < -MAX_INTEGER {
                    Err(AmountOutOfRange)
                } else {
                    Ok(Self(amount))
                }
            }

            /// The amount as an integer.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }

            /// Adds.
            ///
            /// # Errors
            /// [`AmountOutOfRange`] when the sum would not be exact on the wire.
            pub const fn plus(self, other: Self) -> Result<Self, AmountOutOfRange> {
                // Neither operand exceeds 2^53, so the sum cannot overflow 64 bits.
                Self::new(self.0 + other.0)
            }

            /// Subtracts.
            ///
            /// # Errors
            /// [`AmountOutOfRange`] when the difference would not be exact on the wire.
            pub const fn minus(self, other: Self) -> Result<Self, AmountOutOfRange> {
                Self::new(self.0 - other.0)
            }

            /// The same amount with the other sign.
            #[must_use]
            pub const fn negated(self) -> Self {
                Self(-self.0)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = AmountOutOfRange;
            fn try_from(amount: i64) -> Result<Self, AmountOutOfRange> {
                Self::new(amount)
            }
        }

        impl From<$name> for i64 {
            fn from(amount: $name) -> i64 {
                amount.0
            }
        }

        impl From<u32> for $name {
            fn from(amount: u32) -> Self {
                Self(i64::from(amount))
            }
        }
    };
}

amount! {
    /// Points, signed: what a finished judgment earns and a donation spends.
    Points
}
amount! {
    /// Money in fen, 1/100 yuan, signed.
    Fen
}

impl Points {
    /// What the points are worth: 100 points are 1 yuan, so 1 point is 1 fen, with no rounding.
    #[must_use]
    pub const fn to_fen(self) -> Fen {
        Fen(self.0)
    }
}

/// An amount in some currency, in its smallest unit, as an order or a claim states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Money {
    /// The amount in the currency's smallest unit (fen, cents).
    pub minor: Fen,
    /// The ISO 4217 code; `CNY` where nothing is said.
    #[serde(default = "yuan")]
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

fn yuan() -> String {
    "CNY".to_owned()
}

impl Money {
    /// An amount of yuan, in fen.
    #[must_use]
    pub fn cny(fen: Fen) -> Self {
        Self { minor: fen, currency: yuan() }
    }
}
