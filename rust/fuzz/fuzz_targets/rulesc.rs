//! libFuzzer's loop around a program file: bytes as they come, and changes of the body under a right digest.
#![no_main]

use jiugao_fuzz::{Bank, attempt, mutated};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::cell::RefCell;

thread_local! {
    static BANK: RefCell<Bank> = RefCell::default();
}

fuzz_target!(|data: &[u8]| {
    let _any = attempt(data);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // One in eight as libFuzzer likes: these mostly end at the head.
    if seed % 8 != 0 {
        let given = data.get(..size).unwrap_or_default();
        let changed = BANK.with_borrow_mut(|bank| mutated(given, u64::from(seed), bank));
        if let Some(changed) = changed
            && changed.len() <= max_size
            && let Some(room) = data.get_mut(..changed.len())
        {
            room.copy_from_slice(&changed);
            return changed.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
});
