use std::net::IpAddr;

use domain::{Email, UserId};

/// By whom it is counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Subject(String);

impl Subject {
    /// A person.
    pub fn person(id: UserId) -> Self {
        Self(format!("person:{id}"))
    }

    /// An account that somebody wants to get into, whether it exists or not.
    pub fn account(email: &Email) -> Self {
        Self(format!("account:{}", email.as_str().to_lowercase()))
    }

    /// An address on the network. Of IPv6 the network counts, the first 64 bits: whoever has one address there has all of them.
    pub fn address(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => format!("address:{address}"),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Subject {
        Subject::address(text.parse().expect("an address"))
    }

    #[test]
    fn all_addresses_of_an_ipv6_network_are_one_and_its_neighbours_are_others() {
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
    }

    #[test]
    fn an_ipv4_address_is_the_same_in_both_notations() {
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }

    #[test]
    fn an_account_is_the_same_in_every_case() {
        let account = |text| Subject::account(&Email::parse("email", text).expect("an address"));
        assert_eq!(account("Ada@Example.com"), account("ada@example.com"));
    }
}
