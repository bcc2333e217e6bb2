//! Which neighbours are proxies of ours, and what they say of the client behind them.
//!
//! Nobody else's word counts: `X-Forwarded-For` and `X-Forwarded-Proto` of a client are what it pleases to
//! write. `Forwarded` (RFC 7239) is not read.

use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The address of the client: of whoever is connected, or of whom a proxy of ours names.
    pub address: IpAddr,
    /// Whether a proxy of ours says that it came to it over HTTPS.
    pub https: bool,
}

/// A list of addresses and networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

/// Addresses of a list at most.
const MOST: usize = 100;
/// Addresses that are read of one `X-Forwarded-For` at most, from its end.
const HOPS: usize = 16;

impl Proxies {
    /// Reads `10.0.0.7, 192.168.0.0/24, ::1`; empty: none.
    ///
    /// # Errors
    /// Says which part is no address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > MOST {
            return Err(format!("a list has at most {MOST} addresses"));
        }
        let network =
            |part: &&str| Network::parse(part).ok_or_else(|| format!("'{part}' is no address or network"));
        parts.iter().map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether this is one of ours.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.holds(address))
    }

    /// Where a request comes from that such a neighbour has passed to us.
    pub fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> Origin {
        let peer = peer.to_canonical();
        if !self.include(peer) {
            return Origin { address: peer, https: false };
        }
        let mut address = peer;
        for hop in list(headers, "x-forwarded-for").rev().take(HOPS) {
            // What a proxy of ours wrote is its neighbour, up to the first who is not one of ours.
            let Some(named) = address_in(hop) else { break };
            address = named;
            if !self.include(named) {
                break;
            }
        }
        let https = list(headers, "x-forwarded-proto").next_back() == Some("https");
        Origin { address, https }
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.unwrap_or(longest);
        (bits <= longest).then_some(Self { address, bits })
    }

    fn holds(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                (own.to_bits() ^ other.to_bits()) & mask == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                (own.to_bits() ^ other.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

/// The parts of a header that lists things, over all its lines.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    lines.into_iter().flat_map(|line| line.split(',')).map(str::trim)
}

/// An address with or without a port.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let found = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    found.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_list_is_of_addresses_and_networks() {
        let proxies = Proxies::parse("127.0.0.1, 10.1.0.0/16,fd00::/8, ::1,").expect("a list");
        for (address, ours) in [
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("10.1.255.9", true),
            ("10.2.0.1", false),
            ("::ffff:10.1.2.3", true),
            ("fd12::9", true),
            ("fe80::1", false),
            ("::1", true),
        ] {
            assert_eq!(proxies.include(ip(address)), ours, "{address}");
        }
        assert_eq!(Proxies::parse(" "), Ok(Proxies::default()));
        assert!(Proxies::parse("0.0.0.0/0").expect("all of them").include(ip("8.8.8.8")));
        for wrong in ["10.0.0.0/33", "localhost", "10.0.0", "::/129", "10.0.0.1/", "1.2.3.4/-1", "*"] {
            assert!(Proxies::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_proxy_of_ours_says_who_is_behind_it() {
        let ours = Proxies::parse("10.0.0.0/24").expect("a list");
        let said =
            headers(&[("x-forwarded-for", "6.6.6.6, 203.0.113.5, 10.0.0.9"), ("x-forwarded-proto", "https")]);
        let stranger = ours.origin(ip("203.0.113.9"), &said);
        assert_eq!(
            stranger,
            Origin { address: ip("203.0.113.9"), https: false },
            "its word counts for nothing"
        );
        let passed = ours.origin(ip("10.0.0.1"), &said);
        assert_eq!(
            passed,
            Origin { address: ip("203.0.113.5"), https: true },
            "what it wrote itself is left out"
        );
        // Several lines are one list, and a part that is no address ends it.
        let lines =
            headers(&[("x-forwarded-for", "6.6.6.6, unknown"), ("x-forwarded-for", "203.0.113.7:4711")]);
        assert_eq!(ours.origin(ip("10.0.0.1"), &lines).address, ip("203.0.113.7"));
        let none = headers(&[("x-forwarded-for", "unknown"), ("x-forwarded-proto", "https, http")]);
        assert_eq!(ours.origin(ip("10.0.0.1"), &none), Origin { address: ip("10.0.0.1"), https: false });
        let six = headers(&[("x-forwarded-for", "[2001:db8::1]:443, [2001:db8::2]")]);
        assert_eq!(ours.origin(ip("10.0.0.1"), &six).address, ip("2001:db8::2"));
    }
}
