//! The frame struct, its overlays, and what dropping it does.
//!
//! A frame holds references into itself, so it is not `Unpin`: the compiler must not assume that a
//! `&mut` to it, as in its drop, is the only way to its fields.

use proc_macro2::{Ident, TokenStream};

use super::{Names, lints, private, unsafe_token};
use crate::Compilation;
use crate::analysis;
use crate::frame::Overlay;
use crate::hir::LocalId;

/// The declarations, and the expression and paths that go with them.
struct Parts<'a> {
    names: &'a Names,
    /// The unions and structs inside the frame.
    items: TokenStream,
    /// Variables that point to the unions, and to the structs in them.
    places: TokenStream,
    /// For each slot the expression that points to its value.
    pointers: Vec<(LocalId, TokenStream)>,
    overlays: usize,
    groups: usize,
}

pub(super) fn emit(compilation: &Compilation, names: &Names) -> TokenStream {
    let mut parts = Parts::new(names);
    let fields = parts.fields_of_frame(compilation);
    let (items, pointers) = (&parts.items, parts.pointers());
    let parameters = parameters(&compilation.layout.root, names);
    let flags = compilation.layout.flags.iter().map(|local| names.flag(*local));
    let (frame, state, lints) = (&names.frame, &names.state, lints::for_items());
    let private = private();
    let drop = drop(compilation, names, &parameters);
    emit! {
        #items
        #lints
        struct #frame<#(#parameters),*> {
            state: #state,
            #(#flags: bool,)*
            pinned: #private::PhantomPinned,
            #fields
        }
        #lints
        impl<#(#parameters),*> #frame<#(#parameters),*> {
            #pointers
        }
        #drop
    }
}

/// The type parameters for the slots in a part of the frame.
pub(super) fn parameters(part: &Overlay, names: &Names) -> Vec<Ident> {
    part.locals().into_iter().map(|local| names.parameter(local)).collect()
}

impl<'a> Parts<'a> {
    fn new(names: &'a Names) -> Self {
        let (items, places) = (TokenStream::new(), TokenStream::new());
        Parts { names, items, places, pointers: Vec::new(), overlays: 0, groups: 0 }
    }

    /// The fields for the root of the layout.
    fn fields_of_frame(&mut self, compilation: &Compilation) -> TokenStream {
        let frame = super::names::variable("this");
        match &compilation.layout.root {
            Overlay::All(parts) => parts.iter().map(|part| self.field(part, &frame)).collect(),
            part => self.field(part, &frame),
        }
    }

    /// One field of the struct that `parent` points to.
    fn field(&mut self, part: &Overlay, parent: &Ident) -> TokenStream {
        let private = private();
        match part {
            Overlay::Slot(local) => {
                let (field, ty) = (self.names.field(*local), self.names.parameter(*local));
                let pointer = emit!((&raw mut (*#parent).#field) as *mut #ty);
                self.pointers.push((*local, pointer));
                emit!(#field: #private::Slot<#ty>,)
            }
            Overlay::All(parts) => parts.iter().map(|part| self.field(part, parent)).collect(),
            Overlay::OneOf(parts) => self.union(part, parts, parent),
        }
    }

    /// A field that is a union.
    fn union(&mut self, whole: &Overlay, parts: &[Overlay], parent: &Ident) -> TokenStream {
        self.overlays += 1;
        let name = self.names.overlay(self.overlays);
        let field = overlay_field(self.overlays);
        self.places.extend(emit!(let #field = &raw mut (*#parent).#field;));
        let parts: TokenStream = parts.iter().map(|part| self.part(part, &field)).collect();
        let (parameters, lints) = (parameters(whole, self.names), lints::for_items());
        self.items.extend(emit! {
            #lints
            union #name<#(#parameters),*> { #parts }
        });
        emit!(#field: #name<#(#parameters),*>,)
    }

    /// One field of the union that `parent` points to.
    fn part(&mut self, part: &Overlay, parent: &Ident) -> TokenStream {
        let Overlay::All(parts) = part else { return self.field(part, parent) };
        self.groups += 1;
        let name = self.names.group(self.groups);
        let field = group_field(self.groups);
        let private = private();
        let parameters = parameters(part, self.names);
        self.places.extend(emit! {
            let #field = (&raw mut (*#parent).#field) as *mut #name<#(#parameters),*>;
        });
        let fields: TokenStream = parts.iter().map(|part| self.field(part, &field)).collect();
        let lints = lints::for_items();
        self.items.extend(emit! {
            #lints
            struct #name<#(#parameters),*> { #fields }
        });
        emit!(#field: #private::Part<#name<#(#parameters),*>>,)
    }

    /// The function that gives the addresses of the values in all slots.
    ///
    /// It is one, as each call of a function of a type with so many parameters costs the compiler
    /// a question about each of them.
    fn pointers(&self) -> TokenStream {
        let unsafe_token = unsafe_token();
        let types = self.pointers.iter().map(|(local, _)| self.names.parameter(*local));
        let (places, pointers) = (&self.places, self.pointers.iter().map(|(_, pointer)| pointer));
        emit! {
            #[inline(always)]
            const #unsafe_token fn slots(this: *mut Self) -> (#(*mut #types,)*) {
                // SAFETY:
                // - `this` points at a frame: the machine and the drop of it pass their own.
                #unsafe_token { #places (#(#pointers,)*) }
            }
        }
    }
}

/// The pointers to the values in all slots, as `slots`.
pub(super) fn slots(
    compilation: &Compilation,
    names: &Names,
    frame: &TokenStream,
) -> Option<TokenStream> {
    let (ty, unsafe_token) = (&names.frame, unsafe_token());
    (!compilation.layout.root.locals().is_empty()).then(|| {
        emit! {
            // SAFETY: the pointer is to a frame, or this never runs.
            let slots = #unsafe_token { #ty::slots(#frame) };
        }
    })
}

/// Declares a variable for each slot that `slot` names, which points to its value. Each is read out of `slots`: if rustc
/// has reported that the type of a value is not known, it reports no more of it.
pub(super) fn declare_slots(
    compilation: &Compilation,
    slot: impl Fn(LocalId) -> Option<Ident>,
) -> Option<TokenStream> {
    let locals = compilation.layout.root.locals();
    let declare = locals.iter().enumerate().filter_map(|(index, local)| {
        let (slot, index) = (slot(*local)?, syn::Index::from(index));
        Some(emit!(let #slot @ _ = slots.#index;))
    });
    (!locals.is_empty()).then(|| emit!(let slots = slots; #(#declare)*))
}

/// The value of a frame that holds its arguments.
pub(super) fn initial(compilation: &Compilation, names: &Names) -> TokenStream {
    let arguments = super::signature::argument_names(&compilation.function);
    let arguments: Vec<(LocalId, Ident)> =
        compilation.mir.arguments.iter().copied().zip(arguments).collect();
    let parts = &compilation.analysis.parts;
    let mut initial = Initial { names, arguments: &arguments, parts, overlays: 0, groups: 0 };
    let fields = match &compilation.layout.root {
        Overlay::All(parts) => parts.iter().map(|part| initial.field(part)).collect(),
        part => initial.field(part),
    };
    let flags = compilation.layout.flags.iter().map(|local| names.flag(*local));
    let (frame, state, private) = (&names.frame, &names.state, private());
    emit! {
        #frame { state: #state::Start, #(#flags: false,)* pinned: #private::PhantomPinned, #fields }
    }
}

/// Walks over the layout in the same order as [`Parts`], so the numbers are the same.
struct Initial<'a> {
    names: &'a Names,
    arguments: &'a [(LocalId, Ident)],
    parts: &'a analysis::Parts,
    overlays: usize,
    groups: usize,
}

impl Initial<'_> {
    fn field(&mut self, part: &Overlay) -> TokenStream {
        let private = private();
        match part {
            Overlay::Slot(local) => {
                let field = self.names.field(*local);
                match self.arguments.iter().find(|(id, _)| id == local) {
                    Some((_, argument)) if self.parts.of(*local).is_empty() => {
                        emit!(#field: #private::filled(#argument),)
                    }
                    Some((_, argument)) => {
                        emit!(#field: #private::filled(#private::Parted::new(#argument)),)
                    }
                    None => emit!(#field: #private::empty(),),
                }
            }
            Overlay::All(parts) => parts.iter().map(|part| self.field(part)).collect(),
            Overlay::OneOf(parts) => {
                self.overlays += 1;
                let name = self.names.overlay(self.overlays);
                let field = overlay_field(self.overlays);
                let holds_argument = |part: &Overlay| {
                    part.locals().iter().any(|id| self.arguments.iter().any(|(arg, _)| arg == id))
                };
                let chosen = parts.iter().position(holds_argument).unwrap_or(0);
                let parts: Vec<TokenStream> = parts.iter().map(|part| self.part(part)).collect();
                let part = &parts[chosen];
                emit!(#field: #name { #part },)
            }
        }
    }

    fn part(&mut self, part: &Overlay) -> TokenStream {
        let Overlay::All(parts) = part else { return self.field(part) };
        self.groups += 1;
        let name = self.names.group(self.groups);
        let field = group_field(self.groups);
        let fields: TokenStream = parts.iter().map(|part| self.field(part)).collect();
        let private = private();
        emit!(#field: #private::Part::new(#name { #fields }),)
    }
}

/// Dropping a frame drops what it holds in its state.
fn drop(compilation: &Compilation, names: &Names, parameters: &[Ident]) -> TokenStream {
    let (frame, state, activation) = (&names.frame, &names.state, &names.activation);
    let (unsafe_token, private, lints) = (unsafe_token(), private(), lints::for_items());
    let needs_drop = |local: &&LocalId| !compilation.mir.locals[**local].is_plain;
    let mut arguments: Vec<LocalId> =
        compilation.mir.arguments.iter().filter(needs_drop).copied().collect();
    if compilation.function.block.is_some() {
        arguments.reverse(); // what a block captures is dropped in the same order in all states
    }
    let dropped: Vec<Ident> = arguments.iter().map(|id| names.slot(*id)).collect();
    let each =
        declare_slots(compilation, |local| arguments.contains(&local).then(|| names.slot(local)));
    let arguments: Vec<&Ident> = arguments.iter().map(|id| names.field(*id)).collect();
    let all = slots(compilation, names, &emit!(frame));
    let arms = compilation.layout.states.iter().filter_map(|entry| {
        let suspension = &compilation.analysis.suspensions[entry.suspension?];
        let restore = super::activation::restore(suspension, names);
        let name = &entry.name;
        Some(emit!(#state::#name => { #restore }))
    });
    let internal = compilation.layout.states.iter().any(|state| state.suspension.is_none());
    let internal = internal.then(|| emit!(_ => {}));
    emit! {
        #lints
        impl<#(#parameters),*> ::core::ops::Drop for #frame<#(#parameters),*> {
            fn drop(&mut self) {
                let frame: *mut Self = self;
                let record = #activation::new(frame);
                let live = &record.live;
                // SAFETY:
                // - the slots that are dropped hold values: `SlotInitByState`.
                // - nobody else uses the frame: `OneResumer`.
                #unsafe_token {
                    match (*frame).state {
                        #state::Start => {
                            #all
                            #(live.#arguments.set(true);)*
                            #private::drop_each(|| {
                                let live = live;
                                #each
                                #(#private::drop_if(&live.#arguments, #dropped);)*
                            });
                        }
                        #state::Returned | #state::Poisoned => {}
                        #(#arms)*
                        #internal
                    }
                }
                record.infer_nothing_else();
            }
        }
    }
}

/// The field that holds the union with this number.
fn overlay_field(number: usize) -> Ident {
    super::names::variable(&format!("overlay{number}"))
}

/// The field of a union that holds the struct with this number.
fn group_field(number: usize) -> Ident {
    super::names::variable(&format!("group{number}"))
}
