//! The address for whoever runs Aegis: `/metrics`, `/readyz`, `/healthz`.

use crate::home::say;
use aegis_api::Internal;
use anyhow::Context;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Where a server answers when nothing else is set.
const DEFAULT: &str = "127.0.0.1:9464";

/// Takes the address; nothing where it is switched off, or where nobody asked for the usual one and
/// another process has it.
///
/// # Errors
/// The address does not read as one, or was asked for and cannot be had.
pub async fn bind(setting: Option<&str>, by_default: bool) -> anyhow::Result<Option<TcpListener>> {
    let address = match setting {
        Some("") => return Ok(None),
        Some(address) => address,
        None if by_default => DEFAULT,
        None => return Ok(None),
    };
    let address: SocketAddr = address.parse().with_context(|| {
        format!("AEGIS_INTERNAL_BIND is '{address}', which is no address such as {DEFAULT}")
    })?;
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(Some(listener)),
        Err(_) if setting.is_none() => {
            say(&format!(
                "{DEFAULT} is taken, so there are no metrics; choose another address with AEGIS_INTERNAL_BIND."
            ));
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| {
            format!("cannot listen at {address}; choose another address with AEGIS_INTERNAL_BIND")
        }),
    }
}

/// What answers on the address, until it is dropped.
pub struct Answering {
    task: JoinHandle<()>,
    _stop: watch::Sender<bool>,
}

impl Answering {
    /// Begins.
    pub fn begin(internal: Internal, listener: TcpListener) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { task: tokio::spawn(internal.run(listener, stopped)), _stop: stop }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.task.abort();
    }
}
