//! Clients that take their time, over real sockets.

use super::*;
use crate::server::proxies::Proxies;
use axum::routing::{get, post};
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch::Sender;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long anything here may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);
const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

struct House {
    address: SocketAddr,
    rules: Rules,
    stop: Sender<bool>,
    serving: JoinHandle<()>,
}

impl House {
    async fn open(most: usize, of_address: usize) -> Self {
        let endless = || async {
            let piece = Bytes::from(vec![b'a'; 64 * 1024]);
            Body::from_stream(futures::stream::repeat_with(move || Ok::<_, Infallible>(piece.clone())))
        };
        let count = |body: Body| async move {
            let mut pieces = body.into_data_stream();
            let mut bytes = 0;
            while let Some(piece) = pieces.next().await {
                match piece {
                    Ok(piece) => bytes += piece.len(),
                    Err(error) => return format!("given up: {}", crate::server::is_too_slow(&error)),
                }
            }
            format!("{bytes} bytes")
        };
        let routes = Router::new()
            .route("/", get(|| async { "hello" }))
            .route("/endless", get(endless))
            .route("/count", post(count));
        let pace = Pace { patience: Duration::from_millis(400), bytes_per_second: 1_000_000 };
        let places = Places::new(most, of_address, Proxies::default());
        let rules = Rules { places, pace, metrics: Metrics::new() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("it listens");
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, routes, rules.clone(), stopped));
        Self { address, rules, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("it accepts")
    }

    /// A connection on which that was sent.
    async fn with(&self, sent: &[u8]) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(sent).await.expect("it takes it");
        stream
    }

    async fn is_well(&self) {
        let mut stream = self.with(GET).await;
        assert!(until(&mut stream, "hello").await.contains("200 OK"));
    }

    async fn empty(&self) {
        let emptied = async {
            while self.rules.places.open() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(SOON, emptied).await.expect("every place is free again");
    }
}

/// Reads until these words have come.
async fn until(stream: &mut TcpStream, words: &str) -> String {
    let mut heard = String::new();
    let listening = async {
        while !heard.contains(words) {
            let mut bytes = [0; 1024];
            match stream.read(&mut bytes).await {
                Ok(0) | Err(_) => break,
                Ok(count) => heard.push_str(&String::from_utf8_lossy(&bytes[..count])),
            }
        }
    };
    timeout(SOON, listening).await.expect("it answers");
    assert!(heard.contains(words), "{heard:?}");
    heard
}

/// What comes until the other side closes.
async fn to_its_end(stream: &mut TcpStream) -> String {
    let mut heard = vec![];
    // A connection that is reset has ended too.
    let _ = timeout(SOON, stream.read_to_end(&mut heard)).await.expect("it ends");
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_do_not_come_to_their_end_are_cut_off() {
    let house = House::open(100, 100).await;
    let mut slow = vec![];
    for sent in [&b""[..], b"G", b"GET / HTTP/1.1\r\nhost: a\r\nx: "] {
        slow.push(house.with(sent).await);
    }
    // One that keeps sending a little.
    let mut trickle = house.with(b"GET / HTTP/1.1\r\nhost: a\r\nx: ").await;
    let trickling = async {
        while trickle.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    house.is_well().await;
    timeout(SOON, trickling).await.expect("it is cut off");
    for stream in &mut slow {
        assert_eq!(to_its_end(stream).await, "");
    }
    house.empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_may_rest_between_two_requests() {
    let house = House::open(100, 100).await;
    let mut stream = house.with(GET).await;
    until(&mut stream, "hello").await;
    // Longer than the head of a request may take.
    tokio::time::sleep(house.rules.pace.patience * 3).await;
    stream.write_all(GET).await.expect("it is still there");
    until(&mut stream, "hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_do_not_come_are_given_up() {
    let house = House::open(100, 100).await;
    let post = b"POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\nabc";
    let mut silent = house.with(post).await;
    let mut trickle = house.with(post).await;
    let trickling = async {
        let (mut reading, mut writing) = trickle.split();
        let answer = async {
            let mut heard = vec![];
            let _ = reading.read_to_end(&mut heard).await;
            String::from_utf8_lossy(&heard).into_owned()
        };
        let sending = async {
            while writing.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            answer = answer => answer,
            () = sending => unreachable!("it never ends"),
        }
    };
    house.is_well().await;
    assert!(until(&mut silent, "given up: true").await.contains("200 OK"));
    let heard = timeout(SOON, trickling).await.expect("it is given up");
    assert!(heard.contains("given up: true"), "{heard}");
    // One that comes is taken whole.
    let mut whole = b"POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n".to_vec();
    whole.extend([b'a'; 100_000]);
    let mut stream = house.with(&whole).await;
    until(&mut stream, "100000 bytes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_not_read_hold_nothing() {
    let house = House::open(100, 100).await;
    let asks = b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n";
    let unread = [house.with(asks).await, house.with(asks).await];
    let mut other = house.with(asks).await;
    // Somebody who reads is served all the while.
    let mut read = 0;
    let reading = async {
        let mut bytes = vec![0; 1 << 20];
        while house.rules.places.open() > 1 {
            read += other.read(&mut bytes).await.expect("it goes on");
        }
    };
    timeout(SOON, reading).await.expect("the others are cut off");
    assert!(read > 0);
    drop((unread, other));
    house.empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections() {
    let house = House::open(100, 2).await;
    let (mut one, mut two) = (house.with(GET).await, house.with(GET).await);
    until(&mut one, "hello").await;
    until(&mut two, "hello").await;
    let mut third = house.connect().await;
    assert!(to_its_end(&mut third).await.starts_with("HTTP/1.1 503 "));
    drop(one);
    let again = async {
        loop {
            let mut stream = house.with(GET).await;
            let mut bytes = [0; 12];
            if stream.read_exact(&mut bytes).await.is_ok() && &bytes == b"HTTP/1.1 200" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, again).await.expect("a place that is left is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_too_large_are_refused() {
    let house = House::open(100, 100).await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(HEAD_BYTES));
    let mut stream = house.with(long.as_bytes()).await;
    until(&mut stream, "431 ").await;
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: a\r\n".repeat(HEADERS + 1));
    let mut stream = house.with(many.as_bytes()).await;
    until(&mut stream, "431 ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_stop_lets_resting_connections_go_and_answers_to_the_end() {
    let house = House::open(100, 100).await;
    let mut resting = house.with(GET).await;
    until(&mut resting, "hello").await;
    let mut sending = house.with(b"POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\nabc").await;
    // It has arrived once the place counts.
    while house.rules.places.open() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    house.stop.send_replace(true);
    assert_eq!(to_its_end(&mut resting).await, "");
    sending.write_all(b"def").await.expect("it is still heard");
    until(&mut sending, "6 bytes").await;
    timeout(SOON, house.serving).await.expect("it ends").expect("without a panic");
    assert!(TcpStream::connect(house.address).await.is_err(), "nobody listens any more");
}
