//! Reading many files on all processors.

use crate::files::File;
use crate::{Control, Progress, SourceError};

/// Files read between two reports of progress, for each processor.
const AT_ONCE: usize = 32;
/// Processors used at most.
const PROCESSORS: usize = 4;

/// Reads each file by itself and returns what came of them in the order of the files.
pub(crate) fn each<T: Send>(
    files: &[&File],
    progress: Progress<'_>,
    read: impl Fn(&File) -> T + Sync,
) -> Result<Vec<T>, SourceError> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from).min(PROCESSORS);
    let mut all = Vec::with_capacity(files.len());
    let total = files.len() as u64;
    for batch in files.chunks(AT_ONCE * processors) {
        if progress(all.len() as u64, total) == Control::Cancel {
            return Err(SourceError::Cancelled);
        }
        let share = batch.len().div_ceil(processors);
        std::thread::scope(|scope| {
            let read = &read;
            let hands: Vec<_> = batch
                .chunks(share.max(1))
                .map(|files| scope.spawn(move || files.iter().map(|file| read(file)).collect::<Vec<T>>()))
                .collect();
            for hand in hands {
                // A reader that panics is a fault of ours, and stays one.
                all.extend(hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
    }
    if progress(total, total) == Control::Cancel {
        return Err(SourceError::Cancelled);
    }
    Ok(all)
}
