//! Tells the crate where the interface to embed is: `web/dist` where it has
//! been built, else a page that says how to build it. Never runs npm.

use std::path::PathBuf;
use std::{env, fs};

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Aegis</title>\
<h1>The interface is not part of this build</h1>\
<p>Run <code>make run</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>, and build again. \
The API answers at <code>/graphql</code>.</p></html>\n";

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let dist = manifest.join("../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    let folder = if dist.join("index.html").is_file() {
        dist
    } else {
        let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("no-interface");
        fs::create_dir_all(&folder).expect("OUT_DIR can be written");
        fs::write(folder.join("index.html"), PAGE).expect("OUT_DIR can be written");
        folder
    };
    println!("cargo:rustc-env=AEGIS_WEB_DIST={}", folder.display());
}
