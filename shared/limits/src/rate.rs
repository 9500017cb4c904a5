use std::str::FromStr;

use domain::Fault;

/// How often: so many at once, and as many again spread evenly over so many seconds; written `10/900`. A token bucket that holds ten
/// and gets another every 90 seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    burst: u32,
    seconds: u32,
}

impl Rate {
    /// For how long one is paid for, in milliseconds.
    pub(crate) const fn interval_ms(self) -> i64 {
        let interval = self.seconds as i64 * 1_000 / self.burst as i64;
        if interval == 0 { 1 } else { interval }
    }

    /// How far ahead of the clock may be paid, in milliseconds.
    pub(crate) const fn window_ms(self) -> i64 {
        self.interval_ms() * self.burst as i64
    }
}

impl FromStr for Rate {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let read =
            |(burst, seconds): (&str, &str)| Some(Self { burst: burst.parse().ok()?, seconds: seconds.parse().ok()? });
        let rate = text.split_once('/').and_then(read).filter(|rate| rate.burst > 0 && rate.seconds > 0);
        rate.ok_or_else(|| Fault::internal("a rate is written `10/900`: at most 10, and as many again in 900 seconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_burst_and_the_time_in_which_it_comes_back() {
        let rate: Rate = "10/900".parse().expect("a rate");
        assert_eq!((rate.interval_ms(), rate.window_ms()), (90_000, 900_000));
        for text in ["", "10", "0/60", "10/0", "10/x", "-1/60", "10/60/1"] {
            assert!(text.parse::<Rate>().is_err(), "{text:?}");
        }
    }
}
