//! Replies whose shape differs by server, read as a `Value` by rows of an application's own.

use crate::support::rows::in_both_protocols;
use typedis::{Result, Value};

typedis::commands! {
    /// Commands whose replies have many shapes.
    trait ManyShapes in shapes;

    /// Describes commands.
    fn any_command_info(name: &str) -> Any as Value
        = "COMMAND INFO" as CommandFacts {
            since: redis "2.8.13", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Describes a user.
    fn any_acl_getuser(name: &str) -> Any as Value
        = "ACL GETUSER" as AclGetuser {
            since: redis "6.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Describes the role of the server.
    fn any_role() -> Any as Value
        = "ROLE" as Role {
            since: redis "2.8.12", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}

/// All texts within a value, at any depth.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Status(text) => vec![text.to_string()],
        Value::Bulk(bytes) => vec![String::from_utf8_lossy(bytes).into_owned()],
        Value::Array(items) | Value::Set(items) => items.iter().flat_map(texts).collect(),
        Value::Map(pairs) => pairs.iter().flat_map(|(key, value)| [texts(key), texts(value)].concat()).collect(),
        _ => vec![],
    }
}

#[tokio::test]
async fn a_value_reads_what_each_server_says_of_commands_users_and_itself() {
    in_both_protocols(async |_, client| -> Result<()> {
        let has =
            |value: &Value, word: &str| assert!(texts(value).iter().any(|text| text == word), "{word}: {value:?}");
        let facts = client.any_command_info("xadd").await?;
        has(&facts, "xadd");
        has(&facts, "denyoom");
        has(&client.any_command_info("config").await?, "config");
        let user = client.any_acl_getuser("default").await?;
        has(&user, "keys");
        has(&user, "nopass");
        has(&client.any_role().await?, "master");
        let (info, user, role) = typedis::pipeline! { client =>
            any_command_info("get");
            any_acl_getuser("default");
            any_role();
        }?;
        has(&info, "get");
        has(&user, "commands");
        has(&role, "master");
        assert!(matches!(&role, Value::Array(parts) if parts.len() == 3), "{role:?}");
        Ok(())
    })
    .await;
}
