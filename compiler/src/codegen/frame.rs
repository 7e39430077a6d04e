//! The frame struct, its overlays, and what dropping it does.
//!
//! A frame holds references into itself, so it is not `Unpin`: the compiler must not assume that a
//! `&mut` to it, as in its drop, is the only way to its fields.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

use super::{Names, lints, private, sharing, unsafe_token};
use crate::Compilation;
use crate::analysis::Analysis;
use crate::frame::{Overlay, Sharing, room_of};
use crate::hir::LocalId;

/// The declarations, and the expression and paths that go with them.
struct Parts<'a> {
    compilation: &'a Compilation,
    names: &'a Names,
    /// The room of the callee that may keep the state.
    room: Option<&'a Overlay>,
    /// What goes with that room: the function that tells the state, and the one that keeps it.
    sharing: TokenStream,
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
    let mut parts = Parts::new(compilation, names);
    let fields = parts.fields_of_frame(compilation);
    let (items, pointers, sharing) = (&parts.items, parts.pointers(), &parts.sharing);
    let Generics { declared, used } = generics(compilation, names);
    let flags = compilation.layout.flags.iter().map(|local| names.flag(*local));
    let (frame, lints, private) = (&names.frame, lints::for_items(), private());
    let state = match compilation.layout.sharing {
        Some(_) => sharing::tag(names),
        None => names.state.to_token_stream(),
    };
    let answer = sharing::field(compilation, names);
    let drop = drop(compilation, names);
    emit! {
        #items
        #lints
        struct #frame<#declared> {
            state: #state,
            #(#flags: bool,)*
            pinned: #private::PhantomPinned,
            #answer
            #fields
        }
        #lints
        impl<#declared> #frame<#used> {
            #pointers
            #sharing
        }
        #drop
    }
}

/// The generic parameters of the frame.
pub(super) struct Generics {
    /// As they are declared.
    pub(super) declared: TokenStream,
    /// As the frame's type has them.
    pub(super) used: TokenStream,
}

/// The generic parameters of the frame: the types of what is in its slots, and who keeps its state.
pub(super) fn generics(compilation: &Compilation, names: &Names) -> Generics {
    let slots = parameters(&compilation.layout.root, names);
    let locals = compilation.layout.root.locals();
    let bounds = locals.into_iter().map(|local| bound(compilation, local));
    let (declared, used) = match compilation.layout.sharing {
        Some(_) => (Some(sharing::declared()), Some(sharing::parameter())),
        None => (None, None),
    };
    let used = used.map(|used| emit!(#used,));
    Generics { declared: emit!(#(#slots #bounds,)* #declared), used: emit!(#(#slots,)* #used) }
}

/// What the type parameter for the slot of a local is declared with.
pub(super) fn bound(compilation: &Compilation, local: LocalId) -> Option<TokenStream> {
    let private = private();
    has_elements(compilation, local).then(|| emit!(: #private::Divided))
}

/// Whether a local holds arrays whose elements are taken.
pub(super) fn has_elements(compilation: &Compilation, local: LocalId) -> bool {
    !compilation.analysis.elements.of(local).is_empty()
}

/// The type of the value in the slot of a local.
pub(super) fn value_type(compilation: &Compilation, names: &Names, local: LocalId) -> TokenStream {
    let (private, parameter) = (private(), names.parameter(local));
    match has_elements(compilation, local) {
        true => emit!(<#parameter as #private::Divided>::Value),
        false => parameter.into_token_stream(),
    }
}

/// The type parameters for the slots in a part of the frame.
pub(super) fn parameters(part: &Overlay, names: &Names) -> Vec<Ident> {
    part.locals().into_iter().map(|local| names.parameter(local)).collect()
}

impl<'a> Parts<'a> {
    fn new(compilation: &'a Compilation, names: &'a Names) -> Self {
        let root = &compilation.layout.root;
        let sharing = compilation.layout.sharing;
        Parts {
            compilation,
            names,
            room: sharing.and_then(|sharing| room_of(root, sharing.callee)),
            sharing: TokenStream::new(),
            items: TokenStream::new(),
            places: TokenStream::new(),
            pointers: Vec::new(),
            overlays: 0,
            groups: 0,
        }
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
            part if self.room == Some(part) => self.room(part, parent),
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

    /// The field with the callee that may keep the state.
    fn room(&mut self, part: &Overlay, parent: &Ident) -> TokenStream {
        let layout = &self.compilation.layout;
        let Sharing { callee, suspension } = layout.sharing.expect("the part is its room");
        let mut states = layout.states.iter();
        let waiting = states.find(|state| state.suspension == Some(suspension));
        let waiting = &waiting.expect("each suspension has a state").name;
        let room = sharing::Room::new(self.names, callee, part);
        let (field, ty) = (self.names.field(callee), room.ty());
        let (callee_place, place) = (room.callee_place(), super::names::variable("arguments"));
        self.sharing = room.functions(waiting);
        self.places.extend(emit!(let room = &raw mut (*#parent).#field;));
        if let Some(arguments) = room.arguments_place() {
            self.places.extend(emit!(let #place = #arguments;));
        }
        let fields: TokenStream = sharing::parts_of(part)
            .iter()
            .map(|part| match *part {
                Overlay::Slot(local) if local == callee => {
                    self.pointers.push((local, callee_place.clone()));
                    TokenStream::new()
                }
                ref part => self.part(part, &place),
            })
            .collect();
        self.items.extend(room.union(&fields));
        emit!(#field: #ty,)
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
    let analysis = &compilation.analysis;
    let sharing = compilation.layout.sharing;
    let mut initial =
        Initial { names, arguments: &arguments, analysis, sharing, overlays: 0, groups: 0 };
    let fields = match &compilation.layout.root {
        Overlay::All(parts) => parts.iter().map(|part| initial.field(part)).collect(),
        part => initial.field(part),
    };
    let flags = compilation.layout.flags.iter().map(|local| names.flag(*local));
    let (frame, state, private) = (&names.frame, &names.state, private());
    let (start, answer) = match sharing {
        Some(_) => (emit!(#private::tag_of(sharing, #state::Start)), Some(emit!(sharing,))),
        None => (emit!(#state::Start), None),
    };
    emit! {
        #frame {
            state: #start, #(#flags: false,)* pinned: #private::PhantomPinned, #answer #fields
        }
    }
}

/// Walks over the layout in the same order as [`Parts`], so the numbers are the same.
struct Initial<'a> {
    names: &'a Names,
    arguments: &'a [(LocalId, Ident)],
    analysis: &'a Analysis,
    sharing: Option<Sharing>,
    overlays: usize,
    groups: usize,
}

impl Initial<'_> {
    fn field(&mut self, part: &Overlay) -> TokenStream {
        let private = private();
        if let Some(Sharing { callee, .. }) = self.sharing
            && sharing::parts_of(part).contains(&Overlay::Slot(callee))
        {
            return self.room(part, callee);
        }
        match part {
            Overlay::Slot(local) => {
                let field = self.names.field(*local);
                match self.arguments.iter().find(|(id, _)| id == local) {
                    Some((_, argument)) if !self.analysis.is_divided(*local) => {
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

    /// The field with the callee that may keep the state, which holds the arguments that share its bytes.
    fn room(&mut self, part: &Overlay, callee: LocalId) -> TokenStream {
        let (private, field, state) = (private(), self.names.field(callee), &self.names.state);
        let arguments =
            sharing::parts_of(part).iter().filter(|part| **part != Overlay::Slot(callee));
        let arguments = arguments.cloned().collect::<Vec<_>>();
        let arguments = match arguments.is_empty() {
            true => emit!(()),
            false => {
                let name = self.names.arguments();
                let parts: Vec<TokenStream> =
                    arguments.iter().map(|part| self.part(part)).collect();
                let part = &parts[0];
                emit!(#name { #part })
            }
        };
        emit!(#field: #private::room_of::<_, _, _, #state>(sharing, #arguments),)
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
fn drop(compilation: &Compilation, names: &Names) -> TokenStream {
    let Generics { declared, used } = generics(compilation, names);
    let current = super::state::read(compilation, names);
    let (frame, state) = (&names.frame, &names.state);
    let (unsafe_token, private, lints) = (unsafe_token(), private(), lints::for_items());
    let arms = compilation.layout.states.iter().filter_map(|entry| {
        let suspension = &compilation.analysis.suspensions[entry.suspension?];
        let (name, bits) = (&entry.name, super::activation::bits(suspension, names));
        Some(emit!(#state::#name => [#(#bits),*],))
    });
    let arms: Vec<TokenStream> = arms.collect();
    let live = emit! {
        match #current {
            #state::Start => return #private::drop_arguments(frame),
            #state::Returned | #state::Poisoned => return,
            #(#arms)*
        }
    };
    let suspended = match arms.is_empty() {
        true => live,
        false => emit!(#private::drop_suspended(frame, #live);),
    };
    emit! {
        #lints
        impl<#declared> ::core::ops::Drop for #frame<#used> {
            fn drop(&mut self) {
                let frame: *mut Self = self;
                // SAFETY:
                // - the slots that are dropped hold values: `SlotInitByState`.
                // - nobody else uses the frame: `OneResumer`.
                #unsafe_token { #suspended }
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
