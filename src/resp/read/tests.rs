//! Tests of the decoder's methods.

use super::*;

fn reader(source: &Bytes) -> Reader<'_> {
    Reader::new(source)
}

#[test]
fn integer_replies_are_read_as_their_text_is() {
    for text in ["0", "7", "-1", "12345", "-9223372036854775808", "9223372036854775807", "+5", "99999999999999999"] {
        let source = Bytes::from(format!(":{text}\r\n+OK\r\n"));
        let mut reader = reader(&source);
        assert_eq!(reader.read_reply(Reader::integer), Ok(text.parse().unwrap()));
        assert_eq!(reader.read_reply(Reader::text), Ok("OK"));
    }
    for text in [":-\r\n", ":\r\n", ":1x\r\n", ":1\rx", ":--1\r\n", ":9223372036854775808\r\n"] {
        assert!(reader(&Bytes::from(text)).integer().is_err(), "{text:?}");
    }
}

#[test]
fn a_number_that_no_double_holds_is_no_infinity() {
    let number = |text: &str| reader(&Bytes::from(format!("${}\r\n{text}\r\n", text.len()))).double();
    assert_eq!(number("1.7976931348623157e308"), Ok(f64::MAX));
    assert_eq!(number("-inf"), Ok(f64::NEG_INFINITY));
    assert_eq!(number("+Infinity"), Ok(f64::INFINITY));
    for text in ["1e309", "-1e309", &"9".repeat(400)] {
        let error = format!("{:?}", number(text).unwrap_err());
        assert!(error.contains("a number within the range of `f64`") && error.len() < 200, "{error}");
    }
}

#[test]
fn pushes_and_attributes_are_read_past() {
    let source = Bytes::from_static(b">2\r\n+invalidate\r\n*0\r\n|1\r\n+ttl\r\n:3\r\n:42\r\n+OK\r\n");
    let mut reader = reader(&source);
    assert_eq!(reader.read_reply(Reader::integer), Ok(42));
    assert_eq!(reader.read_reply(Reader::text), Ok("OK"));
}

#[test]
fn after_an_error_reading_goes_on_at_the_next_reply() {
    let source = Bytes::from_static(b"*2\r\n$1\r\na\r\n-ERR inner\r\n:7\r\n");
    let mut reader = reader(&source);
    let first = reader.read_reply(|reader| {
        reader.array()?;
        Ok((reader.bytes()?.to_vec(), reader.bytes()?.to_vec()))
    });
    assert!(matches!(first, Err(DecodeError::Server(error)) if error.code() == "ERR"));
    assert_eq!(reader.read_reply(Reader::integer), Ok(7));
}

#[test]
fn an_error_is_an_element_within_an_aggregate_alone() {
    const REPLIES: &[u8] =
        b">1\r\n+p\r\n|1\r\n+k\r\n+v\r\n>1\r\n+p\r\n-ERR a\r\n!5\r\nERR b\r\n*1\r\n>1\r\n+p\r\n-ERR c\r\n";
    let source = Bytes::from_static(REPLIES);
    let mut reader = reader(&source);
    for is_element in [false, false, true] {
        let read = reader.read_reply(|reader| reader.array().and_then(|_| reader.integer()));
        assert!(matches!(&read, Err(DecodeError::Server(error)) if error.is_element() == is_element), "{read:?}");
    }
}

#[test]
fn what_is_read_of_a_reply_is_all_of_it_and_nothing_behind_it() {
    const REPLIES: &[u8] = b"*2\r\n*1\r\n$1\r\na\r\n%1\r\n+b\r\n_\r\n*1\r\n:7\r\n";
    let source = Bytes::from_static(REPLIES);
    let read = |read: fn(&mut Reader<'_>) -> Result<(), DecodeError>| {
        let mut reader = reader(&source);
        let first = reader.read_reply(read);
        // However the first reply was read, the second is found.
        assert_eq!(reader.read_reply(|reader| Ok((reader.array()?, reader.integer()?))), Ok((1, 7)));
        first.map_err(|error| match error {
            DecodeError::Mismatch(reason) => reason.into_string(),
            error => panic!("{error:?}"),
        })
    };
    let whole = |reader: &mut Reader<'_>| {
        let (_outer, _inner, a) = (reader.array()?, reader.array()?, reader.bytes()?);
        let (_pairs, _kind, b, null) = (reader.map()?, reader.kind()?, reader.text()?, reader.null()?);
        assert_eq!((a, b, null), (&b"a"[..], "b", true));
        Ok(())
    };
    assert_eq!(read(whole), Ok(()));
    assert_eq!(read(|reader| reader.ignore()), Ok(()));
    let error = |text: &str| Err(text.to_owned());
    let one = error("the type left one element of the reply unread");
    let two = error("the type left 2 elements of the reply unread");
    let beyond = error("the type read beyond the end of the reply");
    assert_eq!(read(|_| Ok(())), one);
    assert_eq!(read(|reader| reader.kind().map(drop)), one);
    assert_eq!(read(|reader| reader.array().map(drop)), two);
    assert_eq!(read(|reader| reader.array().and_then(|_| reader.ignore())), one);
    assert_eq!(read(|reader| reader.ignore().and_then(|()| reader.ignore())), beyond);
    // Entering the next reply's array would make the count come out even.
    assert_eq!(read(|reader| reader.ignore().and_then(|()| reader.array()).map(drop)), beyond);
    // An error that the type ignores still consumes its element.
    let swallowed = |reader: &mut Reader<'_>| {
        let _both = (reader.array()?, reader.array()?);
        assert!(reader.integer().is_err());
        reader.map()?;
        reader.ignore()?;
        reader.ignore()
    };
    assert_eq!(read(swallowed), Ok(()));
}

#[test]
fn bytes_that_were_never_scanned_cost_an_error_and_no_panic() {
    for text in [&b""[..], b"$", b"$5\r\nab", b"*3\r\n:1\r\n", b"$99999999999999\r\n", b"\n", b":\r\n", b"$-5\r\n"] {
        let source = Bytes::copy_from_slice(text);
        assert!(reader(&source).read_reply(|reader| reader.array().map(|_| ())).is_err() || text.starts_with(b"*"));
        assert!(reader(&source).read_reply(|reader| reader.bytes().map(|_| ())).is_err());
        assert!(reader(&source).skip().is_err());
    }
}
