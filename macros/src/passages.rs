//! What stretches of commands do to keys that they do not name.
//!
//! Between two commands that name a key stand any number of others, and between those of the next key mostly the same
//! ones. So that the compiler need not walk them again for each key, stretches of 2, 4, 8 .. commands are put together
//! once, and any stretch is covered by a few of them.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// The stretches that are asked for.
#[derive(Default)]
pub(crate) struct Passages(BTreeSet<Stretch>);

/// The `place`th of those that are `2^level` commands long.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    level: u32,
    place: usize,
}

impl Passages {
    /// The names of passages that lead from the command `from` to before the command `to`.
    pub(crate) fn lead(&mut self, mut from: usize, to: usize) -> Vec<Ident> {
        let mut names = Vec::new();
        while from < to {
            let level = from.trailing_zeros().min((to - from).ilog2());
            let stretch = Stretch { level, place: from >> level };
            self.need(stretch);
            names.push(stretch.name());
            from += 1 << level;
        }
        names
    }

    fn need(&mut self, stretch: Stretch) {
        if self.0.insert(stretch) {
            stretch.halves().into_iter().flatten().for_each(|half| self.need(half));
        }
    }

    /// Everything that was asked for, from short to long; `single` is the passage of one command.
    pub(crate) fn definitions(&self, single: impl Fn(usize) -> TokenStream) -> TokenStream {
        let definition = |stretch: &Stretch| {
            let passage = match stretch.halves().map(|halves| halves.map(Stretch::name)) {
                None => single(stretch.place),
                Some([first, second]) => quote!(__typedis::both(#first, #second)),
            };
            let name = stretch.name();
            quote!(let #name = #passage;)
        };
        self.0.iter().map(definition).collect()
    }
}

impl Stretch {
    fn halves(self) -> Option<[Stretch; 2]> {
        let half = |place| Stretch { level: self.level - 1, place };
        (self.level > 0).then(|| [half(self.place * 2), half(self.place * 2 + 1)])
    }

    fn name(self) -> Ident {
        format_ident!("passage{}_{}", self.level, self.place, span = Span::mixed_site())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_is_led_by_a_few_stretches() {
        let mut passages = Passages::default();
        assert_eq!(passages.lead(3, 3).len(), 0);
        assert_eq!(
            passages.lead(3, 12),
            ["passage0_3", "passage2_1", "passage2_2"].map(|name| format_ident!("{name}"))
        );
        assert_eq!(passages.lead(0, 100).len(), 3);
        // Each is defined once, behind its halves.
        let defined = passages.definitions(|command| quote!(#command)).to_string();
        assert_eq!(defined.matches("let passage0_3 =").count(), 1);
        assert!(defined.find("let passage1_2 =") < defined.find("let passage2_1 ="));
    }
}
