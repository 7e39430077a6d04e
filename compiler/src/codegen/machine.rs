//! The machine: a closure that captures nothing that has a size, and resumes a frame.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Type};

use super::assigned::Declaration;
use super::{
    Names, activation, frame, layout, lints, private, private_at, sharing, similar, unsafe_token,
};
use crate::Compilation;
use crate::ast::{Flavor, recursion};
use crate::frame::State;
use crate::hir::{LocalId, LocalKind, bindings, destructure, root_local};
use crate::index::IndexVec;
use crate::mir::{BlockId, Statement, Terminator};

pub(super) fn emit(
    compilation: &Compilation,
    names: &Names,
    assigned: &HashMap<LocalId, Declaration>,
) -> TokenStream {
    let regions = compilation.mir.regions();
    let awaited_ends = ends_of_awaited(compilation);
    let output = compilation.function.output();
    let (parted, within) = (RefCell::default(), RefCell::default());
    let emitted = Cell::new(None);
    let guarded = bound_before_guards(compilation, names);
    Machine {
        compilation,
        names,
        assigned,
        output,
        awaited_ends,
        regions,
        emitted,
        guarded,
        parted,
        within,
    }
    .emit()
}

/// What emitting the machine needs to know.
pub(super) struct Machine<'a> {
    pub(super) compilation: &'a Compilation,
    pub(super) names: &'a Names,
    /// How the variables are declared that are assigned to.
    pub(super) assigned: &'a HashMap<LocalId, Declaration>,
    /// The type of the result.
    output: Type,
    /// For each local that only a suspension gives its value, where the user's expression ends.
    awaited_ends: IndexVec<LocalId, Option<Span>>,
    /// For each block the head it is emitted in.
    regions: IndexVec<BlockId, BlockId>,
    /// The state that is being emitted, if it is not the first.
    emitted: Cell<Option<BlockId>>,
    /// The locals that borrow from a slot before a guard is asked.
    pub(super) guarded: HashSet<LocalId>,
    /// The locals whose type the witness does not tell, and whose parts have been told.
    pub(super) parted: RefCell<HashSet<LocalId>>,
    /// The locals that macros name which are not known.
    pub(super) within: RefCell<BTreeSet<LocalId>>,
}

impl Machine<'_> {
    fn emit(&self) -> TokenStream {
        let (private, lints) = (private(), lints::for_machine());
        let initial = frame::initial(self.compilation, self.names);
        let output = self.type_of(&self.output);
        let (make, types, arguments) = match &self.compilation.function.flavor {
            Flavor::Async => (emit!(async_machine), output, emit!(frame, context, ended)),
            Flavor::ByHand { yields, resumes } => {
                let yields = self.type_of(yields);
                let given = emit!(frame, given: #private::Same<#resumes>);
                (emit!(machine), emit!((#yields, #output)), given)
            }
        };
        let body = self.body();
        let (make, types, capture) = match &self.compilation.function.block {
            None => (make, types, Some(syn::Token![move](Span::mixed_site()))),
            Some(form) => (emit!(block_machine), emit!(outcome), form.source.capture),
        };
        let callees = layout::callees(self.compilation, self.names);
        let enforce = layout::enforce(self.compilation, self.names);
        let own = recursion::find(&self.compilation.function.body).map(|call| {
            let span = Span::mixed_site().located_at(call);
            quote_spanned!(span=> #lints if false { loop {} own.is(&machine); })
        });
        let report = super::report::emit(self.compilation);
        let asked = sharing::asked(self.compilation);
        let answered = sharing::answered(self.compilation, self.names);
        emit! {
            #asked
            #lints
            let machine = #private::#make(
                witness, #types, #initial, #capture |#arguments| { #body }, #callees
            );
            #answered
            #own
            #enforce
            #report
            machine
        }
    }

    /// An argument that tells a type of the signature to the compiler. That type is nowhere an
    /// argument of another type, but for the one that resumes bring, which always is: when it does
    /// not exist, rustc says more about generic arguments.
    fn type_of(&self, ty: &Type) -> TokenStream {
        emit!(|| -> #ty { loop {} })
    }

    /// The body of the machine: steps, until one suspends or ends.
    fn body(&self) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let slots = frame::slots(self.compilation, self.names, &self.frame());
        let step = self.step();
        let current = super::state::read(self.compilation, self.names);
        let outcome = self.compilation.function.block.as_ref().map(|_| {
            emit! {
                let outcome = #private::Outcome::new();
                if false {
                    return #private::task::Poll::Ready(outcome.never());
                }
            }
        });
        let rooms = match self.compilation.layout.activation.is_empty() {
            true => emit!(let rooms = &();),
            false => {
                let rooms = &self.names.rooms;
                emit!(let rooms = #rooms::new(); let rooms = #private::rooms(&rooms);)
            }
        };
        let live = match self.names.words() {
            1 => emit!([#private::Live::new()]),
            words => emit!([const { #private::Live::new() }; #words]),
        };
        let entry = match self.has_loops() {
            true => {
                let entry = &self.names.entry;
                emit!(#entry::Resumed)
            }
            false => emit!(()),
        };
        let (given, run) = match &self.compilation.function.flavor {
            Flavor::Async => (None, emit!(run_future(activation, ended, #entry, #step))),
            Flavor::ByHand { .. } => (
                Some(emit!(let mut given = #private::Option::Some(given);)),
                emit!(run_coroutine(activation, #entry, #step)),
            ),
        };
        emit! {
            // SAFETY:
            // - the pointers are to slots of the frame or to rooms: `FramePinned`.
            // - a slot that is read holds a value, and what is moved or borrowed may be:
            //   `SlotInitByState` and `WitnessChecked`.
            // - nobody else uses the frame: `OneResumer`.
            // - it is in no state that is never written: `Returned` if the body does not return,
            //   `Poisoned` if panics abort.
            // - what is awaited has not ended: `CalleeNotEnded`.
            // - a local whose bit is set holds a value: the machine keeps them equal.
            #unsafe_token {
                let state = #current;
                use #private::{KnownCallee as _, UnknownCallee as _};
                use #private::{NotIntoIterator as _, NotResidual as _, NotTry as _};
                #rooms
                let live = &#live;
                let activation = #private::Activation::new(frame, rooms, live);
                #outcome
                #slots
                #given
                #private::#run
            }
        }
    }

    /// A step: it runs states, until the coroutine suspends or ends or a loop goes on. It is a closure
    /// without a loop around it, so that a mistake in user code is the same to the compiler as in the
    /// witness. It captures the slots as a whole, as what each capture of a part is, is a question to the
    /// compiler.
    fn step(&self) -> TokenStream {
        let (private, state) = (private(), &self.names.state);
        let pointers = self.pointers();
        let assigned = self.assigned(self.compilation.mir.locals.ids());
        let similar = similar::emit(self.compilation);
        let states = self.states();
        let states = match self.compilation.analysis.elements.is_any_taken() {
            true => emit!('body: { #states }),
            false => states,
        };
        let within = self.withins();
        let (kinds, callees) = (self.kinds(), self.callees_of_parts());
        let yields = match self.compilation.function.flavor {
            Flavor::Async => emit!(()),
            Flavor::ByHand { .. } => emit!(_),
        };
        let entry = match self.has_loops() {
            true => self.names.entry.to_token_stream(),
            false => emit!(()),
        };
        let live = match self.names.words() {
            1 => emit!(&live[0]),
            _ => emit!(live),
        };
        emit! {
            |entry: #entry| -> #private::Step<#entry, #state, #yields, _> {
                let (state, frame, rooms, live) = (state, frame, rooms, #live);
                #callees
                #pointers
                #similar
                #assigned
                #within
                #kinds
                #states
            }
        }
    }

    /// A variable for each slot, which points to its value. Its name is the user's, and what is
    /// after the name makes the pattern the macro's: rustc asks for no type to be written there.
    fn pointers(&self) -> TokenStream {
        let layout = &self.compilation.layout;
        let slot = |local: LocalId| self.slot(local);
        let in_frame = frame::declare_slots(self.compilation, |local| Some(slot(local)));
        let in_record = layout.activation.iter().map(|local| {
            let (slot, value) = (self.slot(*local), activation::room(self.names, *local));
            emit!(let #slot @ _ = #value;)
        });
        let kept = layout.root.locals().into_iter().chain(layout.activation.iter().copied());
        let wholes = kept.filter(|local| self.is_parted(*local)).map(|local| self.whole(local));
        emit!(#in_frame #(#in_record)* #(#wholes)*)
    }

    /// The frame. A block that borrows what it captures would borrow what the witness found.
    fn frame(&self) -> TokenStream {
        let private = private();
        match &self.compilation.function.block {
            Some(form) if form.source.capture.is_none() => emit!(frame),
            _ => emit!(#private::of_type(witness, frame)),
        }
    }

    /// The variables that values are assigned to on their way into the slots of these locals, with
    /// their types.
    pub(super) fn assigned(&self, locals: impl Iterator<Item = LocalId>) -> TokenStream {
        let private = private();
        let declare = |local: LocalId| {
            let declaration = self.assigned.get(&local)?;
            let span = self.compilation.mir.locals[local].name.span();
            let (name, pointer) = (self.names.assigned(local, span), self.pointer(local));
            let mutability = declaration.mutability.unwrap_or(syn::Token![mut](span));
            let ty = &declaration.written;
            let ty = ty.as_ref().map(ToTokens::to_token_stream).or(declaration.inferred.clone());
            let ty = ty.map(|ty| emit!(: #ty));
            let value = declaration.literal.as_ref().map(|literal| emit!(= #literal));
            Some(emit! {
                let #mutability #name #ty #value;
                if false {
                    loop {}
                    #private::same(#pointer, &raw const #name);
                }
            })
        };
        locals.filter_map(declare).collect()
    }

    /// The variables for the locals that macros name which are not known.
    fn withins(&self) -> Option<TokenStream> {
        let (private, locals) = (private(), self.within.borrow());
        let declare = locals.iter().map(|local| {
            let (name, pointer) =
                (self.names.within(*local, Span::mixed_site()), self.pointer(*local));
            emit!(let mut #name = #private::Within::new(&resume, #pointer);)
        });
        (!locals.is_empty()).then(|| emit!(let resume = #private::Resume; #(#declare)*))
    }

    /// The code of all states, each behind a block with its label: leaving that block goes there. So
    /// control goes from a state to a later one by a jump, and needs no dispatch.
    ///
    /// ```text
    /// 'Second: {
    ///     'First: {
    ///         match entry { Resumed => {}, First => break 'First }
    ///         match state { Start => { .. }, Second => break 'Second, .. }
    ///     }
    ///     /* the code of `First` */
    /// }
    /// /* the code of `Second` */
    /// ```
    fn states(&self) -> TokenStream {
        let state = &self.names.state;
        let layout = &self.compilation.layout;
        self.emitted.set(None);
        let start = self.start();
        let entry = &self.names.entry;
        let arm = |ty: &Ident, entered: &State| {
            let (name, label) = (&entered.name, label(entered));
            emit!(#ty::#name => break #label,)
        };
        let loops = layout.loops().map(|entered| arm(entry, entered));
        let loops = emit!(match entry { #entry::Resumed => {} #(#loops)* });
        let loops = self.has_loops().then_some(loops);
        let arms = layout.resting().map(|entered| arm(state, entered));
        let ended = self.ended();
        let dispatch = emit! {
            #loops
            match state {
                #state::Start => { #start }
                #(#arms)*
                #ended
            }
        };
        layout.states.iter().fold(dispatch, |before, state| {
            self.emitted.set(Some(state.block));
            let (label, code) = (label(state), self.state(state));
            emit!(#label: { #before } #code)
        })
    }

    /// The arms of the states in which the coroutine has ended.
    fn ended(&self) -> TokenStream {
        let (private, state) = (private(), &self.names.state);
        let body = &self.compilation.mir;
        let ended =
            |is_poisoned: bool| emit!(return #private::Step::Ended { is_poisoned: #is_poisoned });
        let never = emit!(::core::hint::unreachable_unchecked());
        let may_return = body.reachable().into_iter().any(|id| body.blocks[id].may_return());
        let returned = if may_return { ended(false) } else { never.clone() };
        let ended = ended(true);
        emit! {
            #state::Returned => #returned,
            #state::Poisoned if ::core::cfg!(panic = "abort") => #never,
            #state::Poisoned => #ended,
        }
    }

    /// The first state: the arguments are in the frame.
    fn start(&self) -> TokenStream {
        let given = match self.compilation.function.flavor {
            Flavor::Async => None,
            Flavor::ByHand { .. } => Some(emit!(given = ::core::option::Option::None;)),
        };
        let block = self.block(self.compilation.mir.entry(), &Incoming::Arguments);
        emit!(#given #block)
    }

    /// The code of a state.
    fn state(&self, state: &State) -> TokenStream {
        let Some(index) = state.suspension else {
            return self.block(state.block, &Incoming::Nothing);
        };
        let suspension = &self.compilation.analysis.suspensions[index];
        let restore = activation::restore(suspension, self.names);
        let terminator = &self.compilation.mir.blocks[suspension.block].terminator;
        let wait = self.wait(terminator, state);
        let incoming = match terminator {
            Terminator::Await { source, .. } | Terminator::Suspend { source, .. } => {
                Incoming::Value { first: source.operand, last: source.span }
            }
            _ => Incoming::Nothing,
        };
        let block = self.block(state.block, &incoming);
        emit!(#restore #wait #block)
    }

    /// What happens first when the coroutine is resumed in a state.
    fn wait(&self, terminator: &Terminator, state: &State) -> TokenStream {
        let private = private();
        match terminator {
            Terminator::Await { future, source, .. } => {
                let (future, suspend) = (self.pointer(*future), self.suspend(state, &emit!(())));
                let span = source.operand;
                let (poll, value) = (private_at(span), ready_value(span));
                let slot = future.clone();
                let future = quote_spanned!(span=> #poll::Ready(#future));
                let future = super::code::unwrapped(&future, source.operand_end);
                let context = emit!(context);
                let callee = emit!((&#private::Callee::of(#slot)).callee());
                let poll = quote_spanned!(span=> #poll::poll(#future, #context, #callee));
                emit! {
                    let #value = #private::Ready(match #poll {
                        #private::task::Poll::Ready(value) => value,
                        #private::task::Poll::Pending => { #suspend }
                    });
                }
            }
            Terminator::Suspend { source, .. } => {
                let value = ready_value(source.operand);
                match self.compilation.function.is_async() {
                    true => emit!(let #value = #private::Ready(());),
                    false => emit!(let #value = #private::Ready(#private::given(&mut given));),
                }
            }
            _ => TokenStream::new(),
        }
    }

    /// Gives a value to whoever resumed, and the state to go on in: the frame keeps what it holds.
    pub(super) fn suspend(&self, state: &State, value: &TokenStream) -> TokenStream {
        let (states, name, private) = (&self.names.state, &state.name, private());
        emit! {
            return #private::Step::Suspended(#states::#name, #value);
        }
    }

    /// The tokens that end the coroutine with the value of the body, in the block `id`. rustc distinguishes it
    /// from a `return`: it makes the drops of arrays that may have lost elements once for each.
    pub(super) fn complete_body(&self, id: BlockId, value: &TokenStream) -> TokenStream {
        let is_return = self.compilation.mir.left.contains(&id);
        match is_return || !self.compilation.analysis.elements.is_any_taken() {
            true => self.complete(value),
            false => self.complete_by(value, &emit!(break 'body)),
        }
    }

    /// The tokens that end the coroutine with a value.
    pub(super) fn complete(&self, value: &TokenStream) -> TokenStream {
        self.complete_by(value, &emit!(return))
    }

    fn complete_by(&self, value: &TokenStream, leave: &TokenStream) -> TokenStream {
        let (private, output) = (private(), &self.output);
        let span = Span::mixed_site();
        let value = match self.compilation.function.block {
            Some(_) => emit!(outcome.is(#value)),
            None => value.clone(),
        };
        quote_spanned! {span=> {
            let value: #output = #value;
            #leave #private::Step::Done(value);
        }}
    }

    /// `value?`: the end of the coroutine if the value is an error.
    pub(super) fn question(&self, value: &syn::Expr) -> TokenStream {
        let (private, output) = (private(), &self.output);
        let returned = match self.compilation.function.block {
            Some(_) => emit!(outcome.residual(residual)),
            None => emit!(#private::Residual::<_, #output>::new(residual)),
        };
        let complete = self.complete(&emit!(#returned.returned()));
        emit! {
            match #private::Split(#value).split() {
                ::core::ops::ControlFlow::Continue(value) => value,
                ::core::ops::ControlFlow::Break(residual) => #complete
            }
        }
    }

    /// The tokens that go on in another block, in whose tail they stand.
    pub(super) fn jump(&self, target: BlockId) -> TokenStream {
        match self.compilation.layout.state_of(target) {
            Some(state) if self.is_behind(state) => {
                let label = label(state);
                emit!(break #label;)
            }
            Some(state) => {
                let (entry, name, private) = (&self.names.entry, &state.name, private());
                emit!(return #private::Step::Goto(#entry::#name);)
            }
            None => self.block(target, &Incoming::Pattern),
        }
    }

    fn has_loops(&self) -> bool {
        self.compilation.layout.loops().next().is_some()
    }

    /// Whether the code of a state is behind that which is being emitted.
    fn is_behind(&self, state: &State) -> bool {
        let states = self.compilation.layout.states.iter();
        let from_here = states.skip_while(|other| self.emitted.get() != Some(other.block));
        match self.emitted.get() {
            None => true,
            Some(_) => from_here.skip(1).any(|other| other.block == state.block),
        }
    }

    /// Where the user's expression ends whose value a local holds as a `Ready`.
    pub(super) fn ready_end(&self, local: LocalId) -> Option<Span> {
        self.awaited_end(local).filter(|_| self.names.is_in_block(local))
    }

    /// Where the user's expression ends that was awaited, whose value a local holds.
    pub(super) fn awaited_end(&self, local: LocalId) -> Option<Span> {
        self.awaited_ends[local]
    }

    /// The state in which a block is emitted.
    pub(super) fn region_of(&self, block: BlockId) -> BlockId {
        self.regions[block]
    }

    /// Whether a local has a flag in the activation record.
    pub(super) fn has_flag(&self, local: LocalId) -> bool {
        activation::has_flag(self.compilation, local)
    }
}

/// The locals that patterns bind before guards, in matches of a reference to a slot, or to a part of what is in
/// it: they are references into that, and not to anything that ends with the match.
fn bound_before_guards(compilation: &Compilation, names: &Names) -> HashSet<LocalId> {
    let is_slot = |scrutinee: &Expr| match scrutinee {
        Expr::Reference(reference) => {
            root_local(&reference.expr).is_some_and(|local| !names.is_in_block(local))
        }
        _ => false,
    };
    let arms = compilation.mir.blocks.iter().flat_map(|block| match &block.terminator {
        Terminator::Match { scrutinee, arms, .. } if is_slot(scrutinee) => &arms[..],
        _ => &[],
    });
    let guarded =
        arms.filter(|arm| arm.guard.is_some() && !destructure::binds_by_reference(&arm.pat));
    guarded.flat_map(|arm| bindings(&arm.pat)).collect()
}

/// Where the user's expressions end whose values temporaries hold: what suspensions ended with.
fn ends_of_awaited(compilation: &Compilation) -> IndexVec<LocalId, Option<Span>> {
    let body = &compilation.mir;
    let mut ends = IndexVec::filled(body.locals.len(), None);
    for id in body.reachable() {
        if let Terminator::Await { result, source, .. } | Terminator::Suspend { result, source, .. } =
            &body.blocks[id].terminator
            && body.locals[*result].kind == LocalKind::Temporary
        {
            ends[*result] = Some(source.span);
        }
    }
    for statement in body.blocks.iter().flat_map(|block| &block.statements) {
        if let Statement::Init { local, .. } | Statement::Hold { local, .. } = statement {
            ends[*local] = None;
        }
    }
    ends
}

/// The label of the block that is left to go to a state.
fn label(state: &State) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'{}", state.name), state.name.span())
}

/// The variable for the value that a suspension ended with, where the user awaits it.
pub(super) fn ready_value(span: Span) -> syn::Ident {
    syn::Ident::new("__value", span)
}

/// Where the values come from that are bound at the beginning of a block.
#[derive(Clone, Copy)]
pub(super) enum Incoming {
    /// There are none.
    Nothing,
    /// They are in the frame already.
    Arguments,
    /// The variable `ready_value` holds the one that a suspension ended with; `first` and `last`
    /// are the ends of the user's expression.
    Value { first: Span, last: Span },
    /// The variables of a pattern hold them.
    Pattern,
    /// They are where they are kept already: a holder put them there.
    Kept,
}
