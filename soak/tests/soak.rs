//! Every fault once, with a seed that stays; `cargo xtask soak --minutes N` is the long run.

use std::time::Duration;

use typedis_soak::{Length, load, soak};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_once_leaves_every_invariant() {
    let report = soak(5, Length::Once, 16).await;
    println!("{report}");
    assert!(report.findings.is_empty(), "{report}");
}

#[test]
fn a_hundred_tasks_of_which_half_are_dropped_leave_every_invariant() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let report = runtime.block_on(load(5, Duration::from_secs(3), 100));
    assert!(report.findings.is_empty(), "{report}");
}
