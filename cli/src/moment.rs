//! Moments, as people write them.

use jiff::Timestamp;

use crate::failure::Failure;

/// Seconds since 1970 of `2026-11-24T12:00:00Z`, of a day `2026-11-24` (its first second, UTC), or of a number.
pub fn parse(text: &str) -> Result<u64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let with_time = if text.contains(['T', ' ']) {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    with_time
        .parse::<Timestamp>()
        .ok()
        .and_then(|moment| u64::try_from(moment.as_second()).ok())
        .ok_or_else(|| "write a moment like 2026-11-24T12:00:00Z, or a day like 2026-11-24".into())
}

/// `2026-11-24T12:00:00Z`.
pub fn format(seconds: u64) -> String {
    let moment = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(|| format!("second {seconds}"), |moment| moment.to_string())
}

/// The present, in seconds since 1970.
pub fn now() -> Result<u64, Failure> {
    u64::try_from(Timestamp::now().as_second()).map_err(|_| {
        Failure::new(
            "this machine's clock is before 1970",
            "Set the clock, then try again",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_may_be_written_in_three_ways() {
        for text in [
            "1795478400",
            "2026-11-24",
            "2026-11-24T00:00:00Z",
            "2026-11-24T01:00:00+01:00",
        ] {
            assert_eq!(parse(text), Ok(1_795_478_400), "{text}");
        }
        assert_eq!(format(1_795_478_400), "2026-11-24T00:00:00Z");
        assert!(parse("yesterday").is_err() && parse("1969-12-31").is_err());
    }
}
