//! Batches of whole persons come in, settled batches go out in the same order: several threads at once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::feed::{Feed, Task};
use crate::refusal::Refusal;
use crate::settling::{Settled, Settler};

type Done = (Result<Settled, Refusal>, Task);

/// Threads that settle whole batches, the reader's own among them: it takes part whenever the batch that comes next is
/// not ready, so that nobody waits while there is work. Batches are read and let go of on the reader's thread alone:
/// what they hold may belong to an interpreter whose lock the reader has.
pub(crate) struct Team {
    helpers: Helpers,
    own: Settler,
    /// How many batches were given, and how many were handed out.
    given: u64,
    out: u64,
    most: u64,
    ended: bool,
    /// What broke the stream; told once the batches before it are out.
    broken: Option<Refusal>,
}

/// The other threads; they are waited for when they go.
struct Helpers {
    line: Arc<Line>,
    threads: Vec<JoinHandle<Settler>>,
}

/// What all threads share.
#[derive(Default)]
struct Line {
    stand: Mutex<Stand>,
    work: Condvar,
    done: Condvar,
}

#[derive(Default)]
struct Stand {
    tasks: VecDeque<(u64, Task)>,
    done: BTreeMap<u64, Done>,
    closed: bool,
    /// Threads that ended though they should not have.
    stopped: bool,
}

/// Batches given for each thread: one in work and one that it finds waiting.
const AHEAD: u64 = 2;

fn stopped() -> Refusal {
    Refusal::data("D919", [("detail", "a thread stopped".to_owned())])
}

impl Line {
    fn stand(&self) -> MutexGuard<'_, Stand> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next batch to work on; none once the line is closed.
    fn wait_for_work(&self) -> Option<(u64, Task)> {
        let stand = self.stand();
        let idle = |stand: &mut Stand| stand.tasks.is_empty() && !stand.closed;
        let stand = self.work.wait_while(stand, idle);
        let mut stand = stand.unwrap_or_else(PoisonError::into_inner);
        if stand.closed { None } else { stand.tasks.pop_front() }
    }

    fn finish(&self, number: u64, done: Done) {
        self.stand().done.insert(number, done);
        self.done.notify_one();
    }
}

/// Tells the reader when a thread ends by a mistake of ours, instead of letting it wait for ever.
struct Watch(Arc<Line>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.stand().stopped = true;
        self.0.done.notify_one();
    }
}

fn help(line: &Line, mut settler: Settler) -> Settler {
    while let Some((number, task)) = line.wait_for_work() {
        let settled = settler.settle(&task);
        line.finish(number, (settled, task));
    }
    settler
}

impl Team {
    /// A team of `threads`, the reader's own among them.
    ///
    /// # Errors
    /// D919 where a thread cannot be started.
    pub(crate) fn new(threads: usize, settler: impl Fn() -> Settler) -> Result<Self, Refusal> {
        let helpers = Helpers {
            line: Arc::default(),
            threads: Vec::new(),
        };
        let mut team = Self {
            helpers,
            own: settler(),
            given: 0,
            out: 0,
            most: u64::try_from(threads).unwrap_or(1).saturating_mul(AHEAD),
            ended: false,
            broken: None,
        };
        for _ in 1..threads {
            let (line, settler) = (team.helpers.line.clone(), settler());
            let work = move || {
                let watch = Watch(line);
                help(&watch.0, settler)
            };
            let thread = std::thread::Builder::new().name("jiugao".into()).spawn(work);
            team.helpers.threads.push(thread.map_err(|_| stopped())?);
        }
        Ok(team)
    }

    /// The next batch in the order of the stream; others are worked on meanwhile.
    ///
    /// # Errors
    /// What is wrong with the stream or with the batch.
    pub(crate) fn next(&mut self, feed: &mut Feed) -> Result<Option<(Settled, Task)>, Refusal> {
        loop {
            self.give(feed);
            if self.out == self.given {
                return self.broken.take().map_or(Ok(None), Err);
            }
            let mut stand = self.helpers.line.stand();
            if let Some((settled, task)) = stand.done.remove(&self.out) {
                self.out = self.out.saturating_add(1);
                return settled.map(|settled| Some((settled, task)));
            }
            if let Some((number, task)) = stand.tasks.pop_front() {
                drop(stand);
                let settled = self.own.settle(&task);
                self.helpers.line.stand().done.insert(number, (settled, task));
            } else {
                let out = self.out;
                let waiting = |stand: &mut Stand| !stand.done.contains_key(&out) && !stand.stopped;
                let stand = self.helpers.line.done.wait_while(stand, waiting);
                let stand = stand.unwrap_or_else(PoisonError::into_inner);
                if stand.stopped && !stand.done.contains_key(&out) {
                    return Err(stopped());
                }
            }
        }
    }

    /// All settlers, once nothing is left to settle.
    pub(crate) fn end(mut self) -> Vec<Settler> {
        let mut settlers = self.helpers.end();
        settlers.push(self.own);
        settlers
    }

    /// Give out what may be given out.
    fn give(&mut self, feed: &mut Feed) {
        while !self.ended && self.given.saturating_sub(self.out) < self.most {
            match feed.next() {
                Ok(Some(task)) => {
                    self.helpers.line.stand().tasks.push_back((self.given, task));
                    self.helpers.line.work.notify_one();
                    self.given = self.given.saturating_add(1);
                }
                Ok(None) => self.ended = true,
                Err(refusal) => {
                    self.ended = true;
                    self.broken = Some(refusal);
                }
            }
        }
    }
}

impl Helpers {
    /// Everybody goes home; who did so in good order.
    fn end(&mut self) -> Vec<Settler> {
        self.line.stand().closed = true;
        self.line.work.notify_all();
        // A thread that stopped has already been reported.
        self.threads.drain(..).filter_map(|thread| thread.join().ok()).collect()
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        self.end();
    }
}
