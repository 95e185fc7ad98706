//! Dates and times as documents write them, and those that are none.

use proptest::prelude::*;

use super::super::calendar::{LAST_DAY, date_text, months_later};
use super::*;

fn shown(text: &str, compat: &Compat) -> String {
    match moment(text, compat) {
        Ok(Moment { day, micros }) => {
            let seconds = micros / 1_000_000;
            let time = format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000);
            format!("{} {time}", date_text(day))
        }
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn dates_are_read_as_documents_write_them() {
    for (text, expected) in [
        ("2024-03-09", "2024-03-09 00:00:00.000000"),
        ("2024-3-9 4:5:6", "2024-03-09 04:05:06.000000"),
        ("2024-3-9 4:05:06.789", "2024-03-09 04:05:06.789000"),
        ("2024-03-09T04:05:06.789", "2024-03-09 04:05:06.789000"),
        ("2024-03-09T04:05", "2024-03-09 04:05:00.000000"),
        ("03/04/2020", "2020-03-04 00:00:00.000000"),
        ("3/4/2020 10:11:12", "2020-03-04 10:11:12.000000"),
        ("3/4/2020 12:11:12 AM", "2020-03-04 00:11:12.000000"),
        ("3/4/2020 1:11:12 pm", "2020-03-04 13:11:12.000000"),
        ("2/29/2024", "2024-02-29 00:00:00.000000"),
        ("2024-03-09 04:05:06.1234560", "2024-03-09 04:05:06.123456"),
        ("2024-03-09 04:05:06.1234567", "TooFine"),
        ("2024-03-09T04:05:06Z", "Zoned"),
        ("2024-03-09T04:05:06+10:00", "Zoned"),
        ("2/29/2023", "NotADate"),
        ("14/12/1988", "NotADate"),
        ("3/4/20", "NotADate"),
        ("24-3-4", "NotADate"),
        ("2024-03-09 10:60:00", "NotADate"),
        ("2024-03-09 10:00:88", "NotADate"),
        ("2024-03-09 10:00:00 PM", "NotADate"),
        ("3/4/2020 13:11:12 PM", "NotADate"),
        ("2024-13-01", "NotADate"),
        ("2024-03-09 ", "2024-03-09 00:00:00.000000"),
        ("2024-03-09x", "NotADate"),
        ("2024/03-09", "NotADate"),
        ("", "NotADate"),
        ("0000-01-01", "NotADate"),
    ] {
        assert_eq!(shown(text, &Compat::default()), expected, "{text}");
    }
}

#[test]
fn contracts_of_old_forgive_days_first_and_too_many_seconds() {
    let compat = Compat { dates_forgiving: true, ..Compat::default() };
    for (text, expected) in [
        ("03/04/2020", "2020-03-04 00:00:00.000000"),
        ("14/12/1988", "1988-12-14 00:00:00.000000"),
        ("14/12/1988 10:59:88", "1988-12-14 10:59:59.000000"),
        ("3/4/2020 1:11:12 PM", "2020-03-04 13:11:12.000000"),
        ("14/12/1988 1:11:12 PM", "NotADate"),
        ("2024-03-09T04:05:06Z", "2024-03-09 04:05:06.000000"),
        ("2024-03-09 04:05:06.1234567", "TooFine"),
        ("2024-03-09 04:05:06.1234560", "TooFine"),
        ("3/4/20", "NotADate"),
        ("2024-03-09 10:60:88", "NotADate"),
        ("14/13/1988", "NotADate"),
    ] {
        assert_eq!(shown(text, &compat), expected, "{text}");
    }
}

#[test]
fn months_later_stay_in_their_month() {
    let day = |text| moment(text, &Compat::default()).unwrap().day;
    assert_eq!(months_later(day("2024-01-31"), 1), Some(day("2024-02-29")));
    assert_eq!(months_later(day("2024-01-31"), -2), Some(day("2023-11-30")));
    assert_eq!(months_later(day("9999-12-01"), 1), None);
    assert_eq!(day("9999-12-31"), LAST_DAY);
}

proptest! {
    #[test]
    fn a_date_comes_back(days in -719_162_i32..=LAST_DAY) {
        prop_assert_eq!(moment(&date_text(days), &Compat::default()).map(|moment| moment.day), Ok(days));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-0-9/:. TAPMZ+é]{0,40}") {
        let _ = moment(&text, &Compat::default());
        let _ = moment(&text, &Compat { dates_forgiving: true, ..Compat::default() });
    }
}
