//! Requests and replies with types of their own, each written and read by hand. The lines of a reply are counted, to find its end.

use super::socket::{Socket, bulk, number, string, text};
use crate::data::{CATALOG, CENTER, Catalog, GROUP, Order, PLACES, RADIUS, STREAM, WORKER};

/// The id of an entry.
pub type Id = (u64, u64);

/// The lines of a string.
const STRING: usize = 2;
/// The lines of the fields of an order, with the header.
const FIELDS: usize = 1 + 8 * STRING;

/// Sends commands one after the other, whatever the server answers but an error.
pub async fn send(url: &str, commands: &[Vec<String>]) {
    let mut socket = Socket::connect(url).await;
    for command in commands {
        let words: Vec<&[u8]> = command.iter().map(String::as_bytes).collect();
        socket.command(&words);
        socket.exchange(|replies| replies.ends_with(b"\r\n")).await;
        assert_ne!(socket.replies[0], b'-', "{:?}", socket.replies);
    }
}

pub async fn xadd(socket: &mut Socket, orders: &[Order]) -> Vec<Id> {
    socket.command(&[b"DEL", STREAM.as_bytes()]);
    let out = &mut socket.out;
    let mut digits = itoa::Buffer::new();
    for Order { number, customer, item, quantity } in orders {
        out.extend_from_slice(b"*11\r\n$4\r\nXADD\r\n$6\r\nstream\r\n$1\r\n*\r\n$6\r\nnumber\r\n");
        bulk(out, digits.format(*number).as_bytes());
        out.extend_from_slice(b"$8\r\ncustomer\r\n");
        bulk(out, customer.as_bytes());
        out.extend_from_slice(b"$4\r\nitem\r\n");
        bulk(out, item.as_bytes());
        out.extend_from_slice(b"$8\r\nquantity\r\n");
        bulk(out, digits.format(*quantity).as_bytes());
    }
    socket.read_lines(1 + orders.len() * STRING).await;
    let mut at = 0;
    number(&socket.replies, &mut at);
    orders.iter().map(|_| id(&socket.replies, &mut at)).collect()
}

pub async fn xreadgroup(socket: &mut Socket, count: usize) -> Vec<(Id, Order)> {
    socket.command(&[b"XGROUP", b"SETID", STREAM.as_bytes(), GROUP.as_bytes(), b"0"]);
    let (group, worker, digits) = (GROUP.as_bytes(), WORKER.as_bytes(), count.to_string());
    let words = [&b"XREADGROUP"[..], b"GROUP", group, worker, b"COUNT", digits.as_bytes(), b"NOACK", b"STREAMS"];
    socket.queue(&[&words[..], &[STREAM.as_bytes(), b">"]].concat());
    socket.read_lines(1 + 2 + STRING + 1 + count * (1 + STRING + FIELDS)).await;
    let replies = &socket.replies;
    let mut at = b"+OK\r\n*1\r\n*2\r\n".len();
    string(replies, &mut at);
    let entries = number(replies, &mut at);
    let entry = |_| {
        number(replies, &mut at);
        (id(replies, &mut at), order(replies, &mut at))
    };
    (0..entries).map(entry).collect()
}

pub async fn geosearch(socket: &mut Socket, count: usize) -> Vec<(String, f64)> {
    let [east, north, radius] = [CENTER.0, CENTER.1, RADIUS].map(|number| number.to_string());
    let center = [east.as_bytes(), north.as_bytes()];
    socket.command(&[
        b"GEOSEARCH",
        PLACES.as_bytes(),
        b"FROMLONLAT",
        center[0],
        center[1],
        b"BYRADIUS",
        radius.as_bytes(),
        b"km",
        b"WITHDIST",
    ]);
    socket.read_lines(1 + count * (1 + 2 * STRING)).await;
    let replies = &socket.replies;
    let mut at = 0;
    let count = number(replies, &mut at);
    let place = |_| {
        number(replies, &mut at);
        let member = text(replies, &mut at);
        (member, std::str::from_utf8(string(replies, &mut at)).expect("text").parse().expect("a distance"))
    };
    (0..count).map(place).collect()
}

pub async fn structs(socket: &mut Socket, keys: &[String]) -> Vec<Order> {
    socket.out.clear();
    for key in keys {
        socket.out.extend_from_slice(b"*2\r\n$7\r\nHGETALL\r\n");
        bulk(&mut socket.out, key.as_bytes());
    }
    socket.read_lines(keys.len() * FIELDS).await;
    let mut at = 0;
    keys.iter().map(|_| order(&socket.replies, &mut at)).collect()
}

pub async fn json(socket: &mut Socket) -> Catalog {
    socket.command(&[b"JSON.GET", CATALOG.as_bytes()]);
    socket.read_lines(STRING).await;
    serde_json::from_slice(string(&socket.replies, &mut 0)).expect("JSON")
}

fn id(bytes: &[u8], at: &mut usize) -> Id {
    let id = string(bytes, at);
    let dash = memchr::memchr(b'-', id).expect("an id");
    (decimal(&id[..dash]), decimal(&id[dash + 1..]))
}

/// Reads the fields of an order, which may come in any order.
fn order(bytes: &[u8], at: &mut usize) -> Order {
    let (mut order_number, mut customer, mut item, mut quantity) = (None, None, None, None);
    for _ in 0..number(bytes, at) / 2 {
        match string(bytes, at) {
            b"number" => order_number = Some(decimal(string(bytes, at))),
            b"customer" => customer = Some(text(bytes, at)),
            b"item" => item = Some(text(bytes, at)),
            b"quantity" => quantity = Some(decimal(string(bytes, at)) as u32),
            _ => drop(string(bytes, at)),
        }
    }
    Order {
        number: order_number.expect("a number"),
        customer: customer.expect("a customer"),
        item: item.expect("an item"),
        quantity: quantity.expect("a quantity"),
    }
}

fn decimal(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}
