//! CPU time by phase of the road.

use std::time::Duration;

use cpu_time::ThreadTime;

/// CPU time of threads by phase, in the order in which phases were first named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phases(Vec<(&'static str, Duration)>);

impl Phases {
    /// Adds time to a phase.
    pub fn add(&mut self, phase: &'static str, time: Duration) {
        match self.0.iter_mut().find(|(known, _)| *known == phase) {
            Some((_, spent)) => *spent += time,
            None => self.0.push((phase, time)),
        }
    }

    /// Adds the times of others.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(phase, time)| self.add(phase, *time));
    }

    /// Phases and their times.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        self.0.iter().copied()
    }
}

/// The CPU time of the thread that made it, cut into phases. Waiting costs nothing.
pub(crate) struct Stopwatch {
    since: Duration,
    phases: Phases,
}

impl Stopwatch {
    /// Starts now, on this thread.
    pub fn start() -> Self {
        Self { since: now(), phases: Phases::default() }
    }

    /// Gives the time since the last call, or since the start, to a phase.
    pub fn lap(&mut self, phase: &'static str) {
        let now = now();
        self.phases.add(phase, now.saturating_sub(self.since));
        self.since = now;
    }

    /// The phases so far.
    pub fn phases(&self) -> &Phases {
        &self.phases
    }
}

/// CPU time of this thread; 0 where the system does not tell.
fn now() -> Duration {
    ThreadTime::try_now().map_or(Duration::ZERO, |now| now.as_duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_counted_to_its_phase_and_waiting_to_none() {
        let mut watch = Stopwatch::start();
        let sum: u64 = (0..20_000_000u64).map(|number| std::hint::black_box(number) * 3).sum();
        watch.lap("work");
        std::thread::sleep(Duration::from_millis(50));
        watch.lap("wait");
        watch.lap("work");
        let times: Vec<_> = watch.phases().iter().collect();
        assert_eq!(times.iter().map(|(phase, _)| *phase).collect::<Vec<_>>(), ["work", "wait"]);
        assert!(times[0].1 > times[1].1 && times[1].1 < Duration::from_millis(25), "{times:?} for {sum}");
    }
}
