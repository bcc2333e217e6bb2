//! What was measured, as one Markdown table.

use std::fmt;

/// One figure over the rounds of a run.
#[derive(Debug, Clone, Default)]
pub struct Rounds(Vec<f64>);

impl Rounds {
    /// Adds a round.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        percentile(&self.0, 0.5)
    }

    /// The first one alone.
    pub fn first(&self) -> Self {
        Self(self.0.iter().copied().take(1).collect())
    }

    fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The value below which that share of the values lies.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let at = (last as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// More is better.
    PerSecond,
    /// More is better.
    MegabytesPerSecond,
    /// Less is better.
    Megabytes,
    /// Less is better.
    Milliseconds,
    /// Less is better.
    Seconds,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::PerSecond => grouped(value),
            Self::MegabytesPerSecond | Self::Megabytes => format!("{value:.1}"),
            Self::Milliseconds if value < 10.0 => format!("{value:.2}"),
            Self::Milliseconds => format!("{value:.1}"),
            Self::Seconds => format!("{value:.2}"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::MegabytesPerSecond => " MB/s",
            Self::Megabytes => " MB",
            Self::Milliseconds => " ms",
            Self::Seconds => " s",
        }
    }

    /// How fast we are, measured by the floor: 1 is as fast, more is faster.
    fn ratio(self, ours: f64, floor: f64) -> f64 {
        match self {
            Self::PerSecond | Self::MegabytesPerSecond => ours / floor,
            Self::Megabytes | Self::Milliseconds | Self::Seconds => floor / ours,
        }
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// At least this share of the floor's speed.
    Ratio(f64),
    /// Below this value.
    Below(f64),
    /// At least this value.
    AtLeast(f64),
}

/// A line of the table.
pub struct Figure {
    name: String,
    unit: Unit,
    ours: Rounds,
    floor: Option<Rounds>,
    target: Option<Target>,
    absent: Option<String>,
}

impl Figure {
    /// A figure of its own.
    pub fn new(name: impl Into<String>, unit: Unit, ours: Rounds) -> Self {
        Self { name: name.into(), unit, ours, floor: None, target: None, absent: None }
    }

    /// One that could not be measured.
    pub fn absent(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { absent: Some(why.into()), ..Self::new(name, Unit::Seconds, Rounds::default()) }
    }

    /// Beside the floor of the same rounds.
    #[must_use]
    pub fn floor(mut self, floor: Rounds) -> Self {
        self.floor = Some(floor);
        self
    }

    /// Held against a target.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    fn measured(&self, rounds: &Rounds) -> String {
        let unit = self.unit;
        let middle = unit.show(rounds.median());
        if rounds.0.len() < 2 {
            return format!("{middle}{}", unit.name());
        }
        format!("{middle}{} ({}..{})", unit.name(), unit.show(rounds.least()), unit.show(rounds.most()))
    }

    fn ratios(&self, floor: &Rounds) -> Rounds {
        Rounds(self.ours.0.iter().zip(&floor.0).map(|(ours, floor)| self.unit.ratio(*ours, *floor)).collect())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.absent {
            return write!(f, "| {} | not measured: {why} | | | | |", self.name);
        }
        let floor =
            self.floor.as_ref().map(|floor| (floor, self.unit.ratio(self.ours.median(), floor.median())));
        let (floor_text, ratio_text) = floor.map_or_else(Default::default, |(floor, ratio)| {
            let each = self.ratios(floor);
            (self.measured(floor), format!("{ratio:.2} ({:.2}..{:.2})", each.least(), each.most()))
        });
        let (target, met) = match (self.target, floor) {
            (Some(Target::Ratio(least)), Some((_, ratio))) => (format!(">= {least}"), Some(ratio >= least)),
            (Some(Target::Below(limit)), _) => {
                (format!("< {limit}{}", self.unit.name()), Some(self.ours.median() < limit))
            }
            (Some(Target::AtLeast(least)), _) => {
                (format!(">= {least:.0}{}", self.unit.name()), Some(self.ours.median() >= least))
            }
            _ => (String::new(), None),
        };
        let met = met.map_or("", |met| if met { "yes" } else { "no" });
        write!(
            f,
            "| {} | {} | {floor_text} | {ratio_text} | {target} | {met} |",
            self.name,
            self.measured(&self.ours)
        )
    }
}

/// The table.
pub struct Table(pub Vec<Figure>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | Aegis | floor | ratio | target | met |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        self.0.iter().try_for_each(|figure| writeln!(f, "{figure}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(values: &[f64]) -> Rounds {
        Rounds(values.to_vec())
    }

    #[test]
    fn a_faster_floor_makes_a_ratio_below_one_in_either_unit() {
        let rate = Figure::new("a", Unit::PerSecond, rounds(&[900.0, 1_000.0, 1_100.0]));
        let rate = rate.floor(rounds(&[2_000.0; 3])).target(Target::Ratio(0.5));
        assert_eq!(
            rate.to_string(),
            "| a | 1,000/s (900..1,100) | 2,000/s (2,000..2,000) | 0.50 (0.45..0.55) | >= 0.5 | yes |"
        );
        let time =
            Figure::new("b", Unit::Seconds, rounds(&[10.0])).floor(rounds(&[1.0])).target(Target::Ratio(0.2));
        assert_eq!(time.to_string(), "| b | 10.00 s | 1.00 s | 0.10 (0.10..0.10) | >= 0.2 | no |");
    }

    #[test]
    fn a_limit_needs_no_floor() {
        let lag = Figure::new("lag", Unit::Milliseconds, rounds(&[12.5])).target(Target::Below(50.0));
        assert_eq!(lag.to_string(), "| lag | 12.5 ms |  |  | < 50 ms | yes |");
        let rate = Figure::new("rate", Unit::PerSecond, rounds(&[1_800.0])).target(Target::AtLeast(1_900.0));
        assert_eq!(rate.to_string(), "| rate | 1,800/s |  |  | >= 1900/s | no |");
    }
}
