//! The route of a command: which nodes of a cluster it is sent to, and how their replies become one.

/// Which nodes of a cluster a command is sent to. The values are those of the command tip `request_policy`.
///
/// A client of a single server sends every command there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// To the node of its keys, which are of one slot.
    Keys,
    /// To the nodes of its keys, which may be of several slots: the command can be split by key (`multi_shard`).
    EachKey(Merge),
    /// To any node.
    AnyNode,
    /// To the primary of each shard (`all_shards`).
    AllShards(Merge),
    /// To every node, replicas included (`all_nodes`).
    AllNodes(Merge),
}

/// How the replies of several nodes become one. The values are those of the command tip `response_policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Merge {
    /// The sum of integers (`agg_sum`).
    Sum,
    /// The least of integers (`agg_min`).
    Min,
    /// The greatest of integers (`agg_max`).
    Max,
    /// True, or 1, where each reply is (`agg_logical_and`); element by element in arrays.
    LogicalAnd,
    /// True, or 1, where any reply is (`agg_logical_or`); element by element in arrays.
    LogicalOr,
    /// The reply of one node, where all of them succeeded (`all_succeeded`).
    AllSucceeded,
    /// The first reply that is no error (`one_succeeded`).
    OneSucceeded,
    /// The elements of all replies, in any order: what a keyless command does without a tip.
    Concatenate,
    /// The elements of all replies, each where its key stands among the arguments: what a command by keys does without a
    /// tip.
    KeyOrder,
    /// As the command alone knows (`special`).
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
            Route::EachKey(_) => 2,
            Route::AllShards(_) => 3,
            Route::AllNodes(_) => 4,
        }
    }
}
