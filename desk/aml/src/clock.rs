//! Times of the files: `2022/09/01 00:20`, without a zone, read as UTC.

const DAY_S: u64 = 86_400;

/// Reads `2022/09/01 00:20`, with or without seconds, with `-` for `/`, with `T` for the blank and with a `Z` at
/// the end. Seconds since 1970. `None` when it is no such time, or one before 1970 or after 9999.
pub fn parse_time(text: &str) -> Option<u64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, time.trim_start()),
        None => (text, "00:00"),
    };
    let mut date = date.split(['/', '-']);
    let year = number(date.next()?, 4)?;
    let month = number(date.next()?, 2)?;
    let day = number(date.next()?, 2)?;
    let mut time = time.split(':');
    let hour = number(time.next()?, 2)?;
    let minute = number(time.next()?, 2)?;
    let second = match time.next() {
        Some(second) => number(second.split('.').next()?, 2)?,
        None => 0,
    };
    if date.next().is_some() || time.next().is_some() {
        return None;
    }
    if !(1970..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    if day == 0 || day > days_in_month(year, month) {
        return None;
    }
    let days =
        days_before_year(year) - days_before_year(1970) + days_before_month(year, month) + day - 1;
    Some(days * DAY_S + hour * 3_600 + minute * 60 + second)
}

/// Writes `2022/09/01 00:20`; what is below a minute is left out. Years end at 9999.
pub fn format_minute(time_s: u64) -> String {
    let mut days = time_s / DAY_S;
    let mut year = 1970;
    while year < 9999 && days >= days_in_year(year) {
        days -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        month += 1;
    }
    let of_day = time_s % DAY_S;
    format!(
        "{year:04}/{month:02}/{:02} {:02}:{:02}",
        days + 1,
        of_day / 3_600,
        of_day / 60 % 60
    )
}

fn number(text: &str, most_digits: usize) -> Option<u64> {
    let digits = !text.is_empty()
        && text.len() <= most_digits
        && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_before_year(year: u64) -> u64 {
    let before = year - 1;
    before * 365 + before / 4 - before / 100 + before / 400
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn days_before_month(year: u64, month: u64) -> u64 {
    (1..month).map(|month| days_in_month(year, month)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_of_the_published_files_are_read() {
        assert_eq!(parse_time("1970/01/01 00:00"), Some(0));
        assert_eq!(parse_time("2022/09/01 00:20"), Some(1_661_991_600));
        assert_eq!(parse_time("2017-01-01T00:00:00Z"), Some(1_483_228_800));
        assert_eq!(parse_time("2017-01-02"), Some(1_483_315_200));
        assert_eq!(parse_time("2024/02/29 23:59:59"), Some(1_709_251_199));
    }

    #[test]
    fn times_that_no_calendar_has_are_refused() {
        for text in [
            "",
            "2023/02/29 00:00",
            "2022/13/01 00:00",
            "2022/00/01 00:00",
            "2022/01/00 00:00",
            "2022/04/31 00:00",
            "2022/01/01 24:00",
            "2022/01/01 00:60",
            "1969/12/31 23:59",
            "2022/01/01 00:00:00:00",
            "2022/01/01/01 00:00",
            "22222/01/01 00:00",
            "2022/+1/01 00:00",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minutes in 0u64..4_000_000_000) {
            prop_assert_eq!(parse_time(&format_minute(minutes * 60)), Some(minutes * 60));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}", near in "[0-9/: TZ.-]{0,24}") {
            let _ = parse_time(&text);
            let _ = parse_time(&near);
        }
    }
}
