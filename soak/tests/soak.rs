//! Every fault once, with a constant seed; `cargo xtask soak --minutes N` is the long run.

use std::time::Duration;
use typedis_soak::{Length, load, soak, soak_cluster, soak_sentinel};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_once_violates_no_invariant() {
    let report = soak(5, Length::Once, 16).await;
    println!("{report}");
    assert!(report.violations.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_cluster_once_violates_no_invariant() {
    let report = soak_cluster(5, Length::Once, 16).await;
    println!("{report}");
    assert!(report.violations.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_sentinel_set_once_violates_no_invariant() {
    let report = soak_sentinel(5, Length::Once, 16).await;
    println!("{report}");
    assert!(report.violations.is_empty(), "{report}");
}

#[test]
fn a_hundred_tasks_with_half_of_the_futures_cancelled_violate_no_invariant() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let report = runtime.block_on(load(5, Duration::from_secs(3), 100));
    assert!(report.violations.is_empty(), "{report}");
}
