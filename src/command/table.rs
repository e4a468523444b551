//! The macro that reads the table.

/// Declares commands: each row becomes a method on every pipeline and on the client, and a marker type.
///
/// A row reads like the signature that it becomes:
///
/// ```text
/// /// Adds one to the integer at `key` and returns the new value.
/// fn incr(key @ Str<Adds<i64>>) -> Integer as i64
///     = "INCR" as Incr { since: "1.0.0", arity: 2, access: writes, leaves: exists, multi: yes, connection: any };
/// ```
///
/// - `key @ NEED` is one key, `keys @@ NEED` one key or several, `arg: TYPE` any other argument (`impl Argument`,
///   `impl Arguments`, an options type); pairs are `impl Entries` and are sent as `FlatPairs(&pairs)`;
/// - `key @= K of KIND` is one key whose type is the generic `K`, on which the need of another key depends: with
///   `[K: KeyFor<AnyKind>]` before it and `K of AnyKind`, `newkey @ SameAs<K::Kind>` is a key that holds the same;
/// - a key that the command leaves otherwise than the row says has its own word behind it: `destination @ NEED => uncertain`
///   (see [`Leaves`](crate::Leaves));
/// - generics in `<..>` shape the reply and are what a turbofish names, generics in `[..]` before them belong to the
///   arguments (a row has one or the other where a turbofish is wanted);
/// - `-> SHAPE as TYPE` is the reply on the wire and in Rust;
/// - `where TYPE: BOUND` holds for the method alone and may speak of `Self::Server`, the version that a client declares:
///   options that came later than the command, `where F: AvailableSince<Self::Server>`;
/// - `= "NAME"` is the command's name on the wire, followed by its arguments in brackets where they are not simply those
///   of the method in their order: `= "XADD" (&key, &id, FlatPairs(&fields))`, `= "LCS" (&key1, &key2, "LEN")`; besides
///   [`FlatPairs`](crate::FlatPairs) there are [`NumKeys`](crate::NumKeys) and [`MaybeEmpty`](crate::MaybeEmpty);
/// - then the marker's name and the facts:
///
/// | fact | values |
/// |---|---|
/// | `since` | the first version of Redis that has the command, such as `"6.2.0"` |
/// | `arity` | the number of words as `COMMAND INFO` tells it, the name included; below zero: at least so many |
/// | `access` | `reads` or `writes`: [`Access`](crate::Access) |
/// | `leaves` | what is at its keys afterwards, `uncertain` when in doubt, `anything` if at any key: [`Leaves`](crate::Leaves) |
/// | `multi` | `yes`; `degrades` or `refused` keep it out of queues: [`Multi`](crate::Multi) |
/// | `connection` | `any`; `own` for commands that block; `never`: [`Connection`](crate::Connection) |
///
/// Commands that typedis does not have, or a module of your own, are declared in the same way in your own crate:
///
/// ```
/// use typedis::{AnyKind, Client, prelude::*};
///
/// typedis::commands! {
///     /// Commands that this application adds.
///     pub trait OwnCommands in own;
///
///     /// Returns how many bytes `key` takes, counting every element, or `None` when there is no such key.
///     fn exact_memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
///         = "MEMORY USAGE" (&key, "SAMPLES", 0) as ExactMemoryUsage {
///             since: "4.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
///         };
/// }
///
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let (_, bytes) = typedis::pipeline! { client => set("a", "text"); exact_memory_usage("a") }?;
/// assert!(bytes.is_some());
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[macro_export]
macro_rules! commands {
    (
        $(#[$group_doc:meta])*
        $vis:vis trait $group:ident in $module:ident;
        $(
            $(#[$doc:meta])*
            fn $method:ident $([$($aux:ident : $aux_bound:path),+ $(,)?])? $(<$($param:ident : $bound:path),+ $(,)?>)?
                (
                    $($arg:ident $(@ $key:ident $(<$($of:ty),+>)?)? $(@@ $keys:ident $(<$($ofs:ty),+>)?)?
                        $(@= $named:ident of $whole:ident)? $(: $type:ty)? $(=> $left:ident)?),* $(,)?
                )
                -> $shape:ty as $reply:ty $(where $($bounded:ty : $where_bound:path),+)?
                = $wire:literal $(($($sent:expr),* $(,)?))? as $marker:ident {
                    since: $since:literal, arity: $arity:literal, access: $access:ident, leaves: $leaves:ident,
                    multi: $multi:ident, connection: $connection:ident $(,)?
                };
        )*
    ) => {
        #[doc = concat!("The commands of [`", stringify!($group), "`], as types.")]
        $vis mod $module {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use $crate::__private::shapes::*;

            $(
                #[doc = concat!("`", $wire, "`, sent by [`", stringify!($method), "`](", stringify!($group), "::", stringify!($method), ").")]
                #[derive(Debug)]
                pub struct $marker $(<$($param),+>)? (::std::marker::PhantomData<fn() -> ($($($param,)+)?)>);

                impl $(<$($param: $bound),+>)? $crate::Command for $marker $(<$($param),+>)? {
                    type Reply = $reply;
                    type Access = $crate::commands!(@access $access);
                    type Since = $crate::__private::Since<{ $crate::__private::version_index($since) }>;
                    const INFO: $crate::CommandInfo = $crate::commands!(
                        @row $method, $wire, $since, $arity, $access, $leaves, $multi, $connection,
                        $(($arg [$($key)? $($keys)? $($whole)?] [$($left)?]))*
                    );
                    #[inline]
                    fn read(reader: &mut $crate::Reader<'_>) -> ::std::result::Result<$reply, $crate::DecodeError> {
                        <$reply as $crate::FromReply<$shape>>::read(reader)
                    }
                }

                impl $(<$($param),+>)? $crate::__private::literal::Touches for $marker $(<$($param),+>)? {
                    type Arguments = $crate::commands!(@facts $leaves $(($arg [$($key)? $($keys)? $($whole)?] [$($left)?]))*);
                    type Elsewhere = $crate::commands!(@elsewhere $leaves);
                }

                $crate::commands!(@multi $multi $connection $marker $(<$($param: $bound),+>)?);
                $crate::commands!(@connection $connection $marker $(<$($param: $bound),+>)?);
            )*

            #[doc = concat!("What the table says of the commands of [`", stringify!($group), "`].")]
            pub const ROWS: &[$crate::CommandInfo] = &[
                $($crate::commands!(
                        @row $method, $wire, $since, $arity, $access, $leaves, $multi, $connection,
                        $(($arg [$($key)? $($keys)? $($whole)?] [$($left)?]))*
                    ),)*
            ];
        }

        $(#[$group_doc])*
        #[$crate::__private::located]
        $vis trait $group: $crate::CommandSink {
            $(
                $(#[$doc])*
                #[inline]
                #[must_use = "a queue sends nothing until it is executed, a command nothing until it is awaited"]
                fn $method <$($($aux: $aux_bound,)+)? $($($param: $bound),+)?> (
                    self,
                    $($arg: $(impl $crate::KeyFor<$key $(<$($of),+>)?>)? $(impl $crate::KeysFor<$keys $(<$($ofs),+>)?>)? $($named)? $($type)?),*
                ) -> Self::Output<$module::$marker $(<$($param),+>)?>
                where
                    $module::$marker $(<$($param),+>)?: $crate::AllowedIn<Self::Mode> + $crate::AllowedOnShared<Self::Mode>,
                    Self::Server: $crate::Supports<
                        <$module::$marker $(<$($param),+>)? as $crate::Command>::Since,
                        $module::$marker $(<$($param),+>)?,
                    >,
                    $($($bounded: $where_bound,)+)?
                {
                    const NAME: $crate::__private::Name<{ $crate::__private::encoded_len($wire) }> =
                        $crate::__private::Name::new($wire);
                    self.submit(|out| {
                        $crate::commands!(@write out, $wire, [$($arg),*] $(, ($($sent),*))?);
                    })
                }
            )*
        }

        impl<S: $crate::CommandSink> $group for S {}
    };

    (@row $method:ident, $wire:literal, $since:literal, $arity:literal, $access:ident, $leaves:ident, $multi:ident, $connection:ident, $($argument:tt)*) => {
        $crate::CommandInfo::new(
            $wire,
            stringify!($method),
            $since,
            $arity,
            $crate::Access::$access,
            $crate::Leaves::$leaves,
            $crate::commands!(@keys $leaves {} $($argument)*),
            $crate::Multi::$multi,
            $crate::Connection::$connection,
        )
    };

    // The arguments that are keys, as data.
    (@keys $leaves:ident {$($done:tt)*}) => {
        &[$($done)*]
    };
    (@keys $leaves:ident {$($done:tt)*} ($arg:ident [] []) $($rest:tt)*) => {
        $crate::commands!(@keys $leaves {$($done)*} $($rest)*)
    };
    (@keys $leaves:ident {$($done:tt)*} ($arg:ident $key:tt []) $($rest:tt)*) => {
        $crate::commands!(@keys $leaves {$($done)*} ($arg $key [$leaves]) $($rest)*)
    };
    (@keys $leaves:ident {$($done:tt)*} ($arg:ident [$key:ident] [$left:ident]) $($rest:tt)*) => {
        $crate::commands!(@keys $leaves {
            $($done)*
            $crate::KeySpec::new(stringify!($arg), $crate::commands!(@kinds $key), $crate::Leaves::$left),
        } $($rest)*)
    };
    (@kinds Str) => { &[$crate::KeyType::String] };
    (@kinds List) => { &[$crate::KeyType::List] };
    (@kinds Set) => { &[$crate::KeyType::Set] };
    (@kinds SortedSet) => { &[$crate::KeyType::SortedSet] };
    (@kinds Hash) => { &[$crate::KeyType::Hash] };
    (@kinds Sortable) => { &[$crate::KeyType::List, $crate::KeyType::Set, $crate::KeyType::SortedSet] };
    (@kinds AnySet) => { &[$crate::KeyType::Set, $crate::KeyType::SortedSet] };
    (@kinds $other:ident) => { &[] };

    // The same, as types, and with the arguments that are no keys.
    (@facts $leaves:ident) => { () };
    (@facts $leaves:ident ($arg:ident $key:tt $left:tt) $($rest:tt)*) => {
        ($crate::commands!(@fact $leaves $key $left), $crate::commands!(@facts $leaves $($rest)*))
    };
    (@fact $leaves:ident [] []) => { $crate::__private::literal::NoKey };
    (@fact $leaves:ident [$key:ident] []) => { $crate::commands!(@fact $leaves [$key] [$leaves]) };
    (@fact $leaves:ident [$key:ident] [$left:ident]) => {
        $crate::__private::literal::Key<$crate::commands!(@need $key), $crate::__private::literal::leaves::$left>
    };
    (@need Str) => { $crate::__private::literal::a_string };
    (@need List) => { $crate::__private::literal::a_list };
    (@need Set) => { $crate::__private::literal::a_set };
    (@need SortedSet) => { $crate::__private::literal::a_sorted_set };
    (@need Hash) => { $crate::__private::literal::a_hash };
    (@need Sortable) => { $crate::__private::literal::a_list_or_set_or_sorted_set };
    (@need AnySet) => { $crate::__private::literal::a_set_or_sorted_set };
    (@need $other:ident) => { $crate::__private::literal::nothing };
    (@elsewhere anything) => { $crate::__private::literal::Clears };
    (@elsewhere $leaves:ident) => { $crate::__private::literal::Keeps };
    (@access reads) => { $crate::OnlyReads };
    (@access writes) => { $crate::MayWrite };

    (@write $out:ident, $wire:literal, [$($arg:ident),*]) => {
        $crate::commands!(@write $out, $wire, [], ($(&$arg),*))
    };
    (@write $out:ident, $wire:literal, [$($arg:ident),*], ($($sent:expr),*)) => {
        $crate::commands!(@send $out, $wire, [], $($sent,)*)
    };
    // Each expression is evaluated once, into a name of its own.
    (@send $out:ident, $wire:literal, [$($done:ident)*], $sent:expr, $($rest:tt)*) => {{
        let sent = $sent;
        $crate::commands!(@send $out, $wire, [$($done)* sent], $($rest)*)
    }};
    (@send $out:ident, $wire:literal, [$($done:ident)*],) => {{
        $out.command(&NAME, 0 $(+ $crate::Arguments::count(&$done))*);
        $($crate::Arguments::write_all(&$done, $out);)*
        $out.end($wire);
    }};

    // The policies do not ask what a reply can be read as, so that a wrong type is told in its own words.
    // What cannot be sent anywhere is refused in the words of `AllowedOnShared` alone.
    (@multi $multi:ident never $($marker:tt)+) => {
        $crate::commands!(@queueable $($marker)+);
    };
    (@multi yes $connection:ident $($marker:tt)+) => {
        $crate::commands!(@queueable $($marker)+);
    };
    (@multi $refused:ident $connection:ident $($marker:tt)+) => {};
    (@queueable $marker:ident $(<$($param:ident : $bound:path),+>)?) => {
        #[diagnostic::do_not_recommend]
        impl $(<$($param),+>)? $crate::AllowedIn<$crate::Deferred> for $marker $(<$($param),+>)? {}
    };
    (@connection never $($marker:tt)*) => {};
    (@connection $connection:ident $marker:ident $(<$($param:ident : $bound:path),+>)?) => {
        #[diagnostic::do_not_recommend]
        impl<Mode $(, $($param),+)?> $crate::AllowedOnShared<Mode> for $marker $(<$($param),+>)? {}
    };
}
