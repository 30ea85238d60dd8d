//! The seal of one page as SQLCipher 4 makes it with our settings: AES-256 in CBC mode, then
//! HMAC-SHA256 over ciphertext, initialization vector and page number.

use crate::keys::DataKey;
use aes::{
    Aes256,
    cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::NoPadding},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

/// Bytes of a page on disk.
pub(crate) const PAGE: usize = 16_384;
const IV: usize = 16;
const TAG: usize = 32;
/// Bytes of a page that are encrypted.
const SEALED: usize = PAGE - IV - TAG;
/// The first bytes of the first page are the salt, in the clear.
const HEADER: usize = 16;
/// SQLCipher's constants for the key of the tags.
const SALT_MASK: u8 = 0x3a;

/// The salt of a database: its first bytes.
pub(crate) type Salt = [u8; HEADER];

/// Opens pages.
pub(super) struct PageCipher {
    key: Zeroizing<[u8; 32]>,
    tag_key: Zeroizing<[u8; 32]>,
}

impl PageCipher {
    pub(super) fn new(key: &DataKey, salt: &Salt) -> Option<Self> {
        let key = key.database_key();
        // PBKDF2-HMAC-SHA512 with two rounds, its first 32 bytes.
        let round = |input: &[&[u8]]| {
            let mut mac = Hmac::<Sha512>::new_from_slice(&*key).ok()?;
            input.iter().for_each(|bytes| mac.update(bytes));
            Some(Zeroizing::new(<[u8; 64]>::from(mac.finalize().into_bytes())))
        };
        let first = round(&[&salt.map(|byte| byte ^ SALT_MASK), &1_u32.to_be_bytes()])?;
        let second = round(&[&*first])?;
        let mut tag_key = Zeroizing::new([0; 32]);
        for (byte, (a, b)) in tag_key.iter_mut().zip(first.iter().zip(second.iter())) {
            *byte = a ^ b;
        }
        Some(Self { key, tag_key })
    }

    /// Whether a page is what was written there.
    pub(super) fn is_authentic(&self, number: u32, sealed: &[u8]) -> bool {
        let start = if number == 1 { HEADER } else { 0 };
        let Some((signed, tag)) = sealed.get(start..PAGE).and_then(|body| body.split_last_chunk::<TAG>()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.tag_key) else { return false };
        mac.update(signed);
        mac.update(&number.to_le_bytes());
        mac.verify_slice(tag).is_ok()
    }

    /// The plain bytes of a page, or nothing when they are not what was written there.
    pub(super) fn open(&self, number: u32, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if self.is_authentic(number, sealed) { self.decrypt(number, sealed) } else { None }
    }

    /// The bytes of a page whatever its tag says.
    pub(super) fn decrypt(&self, number: u32, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let start = if number == 1 { HEADER } else { 0 };
        let iv: [u8; IV] = sealed.get(SEALED..SEALED + IV)?.try_into().ok()?;
        let mut plain = Zeroizing::new(sealed.get(..SEALED)?.to_vec());
        let cipher = cbc::Decryptor::<Aes256>::new(&(*self.key).into(), &iv.into());
        cipher.decrypt_padded::<NoPadding>(&mut plain[start..]).ok()?;
        plain[..start].fill(0);
        Some(plain)
    }
}
