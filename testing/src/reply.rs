//! Replies of scripted peers as bytes.

/// `+OK`
pub fn simple(text: &str) -> Vec<u8> {
    format!("+{text}\r\n").into_bytes()
}

/// `-ERR ..`; `text` begins with the code.
pub fn error(text: &str) -> Vec<u8> {
    format!("-{text}\r\n").into_bytes()
}

/// `:1`
pub fn integer(number: i64) -> Vec<u8> {
    format!(":{number}\r\n").into_bytes()
}

/// `$3`
pub fn bulk(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    [format!("${}\r\n", content.len()).as_bytes(), content, b"\r\n"].concat()
}

/// The null bulk string of RESP2, `$-1`, which is `_` in RESP3.
pub fn null() -> Vec<u8> {
    b"$-1\r\n".to_vec()
}

/// `*2` with these replies in it.
pub fn array(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<Vec<u8>> = items.into_iter().collect();
    [format!("*{}\r\n", items.len()).into_bytes(), items.concat()].concat()
}
