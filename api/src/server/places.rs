//! How many connections are open, in all and from one address.

use super::proxies::Proxies;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Places for connections. Clones share them.
#[derive(Clone)]
pub struct Places {
    most: usize,
    of_address: usize,
    /// Whose connections are those of many.
    proxies: Proxies,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<IpAddr, usize>,
}

/// The place of one connection, free again when it is dropped.
pub struct Place {
    places: Places,
    /// Where it counts; nothing for a proxy of ours.
    of: Option<IpAddr>,
}

impl Places {
    /// So many in all, and of one address; a network of IPv6 of 64 bits counts as one address. Proxies of
    /// ours are held to the first number only.
    pub fn new(most: usize, of_address: usize, proxies: Proxies) -> Self {
        Self { most, of_address, proxies, taken: Arc::default() }
    }

    /// A place for a connection from an address, if there is one.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        let of = (!self.proxies.include(address)).then(|| network(address));
        let mut taken = self.taken();
        if taken.all >= self.most {
            return None;
        }
        if let Some(address) = of {
            let count = taken.of.entry(address).or_default();
            if *count >= self.of_address {
                return None;
            }
            *count += 1;
        }
        taken.all += 1;
        Some(Place { places: self.clone(), of })
    }

    /// How many are taken.
    pub fn open(&self) -> usize {
        self.taken().all
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(address) = self.of
            && let Some(count) = taken.of.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                taken.of.remove(&address);
            }
        }
    }
}

/// What one subscriber has: an address, of IPv6 a network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_has_its_share_and_all_have_theirs() {
        let proxies = Proxies::parse("10.0.0.1").expect("a list");
        let places = Places::new(5, 2, proxies);
        let (one, other, third) = (ip("192.0.2.1"), ip("192.0.2.2"), ip("192.0.2.3"));
        let mut held = vec![places.take(one).expect("one"), places.take(one).expect("two")];
        assert!(
            places.take(one).is_none() && places.take(ip("::ffff:192.0.2.1")).is_none(),
            "two of an address"
        );
        held.extend([other, other].map(|address| places.take(address).expect("others have their own")));
        held.push(places.take(ip("10.0.0.1")).expect("five"));
        assert_eq!(places.open(), 5);
        assert!(places.take(third).is_none() && places.take(ip("10.0.0.1")).is_none(), "five in all");
        held.clear();
        assert_eq!((places.open(), places.taken().of.len()), (0, 0), "nothing is left behind");
        // A proxy stands for many.
        let many: Vec<_> = (0..5).map(|_| places.take(ip("10.0.0.1"))).collect();
        assert!(many.iter().all(Option::is_some));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let places = Places::new(5, 1, Proxies::default());
        let _held = places.take(ip("2001:db8:0:1::1")).expect("one");
        assert!(places.take(ip("2001:db8:0:1:ffff::2")).is_none());
        assert!(places.take(ip("2001:db8:0:2::1")).is_some());
    }
}
