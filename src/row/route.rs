//! The route of a command: the nodes of a cluster that it is sent to, and the merge of their replies.

/// The nodes of a cluster that a command is sent to. The values are those of the command tip `request_policy`,
/// but that SCAN, whose policy is `special`, is sent to all shards, with a cursor for each.
///
/// A client of a single server ignores the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// To the node of its keys, which must be of one slot.
    Keys,
    /// To the node of the slot of an argument that is no key, such as the channel of SPUBLISH (`not_key` in key specifications).
    NotKey,
    /// To the nodes of its keys, which may be of several slots: the command is split by key (`multi_shard`).
    EachKey(Merge),
    /// To any node.
    AnyNode,
    /// To the primary of each shard (`all_shards`).
    AllShards(Merge),
    /// To every node, replicas included (`all_nodes`).
    AllNodes(Merge),
    /// To the server of the client, which is meant: a client of a cluster has many, so the command does not compile there, and is
    /// an [`Error::Argument`](crate::Error::Argument) in a prepared batch. No command tip says it.
    SingleServer,
}

/// The merge of the replies of several nodes into one. The values are those of the command tip `response_policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Merge {
    /// The sum of integers (`agg_sum`), element by element in arrays.
    Sum,
    /// The minimum of integers (`agg_min`), element by element in arrays.
    Min,
    /// The maximum of integers (`agg_max`), element by element in arrays.
    Max,
    /// The conjunction of the replies, element by element in arrays (`agg_logical_and`).
    LogicalAnd,
    /// The disjunction of the replies, element by element in arrays (`agg_logical_or`).
    LogicalOr,
    /// The reply of one node if all nodes succeeded (`all_succeeded`).
    AllSucceeded,
    /// The first reply that is not an error (`one_succeeded`).
    OneSucceeded,
    /// The elements of all replies, in any order: the default of a command without keys.
    Concatenate,
    /// The elements of all replies, in the order of the keys among the arguments: the default of a command with keys.
    KeyOrder,
    /// A merge that is specific to the command (`special`): of texts, such as RANDOMKEY's and INFO's, the first that is not
    /// null; other replies, such as SCAN's, cannot be merged.
    Special,
}

impl Route {
    /// Returns the route of a request with commands of both routes: the one that needs more nodes.
    #[must_use]
    #[inline]
    pub(crate) fn with(self, other: Route) -> Route {
        if self == other {
            return self;
        }
        if other.demand() > self.demand() { other } else { self }
    }

    /// Returns the merge of the replies, where several nodes may send one.
    pub(crate) fn merge(self) -> Option<Merge> {
        match self {
            Route::EachKey(merge) | Route::AllShards(merge) | Route::AllNodes(merge) => Some(merge),
            Route::Keys | Route::NotKey | Route::AnyNode | Route::SingleServer => None,
        }
    }

    fn demand(self) -> u8 {
        match self {
            Route::AnyNode => 0,
            Route::Keys => 1,
            Route::EachKey(_) => 2,
            Route::NotKey => 3,
            Route::AllShards(_) => 4,
            Route::AllNodes(_) => 5,
            Route::SingleServer => 6,
        }
    }
}
