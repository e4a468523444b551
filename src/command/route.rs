//! Where a cluster sends a command, and how the replies of several nodes become one.

/// Where a cluster sends a command. A single server takes every command, so nothing asks for it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// To the node that holds the slot of the command's keys, which must be one slot.
    Keys,
    /// To the node of each key, in parts, whose replies are merged: for commands that treat their keys one by one.
    SplitByKeys(Merge),
    /// To any one node.
    AnyNode,
    /// To one node of each shard, which is the primary where the command writes.
    AllShards(Merge),
    /// To every node, replicas included.
    AllNodes(Merge),
}

/// How the replies of several nodes become one: Redis's response policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Merge {
    /// The first reply, if no node refused the command.
    AllSucceed,
    /// The first reply that is no error.
    OneSucceeds,
    /// The sum of the integers.
    Sum,
    /// The least of the integers.
    Min,
    /// The greatest of the integers.
    Max,
    /// Each flag is set where all nodes set it.
    LogicalAnd,
    /// Each flag is set where any node sets it.
    LogicalOr,
    /// The elements of all replies; those of commands that are split by keys stand in the order of the keys.
    Concatenate,
    /// As the command itself requires: no rule of Redis's names it.
    Special,
}

impl Route {
    /// Returns the route of a request that holds commands of both routes: the one that asks more of a router.
    #[must_use]
    pub(crate) fn with(self, other: Route) -> Route {
        if other.demand() > self.demand() { other } else { self }
    }

    fn demand(self) -> u8 {
        match self {
            Route::AnyNode => 0,
            Route::Keys => 1,
            Route::SplitByKeys(_) => 2,
            Route::AllShards(_) => 3,
            Route::AllNodes(_) => 4,
        }
    }
}
