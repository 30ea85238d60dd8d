//! Helpers of the whole-product stories.
