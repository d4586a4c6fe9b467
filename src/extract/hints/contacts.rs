//! Addresses, telephone numbers and profiles that a page links to.

use super::words::{decoded, is_email, strip_scheme};
use super::{Hints, add};
use crate::extract::social;
use crate::extract::text::filled;

impl Hints<'_> {
    /// An address, a number or a profile that a link leads to.
    pub(super) fn contact(&mut self, href: &str) {
        if let Some(address) = strip_scheme(href, "mailto:") {
            self.add_email(address);
        } else if let Some(number) = strip_scheme(href, "tel:") {
            self.add_phone(number);
        } else if social::may_be(href)
            && let Some(profile) = self.base.web(href).as_ref().and_then(social::profile)
        {
            self.incomplete |= !add(&mut self.profiles, profile);
        }
    }

    pub(super) fn add_email(&mut self, address: &str) {
        let address = address.split('?').next().unwrap_or_default();
        for one in decoded(address).split([',', ';']).filter_map(filled).filter(|one| is_email(one)) {
            if !self.emails.iter().any(|known| known.eq_ignore_ascii_case(&one)) {
                self.incomplete |= !add(&mut self.emails, one);
            }
        }
    }

    pub(super) fn add_phone(&mut self, number: &str) {
        let number = decoded(number.split([';', '?']).next().unwrap_or_default());
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if let Some(number) = filled(&number)
            && (3..=20).contains(&digits)
        {
            self.incomplete |= !add(&mut self.phones, number);
        }
    }
}
