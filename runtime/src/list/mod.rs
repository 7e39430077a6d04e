//! A doubly linked list whose nodes live in their owners, so that linking allocates nothing.
//!
//! A node sits inside the future that waits: a sleep in the timer wheel, a spawn that waits for a
//! slot. The list and everything in its nodes is guarded by one lock that the owner of the list
//! holds while it calls the functions here.
//!
//! # Invariants
//!
//! * `NodePinned`: a linked node does not move, and is unlinked before its memory is reused.
//!   Established by `Pin` and by the drop of the node's owner, which unlinks under the lock. An
//!   owner that is leaked instead of dropped stays valid for ever, because it is pinned.
//! * `LinksLocked`: links and values of nodes are touched only under the lock of their list.
//! * `LinksValid`: the neighbours of a linked node are linked nodes of the same list.

use core::cell::{Cell, UnsafeCell};
use core::fmt;
use core::marker::PhantomPinned;
use core::ptr::NonNull;

type Link<T> = Option<NonNull<Node<T>>>;

/// One member of a [`List`].
pub(crate) struct Node<T> {
    previous: Cell<Link<T>>,
    next: Cell<Link<T>>,
    is_linked: Cell<bool>,
    value: UnsafeCell<T>,
    _pinned: PhantomPinned,
}

/// The ends of a list of nodes that live elsewhere.
pub(crate) struct List<T> {
    head: Link<T>,
    tail: Link<T>,
}

// SAFETY: a node is shared with its list only under the list's lock: `LinksLocked`.
unsafe impl<T: Send> Send for Node<T> {}
// SAFETY: as above; a shared reference alone gives access to nothing.
unsafe impl<T: Send> Sync for Node<T> {}
// SAFETY: the list reaches its nodes only under its lock: `LinksLocked`.
unsafe impl<T: Send> Send for List<T> {}

impl<T> Node<T> {
    /// A node that is in no list.
    pub(crate) const fn new(value: T) -> Self {
        Node {
            previous: Cell::new(None),
            next: Cell::new(None),
            is_linked: Cell::new(false),
            value: UnsafeCell::new(value),
            _pinned: PhantomPinned,
        }
    }

    /// Whether the node is in a list.
    ///
    /// # Safety
    ///
    /// * The caller holds the lock of the only list this node is ever put into.
    pub(crate) unsafe fn is_linked(&self) -> bool {
        self.is_linked.get()
    }

    /// The value, to be read or written under the lock of the list.
    pub(crate) const fn value(&self) -> *mut T {
        self.value.get()
    }
}

impl<T> List<T> {
    /// A list without members.
    pub(crate) const fn new() -> Self {
        List { head: None, tail: None }
    }

    /// Whether the list has no members.
    pub(crate) const fn is_empty(&self) -> bool {
        self.head.is_none()
    }

    /// Puts `node` at the end.
    ///
    /// # Safety
    ///
    /// * The caller holds the lock of this list, and `node` belongs to this lock only.
    /// * `node` is pinned, and its owner removes it before the node's memory is reused.
    /// * `node` is in no list.
    pub(crate) unsafe fn push_back(&mut self, node: &Node<T>) {
        debug_assert!(!node.is_linked.get());
        let link = Some(NonNull::from(node));
        node.is_linked.set(true);
        node.previous.set(self.tail);
        node.next.set(None);
        match self.tail {
            None => self.head = link,
            Some(tail) => {
                // SAFETY: the tail of a list is a valid node: `LinksValid`, `NodePinned`.
                unsafe { tail.as_ref() }.next.set(link);
            }
        }
        self.tail = link;
    }

    /// Takes the first member out.
    pub(crate) fn pop_front(&mut self) -> Option<NonNull<Node<T>>> {
        let head = self.head?;
        // SAFETY: the head is a valid node: `LinksValid`, `NodePinned`.
        let node = unsafe { head.as_ref() };
        // SAFETY: it is a member of this list, whose lock the exclusive reference stands for.
        unsafe { self.remove(node) };
        Some(head)
    }

    /// Takes `node` out.
    ///
    /// # Safety
    ///
    /// * The caller holds the lock of this list.
    /// * `node` is a member of this list.
    pub(crate) unsafe fn remove(&mut self, node: &Node<T>) {
        debug_assert!(node.is_linked.get());
        let (previous, next) = (node.previous.take(), node.next.take());
        match previous {
            None => self.head = next,
            Some(previous) => {
                // SAFETY: neighbours are valid nodes: `LinksValid`, `NodePinned`.
                unsafe { previous.as_ref() }.next.set(next);
            }
        }
        match next {
            None => self.tail = previous,
            Some(next) => {
                // SAFETY: neighbours are valid nodes: `LinksValid`, `NodePinned`.
                unsafe { next.as_ref() }.previous.set(previous);
            }
        }
        node.is_linked.set(false);
    }
}

impl<T> fmt::Debug for Node<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("is_empty", &self.is_empty()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{List, Node};

    fn drain(list: &mut List<u32>) -> Vec<u32> {
        let mut values = Vec::new();
        while let Some(node) = list.pop_front() {
            // SAFETY: the test owns the nodes and runs on one thread.
            let node = unsafe { node.as_ref() };
            // SAFETY: as above.
            values.push(unsafe { *node.value() });
        }
        values
    }

    #[test]
    fn members_leave_in_the_order_they_came() {
        let nodes = [Node::new(1), Node::new(2), Node::new(3)];
        let mut list = List::new();
        for node in &nodes {
            // SAFETY: the nodes outlive the list's use and are in no other list.
            unsafe { list.push_back(node) };
        }
        assert_eq!(drain(&mut list), [1, 2, 3]);
        assert!(list.is_empty());
    }

    #[test]
    fn any_member_can_be_removed() {
        for removed in 0..3 {
            let nodes = [Node::new(0), Node::new(1), Node::new(2)];
            let mut list = List::new();
            for node in &nodes {
                // SAFETY: the nodes outlive the list's use and are in no other list.
                unsafe { list.push_back(node) };
            }
            // SAFETY: the node is a member.
            unsafe { list.remove(&nodes[removed]) };
            let rest: Vec<u32> = (0..3).filter(|&n| n as usize != removed).collect();
            assert_eq!(drain(&mut list), rest);
        }
    }
}
