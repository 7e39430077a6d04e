//! The frame's size and alignment, taken from the type that a coroutine function returns.

/// A function of some arity, seen through the type it returns.
///
/// Implemented for everything callable with up to twelve arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a coroutine function whose frame can be measured",
    label = "expected the path of a function, with turbofish arguments if it is generic",
    note = "functions of up to twelve arguments can be measured"
)]
pub trait CoroutineFn<Arguments> {
    /// The frame: what the function returns.
    type Frame;
}

macro_rules! impl_coroutine_fn {
    ($($argument:ident)*) => {
        impl<Function, Output, $($argument),*> CoroutineFn<($($argument,)*)> for Function
        where
            Function: Fn($($argument),*) -> Output,
        {
            type Frame = Output;
        }
    };
}

impl_coroutine_fn!();
impl_coroutine_fn!(A);
impl_coroutine_fn!(A B);
impl_coroutine_fn!(A B C);
impl_coroutine_fn!(A B C D);
impl_coroutine_fn!(A B C D E);
impl_coroutine_fn!(A B C D E F);
impl_coroutine_fn!(A B C D E F G);
impl_coroutine_fn!(A B C D E F G H);
impl_coroutine_fn!(A B C D E F G H I);
impl_coroutine_fn!(A B C D E F G H I J);
impl_coroutine_fn!(A B C D E F G H I J K);
impl_coroutine_fn!(A B C D E F G H I J K L);

/// The size in bytes of the frame that `function` returns. See [`frame_size!`](crate::frame_size).
pub const fn frame_size_of<Function, Arguments>(_function: &Function) -> usize
where
    Function: CoroutineFn<Arguments>,
{
    size_of::<Function::Frame>()
}

/// The alignment in bytes of the frame that `function` returns. See
/// [`frame_align!`](crate::frame_align).
pub const fn frame_align_of<Function, Arguments>(_function: &Function) -> usize
where
    Function: CoroutineFn<Arguments>,
{
    align_of::<Function::Frame>()
}
