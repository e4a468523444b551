//! Segment tree over key effects: the combined effects of aligned runs of 2^n commands. Any run of commands is covered by
//! O(log n) of them, so that checking the types of literal keys stays near-linear in the number of commands.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The segments that are needed.
#[derive(Default)]
pub(super) struct SegmentTree(BTreeSet<Segment>);

/// The `index`th run of `2^level` commands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Segment {
    level: u32,
    index: usize,
}

impl SegmentTree {
    /// The names of the effects that cover the commands `from..to`, in order.
    pub(super) fn cover(&mut self, mut from: usize, to: usize) -> Vec<Ident> {
        let mut names = Vec::new();
        while from < to {
            let level = from.trailing_zeros().min((to - from).ilog2());
            let segment = Segment { level, index: from >> level };
            self.require(segment);
            names.push(segment.name());
            from += 1 << level;
        }
        names
    }

    fn require(&mut self, segment: Segment) {
        if self.0.insert(segment) {
            segment.children().into_iter().flatten().for_each(|child| self.require(child));
        }
    }

    /// Declares the effect of every segment that is needed, children first. `leaf` is the effect of one command.
    pub(super) fn definitions(&self, leaf: impl Fn(usize) -> TokenStream) -> TokenStream {
        let definition = |segment: &Segment| {
            let effect = match segment.children().map(|children| children.map(Segment::name)) {
                None => leaf(segment.index),
                Some([first, second]) => quote!(__typedis::join(#first, #second)),
            };
            let name = segment.name();
            quote!(let #name = #effect;)
        };
        self.0.iter().map(definition).collect()
    }
}

impl Segment {
    fn children(self) -> Option<[Segment; 2]> {
        let child = |index| Segment { level: self.level - 1, index };
        (self.level > 0).then(|| [child(self.index * 2), child(self.index * 2 + 1)])
    }

    fn name(self) -> Ident {
        format_ident!("effect{}_{}", self.level, self.index, span = Span::mixed_site())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_covered_by_a_few_segments() {
        let mut tree = SegmentTree::default();
        assert_eq!(tree.cover(3, 3).len(), 0);
        assert_eq!(tree.cover(3, 12), ["effect0_3", "effect2_1", "effect2_2"].map(|name| format_ident!("{name}")));
        assert_eq!(tree.cover(0, 100).len(), 3);
        // Each is defined once, behind its children.
        let defined = tree.definitions(|command| quote!(#command)).to_string();
        assert_eq!(defined.matches("let effect0_3 =").count(), 1);
        assert!(defined.find("let effect1_2 =") < defined.find("let effect2_1 ="));
    }
}
