//! The page docs/commands.md is the registry, written out.
//!
//! `TYPEDIS_WRITE_PAGE=1 cargo test --test it commands_page` writes the page anew.

use super::described::DESCRIBED;
use std::{env, fmt::Write as _, fs, path::Path};
use typedis::{
    command::{CommandInfo, ConnectionPolicy, Deprecation, MultiPolicy, Route},
    commands::registry,
};

const HEAD: &str = "\
# Commands

Every form of a command that typedis has: its method, what comes back, the first version of Redis and of Valkey that has it,
and its policies. Written from the table of commands, which a test holds this page to; `commands::registry()` is the same as
data. A method's own documentation says more, and links the command's page.

- **Deprecated**: with the replacement.
- **Since**: where a form always sends an option, the version is that of the option. *all*: every Valkey has the command.
  A command of a module has the module's version: any server has it that loads the module.
- **†**: no server that the tests run has it. Its reply is checked against its vendor's description.
- **Access**: whether the command only reads, so that a lost pipeline of such commands may be sent again.
- **In MULTI**: *degraded* commands do not block there, *refused* ones are refused; neither can be queued.
- **Connection**: *dedicated* commands block a connection of the pool; *forbidden* ones would change a connection that others
  share, so they do not compile.
- **Route**: where a cluster sends the command, and how the replies of several nodes become one.
";

#[test]
fn the_commands_page_is_what_the_table_says() {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    if env::var_os("TYPEDIS_WRITE_PAGE").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(written.lines()).find(|(new, old)| new != old);
    assert!(
        page == written,
        "docs/commands.md is not what the table says, first at {differs:?}: \
         run `TYPEDIS_WRITE_PAGE=1 cargo test --test it commands_page`"
    );
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut group = "";
    for info in registry() {
        if info.group != group {
            group = info.group;
            write!(page, "\n## {group}\n\n").expect("a string grows");
            if let Some(module) = info.since.module {
                let feature = feature(module.name);
                writeln!(page, "With the feature `{feature}`, on servers with the module `{}`.\n", module.name)
                    .expect("a string grows");
            }
            page += "| Command | Method | Returns | Redis | Valkey | Access | In MULTI | Connection | Route |\n";
            page += "|---|---|---|---|---|---|---|---|---|\n";
        }
        page += &row(info);
    }
    page
}

/// The feature with the rows of a module.
fn feature(module: &str) -> &'static str {
    match module {
        "bf" => "bloom",
        "ReJSON" => "json",
        "timeseries" => "time_series",
        _ => panic!("no feature has the module {module}"),
    }
}

fn row(info: &CommandInfo) -> String {
    let CommandInfo { name, method, reply, since, access, .. } = info;
    let module = since.module.map(|module| format!("{} {}", module.name, module.since));
    let redis = module.as_deref().or(since.redis).unwrap_or("–");
    let valkey = if module.is_some() {
        redis
    } else if since.is_in_every_valkey() {
        "all"
    } else {
        since.valkey.unwrap_or("–")
    };
    let multi = match info.multi {
        MultiPolicy::Allowed => "",
        MultiPolicy::Degraded => "degraded",
        MultiPolicy::Refused => "refused",
    };
    let connection = match info.connection {
        ConnectionPolicy::Shared => "",
        ConnectionPolicy::Dedicated => "dedicated",
        ConnectionPolicy::Forbidden => "forbidden",
    };
    let route = match info.route {
        Route::Keys => "keys".to_owned(),
        route => format!("{route:?}"),
    };
    let route = if info.connection == ConnectionPolicy::Forbidden { String::new() } else { route };
    let reply = if reply.ends_with("::Reply") { "by its options".to_owned() } else { format!("`{reply}`") };
    let mark = if DESCRIBED.contains(method) { " †" } else { "" };
    let name = match info.deprecated {
        Some(Deprecation { instead, .. }) => format!("{name} (deprecated: {instead})"),
        None => (*name).to_owned(),
    };
    format!(
        "| {name}{mark} | `{method}` | {reply} | {redis} | {valkey} | {access:?} | {multi} | {connection} | {route} |\n"
    )
}
