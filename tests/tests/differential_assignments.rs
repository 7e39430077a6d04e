//! Assignments with suspensions in the place and in the value: which side comes first.

#![allow(clippy::await_holding_refcell_ref, reason = "temporaries are held")]

use std::cell::RefCell;
use std::ops::{AddAssign, Index, IndexMut};

use coframe_tests::differential;
use coframe_tests::differential::*;

#[derive(Debug)]
struct Sum(D, u32);

impl AddAssign<u32> for Sum {
    fn add_assign(&mut self, n: u32) {
        self.0.touch();
        say("add");
        self.1 += n;
    }
}

impl AddAssign<D> for Sum {
    fn add_assign(&mut self, n: D) {
        self.0.touch();
        n.touch();
        self.1 += 1;
    }
}

struct List(D, Vec<u32>, Vec<Sum>);

impl Index<usize> for List {
    type Output = u32;
    fn index(&self, i: usize) -> &u32 {
        say("index");
        &self.1[i]
    }
}

impl IndexMut<usize> for List {
    fn index_mut(&mut self, i: usize) -> &mut u32 {
        self.0.touch();
        say("index mut");
        &mut self.1[i]
    }
}

fn list() -> List {
    List(d("list"), vec![1, 2, 3], vec![Sum(d("s0"), 0), Sum(d("s1"), 1)])
}

fn number(l: &mut List) -> &mut u32 {
    l.0.touch();
    &mut l.1[0]
}

fn sum(l: &mut List) -> &mut Sum {
    l.0.touch();
    &mut l.2[1]
}

differential! {
    numbers_are_added_value_first => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut l = list();
        let mut array = [1, 2, 3];
        array[val("i", 1)] += give("v", 1, 10).await;
        array[give("i", 1, 2).await] += val("v", 10);
        array[give("i", 1, 2).await] -= give("w", 1, 4).await;
        l[val("i", 1)] *= give("v", 1, 10).await;
        *number(&mut l) += give("v", 1, 10).await;
        l.1[give("i", 1, 0).await] <<= give("v", 1, 1u8).await;
        pause().await;
        array[1] + array[2] + l.1[0] + l.1[1]
    }
}

differential! {
    others_are_added_place_first => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut l = list();
        l.2[val("i", 1)] += give("v", 1, 10).await;
        l.2[give("i", 1, 0).await] += val("v", 10);
        l.2[give("i", 1, 0).await] += give("w", 1, 4).await;
        *sum(&mut l) += give("v", 1, 10).await;
        *sum(&mut l) += give("v", 1, d("d")).await;
        l[val("i", 1)] += &give("v", 1, 10).await;
        pause().await;
        l.2[0].1 + l.2[1].1
    }
}

differential! {
    generic_sums => subject(Sum(d("a"), 0), 2);
    #[coroutine]
    async fn subject<T: AddAssign<u32>>(a: T, n: u32) -> Vec<T> {
        let mut list = vec![a];
        for i in 0..n {
            list[val("i", 0)] += give("v", 1, i).await;
        }
        list
    }
}

differential! {
    compound_out_of_bounds => subject(7);
    #[coroutine]
    async fn subject(i: usize) -> u32 {
        let x = d("x");
        let mut array = [1, 2, 3];
        array[val("i", i)] += give("v", 1, x.touch()).await;
        array[0]
    }
}

differential! {
    compound_out_of_bounds_overloaded => subject(7);
    #[coroutine]
    async fn subject(i: usize) -> u32 {
        let x = d("x");
        let mut l = list();
        l.2[val("i", i)] += give("v", 1, x.touch()).await;
        l.2[0].1
    }
}

differential! {
    compound_through_locks => subject(&Lock::new("x"), &RefCell::new(1), &RefCell::new(list()));
    #[coroutine]
    async fn subject(lock: &Lock, cell: &RefCell<u32>, lists: &RefCell<List>) -> u32 {
        *cell.borrow_mut() += give("v", 1, lock.lock().touch()).await;
        lists.borrow_mut().2[val("i", 0)] += give("v", 1, lock.lock().touch()).await;
        *sum(&mut lists.borrow_mut()) += give("v", 1, d("v")).await;
        pause().await;
        *cell.borrow()
    }
}

differential! {
    compound_with_locals_inside => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let mut l = list();
        for i in 0..n {
            l.2[{ let j = i as usize; j % 2 }] += { let x = d("x"); pause().await; let y = x; pause().await; y.touch() + [1, 2].iter().map(|k| k + i).sum::<u32>() };
        }
        l.2[0].1
    }
}

differential! {
    assigning_to_places_that_suspend => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut list = vec![d("a"), d("b"), d("c")];
        let mut l = super_list();
        list[give("i", 1, 1).await] = d("e");
        list[give("i", 1, 2).await] = give("f", 1, d("f")).await;
        l[give("i", 1, 0).await] = give("v", 1, 5).await;
        *give("r", 1, &mut list[0]).await = give("g", 1, d("g")).await;
        pause().await;
        list.iter().map(D::touch).sum::<u32>() + l.1[0]
    }
    fn super_list() -> List { list() }
}

differential! {
    compound_of_generic_elements => subject(vec![1u32, 2], 3);
    #[coroutine]
    async fn subject<T: AddAssign<T> + Copy>(mut list: Vec<T>, by: T) -> Vec<T> {
        for i in 0..2 { list[val("i", i)] += give("v", 1, by).await; }
        list
    }
}

differential! {
    assigned_in_an_operand_with_temporaries => subject();
    #[coroutine]
    #[allow(unused_assignments, reason = "that is its point")]
    async fn subject() -> u32 {
        let mut x = d("x");
        pause().await;
        let operand = (
            d("temporary").clone(),
            {
                x = d("y");
                d("other").clone()
            },
        );
        let n = give("n", 1, (operand.0.clone(), { x = d("z"); d("last") }.pass())).await;
        pause().await;
        x.touch() + n.0.touch()
    }
}
