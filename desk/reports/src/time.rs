//! Seconds since 1970 as calendar times, UTC.

const DAY_S: u64 = 86_400;
/// The last second of the year 9999; whatever is later is shown as that.
const LAST_S: u64 = 253_402_300_799;

/// Year, month, day. Days since 1970 to the calendar, by eras of 400 years that begin in March.
fn date(time_s: u64) -> (u64, u64, u64) {
    let days = time_s.min(LAST_S) / DAY_S + 719_468;
    let era_day = days % 146_097;
    let era_year = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    let month_from_march = (5 * year_day + 2) / 153;
    let day = year_day - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = days / 146_097 * 400 + era_year + u64::from(month <= 2);
    (year, month, day)
}

/// `2026-11-24T12:34:56`, without a zone.
pub(crate) fn date_time(time_s: u64) -> String {
    let (year, month, day) = date(time_s);
    let of_day = time_s.min(LAST_S) % DAY_S;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// `2026-11-24 12:34:56 UTC`.
pub(crate) fn for_people(time_s: u64) -> String {
    format!("{} UTC", date_time(time_s).replace('T', " "))
}

/// `20261124`.
pub(crate) fn compact_date(time_s: u64) -> String {
    let (year, month, day) = date(time_s);
    format!("{year:04}{month:02}{day:02}")
}

/// Whether the text is a date `2026-11-24` that a calendar has, between 1753, where authorities' databases begin,
/// and 9999.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u64>().ok()
    };
    let (Some(year), Some(month), Some(day)) = (number(4), number(2), number(2)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    parts.next().is_none() && year >= 1753 && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_have_their_dates() {
        assert_eq!(date_time(0), "1970-01-01T00:00:00");
        assert_eq!(date_time(951_782_400), "2000-02-29T00:00:00");
        assert_eq!(for_people(1_795_523_696), "2026-11-24 12:34:56 UTC");
        assert_eq!(compact_date(4_107_542_399), "21000228");
        assert_eq!(date_time(u64::MAX), "9999-12-31T23:59:59");
    }

    proptest! {
        #[test]
        fn every_moment_has_a_real_date_and_days_follow_each_other(time_s in 0..=LAST_S) {
            prop_assert!(is_date(&date_time(time_s)[..10]));
            if time_s + DAY_S <= LAST_S {
                prop_assert!(compact_date(time_s) < compact_date(time_s + DAY_S));
            }
        }

        #[test]
        fn no_text_makes_the_check_panic(text in "\\PC{0,20}", near in "[-0-9]{0,12}") {
            let _ = (is_date(&text), is_date(&near));
        }
    }
}
