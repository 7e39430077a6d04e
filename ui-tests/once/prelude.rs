//! What the mistakes use.

#![allow(unused, clippy::all)]

use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;
use std::sync::Mutex;

async fn pause() {}

async fn number() -> u32 {
    1
}

async fn text_of(n: u32) -> String {
    n.to_string()
}

async fn try_number() -> Result<u32, String> {
    Ok(1)
}

fn make() -> String {
    String::new()
}

fn takes(n: u32) {}

fn takes_text(s: &str) -> usize {
    s.len()
}

fn two<T>(a: T, b: T) {}

#[derive(Debug)]
struct Point {
    x: i32,
    y: String,
}

enum Shape {
    Dot,
    Line(u32),
    Named { name: String },
}

trait Area {
    fn area(&self) -> u32;
}

fn needs<T: Area>(t: T) {}

#[derive(Debug)]
struct NotClone;

fn main() {}
