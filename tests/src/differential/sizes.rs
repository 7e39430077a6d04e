//! The frames that are larger than rustc's.

/// The functions whose frame is larger than rustc's, with the bytes of both on 64-bit targets.
const LARGER: &[(&str, usize, usize)] = &[
    ("temporaries_of_if_let_live_through_else", 128, 96),
    ("a_block_tail", 120, 72),
    ("a_chain_of_awaits", 240, 64),
    ("a_chain_of_temporaries", 160, 144),
    ("a_closure_that_returns_a_future", 48, 40),
    ("a_consuming_method_before_a_suspension", 120, 64),
    ("a_future_in_a_variable", 160, 152),
    ("a_future_of_a_closure_that_is_send", 88, 64),
    ("a_guard_in_an_awaited_operand", 120, 96),
    ("a_passing_method", 144, 64),
    ("a_saved_closure_without_captures", 40, 32),
    ("a_shadowed_variable_lives_on", 120, 112),
    ("a_value_in_each_branch", 112, 104),
    ("an_argument_that_is_a_closure", 120, 96),
    ("an_iterator_with_a_saved_closure", 104, 88),
    ("arms_that_leave_parts", 248, 208),
    ("assertions_that_fail", 120, 80),
    ("assignment_to_an_element", 88, 80),
    ("both_sides_of_an_operator", 56, 48),
    ("closures_that_shadow", 104, 80),
    ("closures_within_a_block", 136, 88),
    ("compound_assignment_to_an_element", 80, 72),
    ("compound_out_of_bounds", 184, 96),
    ("dbg_and_println", 120, 72),
    ("enum_variants_in_scope", 40, 32),
    ("fields_of_values_before_suspensions", 336, 320),
    ("for_over_a_temporary", 104, 88),
    ("for_over_an_iterator_with_closures", 128, 112),
    ("for_that_leaves_parts", 328, 288),
    ("for_with_a_pattern", 416, 304),
    ("for_without_suspension_inside_one_with", 48, 40),
    ("guards_as_operands", 104, 88),
    ("guards_in_loops", 176, 160),
    ("guards_in_matches", 200, 152),
    ("guards_of_or_patterns", 504, 312),
    ("guards_over_values", 264, 224),
    ("guards_that_suspend", 56, 48),
    ("guards_with_jumps", 168, 120),
    ("guards_with_temporaries", 152, 104),
    ("if_let_else_drops_the_scrutinee_first", 112, 56),
    ("if_let_that_leaves_parts", 320, 232),
    ("in_a_method_receiver", 152, 104),
    ("into_future", 128, 96),
    ("matches_in_conditions", 128, 120),
    ("methods_on_fields", 104, 88),
    ("moved_in_a_loop_and_filled_again", 80, 72),
    ("nested_matches", 104, 96),
    ("nested_parts", 360, 280),
    ("others_are_added_place_first", 160, 152),
    ("parts_of_boxes_and_iterators", 392, 360),
    ("parts_that_are_static", 216, 208),
    ("question_after_an_await", 120, 96),
    ("range_of_awaits", 48, 40),
    ("raw_names", 192, 176),
    ("return_an_await", 120, 72),
    ("scrutinee_borrows_a_temporary", 96, 72),
    ("scrutinee_temporary_lives_on", 80, 64),
    ("shadowing", 192, 176),
    ("short_circuit", 80, 64),
    ("slices", 88, 72),
    ("statement_temporaries_beside_a_suspension", 88, 72),
    ("temporaries_of_an_awaited_operand_live_on", 152, 136),
    ("temporaries_of_lazy_operands", 80, 64),
    ("temporary_before_the_suspension", 88, 72),
    ("types_like_ours", 248, 152),
    ("unary_and_cast", 56, 48),
    ("unreachable_arms", 128, 80),
    ("unsafe_and_const_blocks", 88, 72),
    ("while_let_keeps_its_scrutinee", 80, 64),
    ("while_let_that_leaves_parts", 160, 144),
];

/// Checks that a frame is not larger than rustc's, nor than it is known to be.
pub(super) fn check(name: &str, frame: usize, rustc: usize) {
    if cfg!(not(target_pointer_width = "64")) {
        return;
    }
    match LARGER.iter().find(|larger| larger.0 == name) {
        Some((_, known, _)) => {
            assert!(frame <= *known, "{name}: the frame has grown from {known} to {frame} bytes");
            assert!(frame > rustc, "{name}: the frame is not larger than rustc's any more");
        }
        None => assert!(frame <= rustc, "{name}: the frame has {frame} bytes, rustc's {rustc}"),
    }
}
