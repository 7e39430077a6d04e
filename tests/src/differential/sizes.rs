//! The frames that are larger than rustc's.

/// The functions whose frame is larger than rustc's, with the bytes of both on 64-bit targets.
const LARGER: &[(&str, usize, usize)] = &[
    ("a_block_tail", 120, 72),
    ("a_borrowed_receiver_before_a_question_mark", 112, 104),
    ("a_borrowed_receiver_in_a_condition", 72, 64),
    ("a_chain_of_awaits", 240, 64),
    ("a_chain_of_temporaries", 160, 144),
    ("a_closure_that_returns_a_future", 48, 40),
    ("a_future_of_a_closure_that_is_send", 88, 64),
    ("a_future_that_is_sent", 104, 96),
    ("a_guard_in_an_awaited_operand", 120, 96),
    ("a_passing_method", 144, 64),
    ("a_receiver_in_a_closure", 120, 112),
    ("a_receiver_in_a_pattern", 136, 128),
    ("a_receiver_in_let_else", 104, 96),
    ("a_reference_from_into", 88, 80),
    ("a_saved_closure_without_captures", 40, 32),
    ("a_shadowed_variable_lives_on", 120, 112),
    ("a_tail_that_is_consumed", 104, 96),
    ("a_tail_that_is_unwrapped", 104, 96),
    ("a_temporary_beside_a_consumed_receiver", 104, 96),
    ("a_temporary_beside_the_receiver", 80, 72),
    ("a_value_in_each_branch", 112, 104),
    ("arms_that_leave_parts", 248, 208),
    ("assigned_after_a_method_that_consumes", 112, 104),
    ("assignment_drops_the_old_value", 104, 96),
    ("assignment_to_an_element", 88, 80),
    ("awaits_in_awaited_arguments", 88, 80),
    ("borrowed_on_either_path", 112, 104),
    ("both_sides_of_an_operator", 56, 48),
    ("closures_within_a_block", 136, 88),
    ("compound_assignment_to_an_element", 80, 72),
    ("consumed_on_either_path", 112, 104),
    ("consuming_methods_of_std", 176, 168),
    ("dbg_and_println", 120, 72),
    ("enum_variants_in_scope", 40, 32),
    ("expect_that_borrows_mutably", 80, 72),
    ("fields_of_values_before_suspensions", 336, 320),
    ("for_that_leaves_parts", 328, 288),
    ("for_with_a_pattern", 416, 304),
    ("for_without_suspension_inside_one_with", 48, 40),
    ("if_let_else_drops_the_scrutinee_first", 112, 56),
    ("if_let_that_leaves_parts", 320, 232),
    ("in_a_method_receiver", 152, 104),
    ("matches_in_conditions", 128, 120),
    ("moved_in_a_loop_and_filled_again", 80, 72),
    ("nested_parts", 360, 280),
    ("operands_that_are_consumed", 80, 64),
    ("operands_that_are_unwrapped", 112, 96),
    ("others_are_added_place_first", 160, 152),
    ("range_of_awaits", 48, 40),
    ("return_an_await", 120, 72),
    ("scrutinee_borrows_a_temporary", 96, 72),
    ("short_circuit", 80, 64),
    ("slices", 88, 72),
    ("statement_temporaries_beside_a_suspension", 88, 72),
    ("temporaries_of_if_let_live_through_else", 128, 96),
    ("temporary_before_the_suspension", 88, 72),
    ("unary_and_cast", 56, 48),
    ("unwrap_that_borrows", 80, 72),
    ("unwrap_that_borrows_before_later_locals", 136, 128),
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
