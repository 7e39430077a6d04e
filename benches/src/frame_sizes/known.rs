//! What is known about the functions of the corpus without compiling them.

/// Sizes in bytes, to compare with.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The name of the function.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// The information lower bound: the bytes that survive the worst suspension, and one state.
    pub bound: usize,
    /// Structs nested by hand, with a state in each level and unions where states exclude others.
    pub nested: usize,
    /// `@sizeOf(@Frame(f))` of Zig 0.9.1, `ReleaseFast`.
    pub zig: usize,
}

/// What is known about a function.
pub fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

const fn row(
    name: &'static str,
    meaning: &'static str,
    (bound, nested, zig): (usize, usize, usize),
) -> Known {
    Known { name, meaning, bound, nested, zig }
}

const KNOWN: [Known; 24] = [
    row("a_empty", "one suspension", (1, 1, 24)),
    row("b_u64", "one u64 across a suspension", (16, 16, 32)),
    row("c_siblings", "1 KiB in each of two scopes", (1025, 1025, 2104)),
    row("d_arg_before", "1 KiB argument, dead at the suspension", (1025, 1025, 1056)),
    row("e_arg_across", "1 KiB argument, used after", (1025, 1025, 1056)),
    row("f_nest4", "four levels, a u64 in each", (40, 64, 128)),
    row("g_two_children", "a child of 512 B, then one of 768 B", (769, 770, 832)),
    row("h_borrow_child", "256 B lent to a child", (257, 280, 328)),
    row("h_borrow_local", "256 B and a local `&mut` to them", (257, 272, 304)),
    row("i_loop", "three u64 in a loop", (32, 32, 48)),
    row("j_switch", "four arms of 256 B", (257, 257, 1120)),
    row("k_move", "1 KiB moved to a child", (1025, 1026, 2112)),
    row("k2_move2", "1 KiB moved through two levels", (1025, 1027, 3160)),
    row("l_dead_ref", "1 KiB, borrowed once, then dead", (1, 1, 1064)),
    row("l2_dead_idx", "1 KiB, only indexed, then dead", (1, 1, 1048)),
    row("l3_dead_live", "1 KiB dead, another alive", (1025, 1025, 2104)),
    row("m_shadow", "512 B, shadowed twice", (513, 513, 1608)),
    row("n_try5", "five children, each with `?`", (24, 40, 704)),
    row("o_wrap8", "eight wrappers that only await", (16, 80, 224)),
    row("p_echo", "echo with a buffer of 4 KiB", (4120, 4160, 4760)),
    row("p_read", "its read", (24, 24, 104)),
    row("p_write", "its write", (24, 24, 104)),
    row("p_write_all", "its loop of writes", (32, 56, 336)),
    row("n_c", "the child of n_try5", (24, 24, 72)),
];
