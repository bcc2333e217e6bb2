//! Words of people for outcomes, in English and German.

use crate::results::{Detection, name};
use crate::table::plain;

/// Whether it did what it should; nothing for an empty cell.
pub(super) fn success(cell: &str) -> Result<Option<bool>, String> {
    match plain(cell).as_str() {
        "" => Ok(None),
        "yes" | "y" | "true" | "1" | "success" | "successful" | "succeeded" | "ok" | "passed" | "done"
        | "executed" | "ja" | "j" | "wahr" | "erfolg" | "erfolgreich" | "gelungen" | "ausgeführt" => {
            Ok(Some(true))
        }
        "no" | "n" | "false" | "0" | "failure" | "failed" | "fail" | "unsuccessful" | "error" | "nein"
        | "falsch" | "fehler" | "fehlgeschlagen" | "erfolglos" | "nichterfolgreich" | "gescheitert" => {
            Ok(Some(false))
        }
        _ => Err(format!("'{}' is no word for success or failure that is known", name(cell))),
    }
}

/// What the defence did; nothing for an empty cell, or one that says that nobody knows.
pub(super) fn detection(cell: &str) -> Result<Option<Detection>, String> {
    match plain(cell).as_str() {
        "" | "na" | "unknown" | "tbd" | "pending" | "unbekannt" | "offen" | "entfällt" => Ok(None),
        "blocked" | "prevented" | "stopped" | "quarantined" | "blockiert" | "verhindert" | "gestoppt" => {
            Ok(Some(Detection::Blocked))
        }
        "detected" | "alerted" | "alert" | "logged" | "seen" | "yes" | "y" | "true" | "1" | "erkannt"
        | "gemeldet" | "alarmiert" | "alarm" | "entdeckt" | "ja" | "wahr" => Ok(Some(Detection::Detected)),
        "notdetected" | "undetected" | "missed" | "none" | "no" | "n" | "false" | "0" | "notblocked"
        | "nichterkannt" | "unerkannt" | "keine" | "nein" | "falsch" | "verpasst" => {
            Ok(Some(Detection::NotDetected))
        }
        _ => Err(format!("'{}' is no word for a detection that is known", name(cell))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_are_known() {
        assert_eq!(success("Erfolgreich"), Ok(Some(true)));
        assert_eq!(success("FAILED"), Ok(Some(false)));
        assert_eq!(success(" "), Ok(None));
        assert!(success("perhaps").is_err());
        assert_eq!(detection("Blockiert"), Ok(Some(Detection::Blocked)));
        assert_eq!(detection("Alerted"), Ok(Some(Detection::Detected)));
        assert_eq!(detection("nicht erkannt"), Ok(Some(Detection::NotDetected)));
        assert_eq!(detection("n/a"), Ok(None));
        assert!(detection("perhaps").is_err());
    }
}
