//! Clocks and a counting allocator. This file has the only `unsafe` code of the project, because an allocator and
//! getrusage(2) need it.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    fmt, mem,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// A reallocation counts as an allocation, because most reallocations allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

/// What the process had used when the measured part began.
pub struct Meter {
    started: Instant,
    cpu: Cpu,
    allocations: u64,
}

impl Meter {
    pub fn start() -> Self {
        Meter { started: Instant::now(), cpu: Cpu::now(), allocations: ALLOCATIONS.load(Relaxed) }
    }

    /// Ends the measurement, in which `units` units of work were done.
    pub fn stop(self, units: usize) -> Measured {
        let (cpu, seconds) = (Cpu::now(), self.started.elapsed().as_secs_f64());
        let units = units as f64;
        Measured {
            throughput: units / seconds,
            cpu: (cpu.user + cpu.system - self.cpu.user - self.cpu.system) * 1e9 / units,
            user: (cpu.user - self.cpu.user) * 1e9 / units,
            allocations: (ALLOCATIONS.load(Relaxed) - self.allocations) as f64 / units,
        }
    }
}

/// The results; times in ns a unit.
pub struct Measured {
    throughput: f64,
    cpu: f64,
    user: f64,
    allocations: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measured { throughput, cpu, user, allocations } = self;
        write!(f, "{throughput:.0}\t{cpu:.1}\t{user:.1}\t{allocations:.3}")
    }
}

/// The process's CPU time in seconds.
struct Cpu {
    user: f64,
    system: f64,
}

impl Cpu {
    fn now() -> Self {
        let mut usage: libc::rusage = unsafe { mem::zeroed() };
        unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
        let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
        Cpu { user: seconds(usage.ru_utime), system: seconds(usage.ru_stime) }
    }
}
