//! Chooses the media type of the answer from the `Accept` header (RFC 9110, 12.5.1).
//!
//! Quality first, then how exactly the range names the type, then our own order. Parameters other than
//! `q` and `charset` are ignored: refusing a client over `application/json;v=1` helps nobody.

use async_graphql::parser::types::OperationType;
use axum::http::{HeaderMap, HeaderValue, header};

/// A representation this transport can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status says how the request went.
    GraphqlResponse,
    /// `application/json`: 200 for every well-formed request.
    Json,
    /// `text/event-stream`: graphql-sse, one connection for each operation.
    EventStream,
}

impl Media {
    /// The value of `Content-Type`.
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Media::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Media::Json => "application/json; charset=utf-8",
            Media::EventStream => "text/event-stream; charset=utf-8",
        })
    }

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Media::GraphqlResponse => ("application", "graphql-response+json"),
            Media::Json => ("application", "json"),
            Media::EventStream => ("text", "event-stream"),
        }
    }

    /// Where the client leaves the choice to us. A client that names the newer type knows it; one that
    /// sends a wildcard is taken for an older one, as the public audit asks.
    fn preference(self, named: bool) -> u8 {
        match (self, named) {
            (Media::GraphqlResponse, true) | (Media::Json, false) => 2,
            (Media::Json, true) | (Media::GraphqlResponse, false) => 1,
            (Media::EventStream, _) => 0,
        }
    }
}

/// How much a client wants one media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wish {
    quality: u16,
    exactness: u8,
}

/// What a client accepts, out of what this transport can write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accept {
    graphql_response: Option<Wish>,
    json: Option<Wish>,
    event_stream: Option<Wish>,
}

impl Accept {
    /// Reads every `Accept` header; none at all means anything, which answers `application/json`.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let lines: Vec<&str> =
            headers.get_all(header::ACCEPT).iter().map(|value| value.to_str().unwrap_or("")).collect();
        let ranges: Vec<Range<'_>> =
            if lines.iter().all(|line| line.trim().is_empty()) && !unreadable(headers) {
                vec![Range::ANYTHING]
            } else {
                lines.iter().flat_map(|line| split_unquoted(line, ',')).filter_map(Range::parse).collect()
            };
        Self {
            graphql_response: wish(&ranges, Media::GraphqlResponse),
            json: wish(&ranges, Media::Json),
            event_stream: wish(&ranges, Media::EventStream),
        }
    }

    /// Returns whether any of our media types is acceptable.
    pub(super) fn is_satisfiable(self) -> bool {
        self.choose(OperationType::Query).is_some()
    }

    /// The media type for an operation; a subscription can only be an event stream.
    pub(super) fn choose(self, operation: OperationType) -> Option<Media> {
        if operation == OperationType::Subscription {
            return self.event_stream.map(|_| Media::EventStream);
        }
        [
            (Media::GraphqlResponse, self.graphql_response),
            (Media::Json, self.json),
            (Media::EventStream, self.event_stream),
        ]
        .into_iter()
        .filter_map(|(media, wish)| wish.map(|wish| (media, wish)))
        .max_by_key(|(media, wish)| {
            (wish.quality, wish.exactness, media.preference(wish.exactness == Range::NAMED))
        })
        .map(|(media, _)| media)
    }

    /// The media type for an error that is not a GraphQL response: never a stream.
    pub(super) fn for_refusal(self) -> Media {
        match self.choose(OperationType::Query) {
            Some(Media::GraphqlResponse) => Media::GraphqlResponse,
            _ => Media::Json,
        }
    }
}

fn unreadable(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|value| value.to_str().is_err())
}

/// The most exact range decides, as RFC 9110 says, so `*/*, application/json;q=0` refuses JSON.
fn wish(ranges: &[Range<'_>], media: Media) -> Option<Wish> {
    ranges
        .iter()
        .filter_map(|range| Some(Wish { exactness: range.exactness(media)?, quality: range.quality }))
        .max_by_key(|wish| (wish.exactness, wish.quality))
        .filter(|wish| wish.quality > 0)
}

/// One media range with its quality in thousandths.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    const ANYTHING: Range<'static> = Range { kind: "*", subtype: "*", quality: 1000 };
    const NAMED: u8 = 2;

    /// Reads a range; one that is malformed, or wants a charset we do not write, counts as not sent.
    fn parse(text: &'a str) -> Option<Self> {
        let media = MediaType::parse(text)?;
        let mut quality = 1000;
        for (name, value) in &media.parameters {
            if name.eq_ignore_ascii_case("q") {
                quality = parse_quality(value)?;
            }
        }
        media.is_utf8().then_some(Self { kind: media.kind, subtype: media.subtype, quality })
    }

    fn exactness(&self, media: Media) -> Option<u8> {
        let (kind, subtype) = media.name();
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (own, "*") if own.eq_ignore_ascii_case(kind) => Some(1),
            (own, own_subtype) => (own.eq_ignore_ascii_case(kind)
                && own_subtype.eq_ignore_ascii_case(subtype))
            .then_some(Self::NAMED),
        }
    }
}

/// A media type with its parameters, as `Content-Type` and `Accept` write it.
pub(super) struct MediaType<'a> {
    kind: &'a str,
    subtype: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> MediaType<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = split_unquoted(text, ';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let parameters = parts
            .filter(|part| !part.trim().is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=')?;
                Some((name.trim(), value.trim().trim_matches('"')))
            })
            .collect::<Option<_>>()?;
        Some(Self { kind, subtype, parameters })
    }

    pub(super) fn is_json(&self) -> bool {
        self.kind.eq_ignore_ascii_case("application") && self.subtype.eq_ignore_ascii_case("json")
    }

    /// Returns whether the charset is UTF-8, which it is where none is named.
    pub(super) fn is_utf8(&self) -> bool {
        self.parameters
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
            .all(|(_, value)| value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8"))
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Reads `0.75` as 750; `None` where it is not a quality of RFC 9110.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Splits at a separator that stands outside a quoted string.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |character| {
        let splits = character == separator && !quoted;
        match character {
            '\\' if quoted && !escaped => {
                escaped = true;
                return false;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = false;
        splits
    })
}
