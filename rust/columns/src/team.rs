//! Batches of whole persons come in, settled batches go out in the same order: several threads at once.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use arrow_array::RecordBatch;

use crate::chunk::Place;
use crate::cutting::Cutter;
use crate::refusal::Refusal;
use crate::settling::{Settled, Settler};

type Task = (RecordBatch, Place);
type Done = (Result<Settled, Refusal>, RecordBatch, Place);

/// Threads that settle batches in turn. Batches are read and let go of on the reader's thread alone: what they hold
/// may belong to an interpreter whose lock the reader has.
pub(crate) struct Team {
    members: Vec<Member>,
    /// Whose turn it is to be given a batch, and to give one back.
    give: usize,
    take: usize,
    out: usize,
    ended: bool,
}

struct Member {
    tasks: Option<SyncSender<Task>>,
    done: Receiver<Done>,
    thread: Option<JoinHandle<()>>,
}

/// Batches waiting for each thread beside the one in work.
const AHEAD: usize = 2;

fn stopped() -> Refusal {
    Refusal::data("D919", [("detail", "a thread stopped".to_owned())])
}

impl Team {
    /// A team of `threads`.
    ///
    /// # Errors
    /// D919 where a thread cannot be started.
    pub(crate) fn new(threads: usize, settler: impl Fn() -> Settler) -> Result<Self, Refusal> {
        let members: Result<Vec<Member>, Refusal> = (0..threads)
            .map(|_| {
                let (tasks, mine) = sync_channel::<Task>(AHEAD);
                let (give, done) = sync_channel::<Done>(AHEAD.saturating_add(1));
                let mut settler = settler();
                let thread = std::thread::Builder::new().name("jiugao".into()).spawn(move || {
                    for (batch, place) in mine {
                        let settled = settler.settle(&batch, place);
                        if give.send((settled, batch, place)).is_err() {
                            break;
                        }
                    }
                });
                Ok(Member {
                    tasks: Some(tasks),
                    done,
                    thread: Some(thread.map_err(|_| stopped())?),
                })
            })
            .collect();
        Ok(Self {
            members: members?,
            give: 0,
            take: 0,
            out: 0,
            ended: false,
        })
    }

    fn after(&self, member: usize) -> usize {
        let next = member.saturating_add(1);
        if next < self.members.len() { next } else { 0 }
    }

    /// The next batch in the order of the stream; others are worked on meanwhile.
    ///
    /// # Errors
    /// What is wrong with the stream or with the batch.
    pub(crate) fn next(&mut self, cutter: &mut Cutter) -> Result<Option<(Settled, RecordBatch, Place)>, Refusal> {
        let most = self.members.len().saturating_mul(AHEAD);
        while !self.ended && self.out < most {
            match cutter.next()? {
                Some(task) => {
                    let member = self.members.get(self.give).and_then(|member| member.tasks.as_ref());
                    member.ok_or_else(stopped)?.send(task).map_err(|_| stopped())?;
                    self.give = self.after(self.give);
                    self.out = self.out.saturating_add(1);
                }
                None => self.ended = true,
            }
        }
        self.receive()
            .map(|done| done.and_then(|(s, batch, place)| Ok((s?, batch, place))))
            .transpose()
    }

    fn receive(&mut self) -> Option<Result<Done, Refusal>> {
        self.out = self.out.checked_sub(1)?;
        let done = self.members.get(self.take).ok_or_else(stopped);
        self.take = self.after(self.take);
        Some(done.and_then(|member| member.done.recv().map_err(|_| stopped())))
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        while self.receive().is_some() {}
        for member in &mut self.members {
            member.tasks = None;
            if let Some(thread) = member.thread.take() {
                // A thread that stopped has already been reported.
                let _ = thread.join();
            }
        }
    }
}
