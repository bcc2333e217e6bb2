//! Which addresses belong to the open internet. The lists are those of IANA's registries of special-purpose
//! addresses (RFC 6890 and what came after it), and metadata services that stand outside them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of IPv4: its address, how many bits of it count, what it is.
type Block4 = (Ipv4Addr, u32, &'static str);
/// A block of IPv6.
type Block6 = (Ipv6Addr, u32, &'static str);

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

const fn v6(a: u16, b: u16, c: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)
}

const NOT_CALLED_4: &[Block4] = &[
    (v4(0, 0, 0, 0), 8, "an unspecified address"),
    (v4(10, 0, 0, 0), 8, "a private address"),
    (v4(100, 64, 0, 0), 10, "an address shared behind a provider"),
    (v4(127, 0, 0, 0), 8, "a loopback address"),
    // Metadata services of most clouds, 169.254.169.254, too.
    (v4(169, 254, 0, 0), 16, "a link-local address"),
    (v4(172, 16, 0, 0), 12, "a private address"),
    (v4(192, 0, 0, 0), 24, "a reserved address"),
    (v4(192, 0, 2, 0), 24, "an address for documentation"),
    (v4(192, 88, 99, 0), 24, "a relay to IPv6"),
    (v4(192, 168, 0, 0), 16, "a private address"),
    (v4(198, 18, 0, 0), 15, "an address for measurements"),
    (v4(198, 51, 100, 0), 24, "an address for documentation"),
    (v4(203, 0, 113, 0), 24, "an address for documentation"),
    (v4(224, 0, 0, 0), 4, "a multicast address"),
    (v4(240, 0, 0, 0), 4, "a reserved address"),
    // Azure's, in the middle of public addresses.
    (v4(168, 63, 129, 16), 32, "a metadata service"),
];

/// What is given out to the open internet; everything else in IPv6 is special.
const GIVEN_OUT: Block6 = (v6(0x2000, 0, 0), 3, "");
/// IPv4 as seen from a network that has IPv6 only (RFC 6052).
const TRANSLATED: Block6 = (v6(0x64, 0xff9b, 0), 96, "");

const NOT_CALLED_6: &[Block6] = &[
    // Teredo, benchmarks, identifiers and others.
    (v6(0x2001, 0, 0), 23, "a reserved address"),
    (v6(0x2001, 0x0db8, 0), 32, "an address for documentation"),
    (v6(0x2002, 0, 0), 16, "a relay to IPv4"),
    (v6(0x3fff, 0, 0), 20, "an address for documentation"),
];

fn in_4(ip: Ipv4Addr, (block, bits, _): &Block4) -> bool {
    (ip.to_bits() ^ block.to_bits()).leading_zeros() >= *bits
}

fn in_6(ip: Ipv6Addr, (block, bits, _): &Block6) -> bool {
    (ip.to_bits() ^ block.to_bits()).leading_zeros() >= *bits
}

/// What kind of address it is, if it is one that is not called.
pub fn refused(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => NOT_CALLED_4.iter().find(|block| in_4(ip, block)).map(|block| block.2),
        IpAddr::V6(ip) if in_6(ip, &TRANSLATED) => {
            let [.., a, b, c, d] = ip.octets();
            refused(IpAddr::V4(v4(a, b, c, d)))
        }
        IpAddr::V6(ip) if !in_6(ip, &GIVEN_OUT) => Some(special(ip)),
        IpAddr::V6(ip) => NOT_CALLED_6.iter().find(|block| in_6(ip, block)).map(|block| block.2),
    }
}

fn special(ip: Ipv6Addr) -> &'static str {
    match ip {
        Ipv6Addr::LOCALHOST => "a loopback address",
        Ipv6Addr::UNSPECIFIED => "an unspecified address",
        _ if ip.is_multicast() => "a multicast address",
        _ if ip.to_ipv4_mapped().is_some() => "an IPv4 address in disguise",
        _ if ip.is_unicast_link_local() => "a link-local address",
        // Amazon's metadata service, fd00:ec2::254, too.
        _ if ip.is_unique_local() => "a private address",
        _ => "a reserved address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        refused(text.parse().expect(text))
    }

    #[test]
    fn what_belongs_to_a_machine_or_a_network_is_not_called() {
        for (text, what) in [
            ("0.0.0.0", "an unspecified address"),
            ("10.1.2.3", "a private address"),
            ("100.64.0.1", "an address shared behind a provider"),
            ("100.100.100.200", "an address shared behind a provider"),
            ("127.0.0.1", "a loopback address"),
            ("127.255.255.254", "a loopback address"),
            ("169.254.169.254", "a link-local address"),
            ("168.63.129.16", "a metadata service"),
            ("172.16.0.1", "a private address"),
            ("172.31.255.255", "a private address"),
            ("192.0.0.192", "a reserved address"),
            ("192.168.1.1", "a private address"),
            ("198.19.0.1", "an address for measurements"),
            ("203.0.113.7", "an address for documentation"),
            ("224.0.0.1", "a multicast address"),
            ("255.255.255.255", "a reserved address"),
            ("::", "an unspecified address"),
            ("::1", "a loopback address"),
            ("::7f00:1", "a reserved address"),
            ("::ffff:127.0.0.1", "an IPv4 address in disguise"),
            ("::ffff:8.8.8.8", "an IPv4 address in disguise"),
            ("64:ff9b::7f00:1", "a loopback address"),
            ("64:ff9b::a9fe:a9fe", "a link-local address"),
            ("64:ff9b:1::1", "a reserved address"),
            ("100::1", "a reserved address"),
            ("2001::1", "a reserved address"),
            ("2001:db8::1", "an address for documentation"),
            ("2002:7f00:1::", "a relay to IPv4"),
            ("3fff::1", "an address for documentation"),
            ("fc00::1", "a private address"),
            ("fd00:ec2::254", "a private address"),
            ("fe80::1", "a link-local address"),
            ("fec0::1", "a reserved address"),
            ("ff02::1", "a multicast address"),
        ] {
            assert_eq!(of(text), Some(what), "{text}");
        }
    }

    #[test]
    fn what_is_on_the_open_internet_is_called() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00::1",
            "64:ff9b::808:808",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
