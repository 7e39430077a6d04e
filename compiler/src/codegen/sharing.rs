//! The slot of a callee that keeps the state of its caller, if it turns out to be a coroutine.
//!
//! Its type depends on that: the parameter `Sharing` of the frame. See `frame/sharing.rs` of the runtime.

use proc_macro2::{Ident, Span, TokenStream};

use super::{Names, frame, lints, private, unsafe_token};
use crate::Compilation;
use crate::frame::{Overlay, room_of};
use crate::hir::LocalId;

/// The parameter of the frame that tells who keeps its state.
pub(super) fn parameter() -> Ident {
    Ident::new("Sharing", Span::mixed_site())
}

/// The parameter, as it is declared.
pub(super) fn declared() -> TokenStream {
    let (parameter, private) = (parameter(), private());
    emit!(#parameter: #private::Sharing,)
}

/// The type of the frame's field for the state.
pub(super) fn tag(names: &Names) -> TokenStream {
    let (parameter, state) = (parameter(), &names.state);
    emit!(#parameter::Tag<#state>)
}

/// The frame's field that ties the parameter to the answer.
pub(super) fn field(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let callee = compilation.layout.sharing?.callee;
    let part = room_of(&compilation.layout.root, callee)?;
    let (parameter, private) = (parameter(), private());
    let arguments = Room::new(names, callee, part).arguments_type();
    Some(emit!(sharing: #private::Asked<#parameter, #arguments>,))
}

/// The variable whose type will tell who keeps the state.
pub(super) fn asked(compilation: &Compilation) -> Option<TokenStream> {
    let private = private();
    compilation.layout.sharing.map(|_| emit!(let sharing = #private::PhantomData;))
}

/// The statement that tells who keeps the state, once the machine has told what is awaited. It never
/// runs.
pub(super) fn answered(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let callee = compilation.layout.sharing?.callee;
    let locals = compilation.layout.root.locals();
    let index = locals.iter().position(|local| *local == callee).expect("it has a slot");
    let (index, private, lints) = (syn::Index::from(index), private(), lints::for_machine());
    let slots = frame::slots(compilation, names, &emit!(#private::frame_of(witness)));
    Some(emit! {
        #lints
        if false {
            loop {}
            use #private::{KnownCallee as _, UnknownCallee as _};
            #slots
            #private::answer(sharing, (&#private::Callee::of(slots.#index)).callee());
        }
    })
}

/// The parts that share bytes in a part of the frame: itself, if it is a slot.
pub(super) fn parts_of(part: &Overlay) -> &[Overlay] {
    match part {
        Overlay::OneOf(parts) => parts,
        part => std::slice::from_ref(part),
    }
}

/// The slot of the callee, with the arguments that share its bytes.
pub(super) struct Room<'a> {
    names: &'a Names,
    callee: LocalId,
    /// The union of the arguments, and its type parameters.
    arguments: Option<(Ident, Vec<Ident>)>,
}

impl<'a> Room<'a> {
    /// The room for `callee`, which `part` is.
    pub(super) fn new(names: &'a Names, callee: LocalId, part: &Overlay) -> Self {
        let others = parts_of(part).iter().filter(|part| **part != Overlay::Slot(callee));
        let parameters: Vec<Ident> =
            others.flat_map(|part| frame::parameters(part, names)).collect();
        let arguments = (!parameters.is_empty()).then(|| (names.arguments(), parameters));
        Room { names, callee, arguments }
    }

    /// The parameters of what the runtime has for rooms: who keeps the state, the callee, the arguments,
    /// and the states.
    fn parameters(&self) -> TokenStream {
        let (callee, state) = (self.names.parameter(self.callee), &self.names.state);
        let arguments = self.arguments_type();
        emit!(#callee, #arguments, #state)
    }

    fn arguments_type(&self) -> TokenStream {
        match &self.arguments {
            Some((union, parameters)) => emit!(#union<#(#parameters),*>),
            None => emit!(()),
        }
    }

    /// The type of the field.
    pub(super) fn ty(&self) -> TokenStream {
        let (parameter, parameters) = (parameter(), self.parameters());
        emit!(#parameter::Room<#parameters>)
    }

    /// The address of the callee, in a room that `room` points to.
    pub(super) fn callee_place(&self) -> TokenStream {
        let (private, parameter, parameters) = (private(), parameter(), self.parameters());
        emit!(#private::callee_in::<#parameter, #parameters>(room))
    }

    /// The address of the arguments, if there are any.
    pub(super) fn arguments_place(&self) -> Option<TokenStream> {
        let (private, parameter, parameters) = (private(), parameter(), self.parameters());
        self.arguments.as_ref()?;
        Some(emit!(#private::arguments_in::<#parameter, #parameters>(room)))
    }

    /// The union of the arguments.
    pub(super) fn union(&self, fields: &TokenStream) -> Option<TokenStream> {
        let (union, parameters) = self.arguments.as_ref()?;
        let lints = lints::for_items();
        Some(emit! {
            #lints
            union #union<#(#parameters),*> { #fields }
        })
    }

    /// The functions that tell and keep the state of a frame.
    pub(super) fn functions(&self, waiting: &Ident) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let (state, field) = (&self.names.state, self.names.field(self.callee));
        let (parameter, parameters) = (parameter(), self.parameters());
        emit! {
            #[inline(always)]
            const #unsafe_token fn state(this: *mut Self) -> #state {
                // SAFETY: `this` points at a frame: the machine and the drop of it pass their own.
                #unsafe_token {
                    #private::state_in::<#parameter, #parameters>(
                        &raw const (*this).state,
                        &raw const (*this).#field,
                        [#state::Start, #state::#waiting],
                    )
                }
            }
            #[inline(always)]
            #unsafe_token fn set_state(this: *mut Self, state: #state) {
                let is_waiting = ::core::matches!(state, #state::#waiting);
                // SAFETY:
                // - `this` points at a frame: the machine and the drop of it pass their own.
                // - the callee is there in the state in which it is awaited, and in no other:
                //   `CalleeIsState`.
                #unsafe_token {
                    #private::keep_state::<#parameter, #parameters>(
                        &raw mut (*this).state, &raw mut (*this).#field, state, is_waiting,
                    );
                }
            }
        }
    }
}
