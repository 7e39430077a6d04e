//! Text of the desugared body.

use std::fmt::Write;

use quote::ToTokens;

use super::{Arm, Block, Body, Expr, ExprKind, Guard, GuardedArm, Let, LocalKind, Split, Stmt};
use crate::ast::CoroutineFn;
use crate::dump::code;

/// The whole body.
pub(super) fn body(function: &CoroutineFn, body: &Body) -> String {
    let mut text = format!("coroutine {}", function.signature.ident);
    for (id, local) in body.locals.iter_enumerated() {
        let kind = match local.kind {
            LocalKind::Argument => "argument",
            LocalKind::Binding => "binding",
            LocalKind::Temporary => "temporary",
            LocalKind::Awaited => "awaited",
        };
        let plain = if local.is_plain { ", no drop" } else { "" };
        let _ = write!(text, "\n  {id:?} {}: {kind}{plain}", local.name);
    }
    text.push('\n');
    let mut printer = Printer { text, depth: 0 };
    for stmt in body.taken_apart.iter().flatten() {
        printer.stmt(stmt);
        printer.put("\n");
    }
    printer.block(&body.root);
    printer.text.push('\n');
    printer.text
}

struct Printer {
    text: String,
    depth: usize,
}

impl Printer {
    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("    ", self.depth));
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn block(&mut self, block: &Block) {
        self.put("{");
        self.depth += 1;
        for stmt in &block.stmts {
            self.line();
            self.stmt(stmt);
        }
        if let Some(tail) = &block.tail {
            self.line();
            self.expr(tail);
        }
        self.depth -= 1;
        self.line();
        self.put("}");
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(binding) => self.binding(binding),
            Stmt::Expr(expr) => {
                self.expr(expr);
                self.put(";");
            }
            Stmt::End(locals) => self.put(&format!("end {locals:?}")),
            Stmt::RequireEdition2024 => self.put("require edition 2024"),
            Stmt::EndIn2024(locals) => self.put(&format!("end in 2024 {locals:?}")),
            Stmt::Split(split) => self.split(split),
            Stmt::Code(stmt) => self.put(&code(stmt.to_token_stream())),
        }
    }

    fn split(&mut self, split: &Split) {
        let Split { pat, init, place, holder, otherwise } = split;
        if let Some((local, init)) = init {
            self.put(&format!("{local:?} = "));
            self.expr(init);
            self.put("; ");
        }
        let place = code(place.to_token_stream());
        self.put(&format!("let {} = {place}", code(pat.to_token_stream())));
        self.put(&format!(" kept by {holder:?}"));
        if let Some(otherwise) = otherwise {
            self.put(" else ");
            self.block(otherwise);
        }
        self.put(";");
    }

    fn binding(&mut self, binding: &Let) {
        self.put(&format!("let {}", code(binding.pat.to_token_stream())));
        if let Some(ty) = &binding.ty {
            self.put(&format!(": {}", code(ty.to_token_stream())));
        }
        if let Some(init) = &binding.init {
            self.put(" = ");
            self.expr(init);
        }
        if let Some(otherwise) = &binding.otherwise {
            self.put(" else ");
            self.block(otherwise);
        }
        self.put(";");
    }

    fn with(&mut self, keyword: &str, value: Option<&Expr>) {
        self.put(keyword);
        if let Some(value) = value {
            self.put(" ");
            self.expr(value);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Code(expr) => self.put(&code(expr.to_token_stream())),
            ExprKind::Block(label, block) => {
                if let Some(label) = label {
                    self.put(&format!("{label:?}: "));
                }
                self.block(block);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.with("if", Some(condition));
                self.put(" ");
                self.block(then);
                if let Some(otherwise) = otherwise {
                    self.with(" else", Some(otherwise));
                }
            }
            ExprKind::Match { scrutinee, arms } => {
                self.with("match", Some(scrutinee));
                self.arms(arms);
            }
            ExprKind::Split { place, holder, arms } => {
                let place = code(place.to_token_stream());
                self.put(&format!("split {place} kept by {holder:?}"));
                self.arms(arms);
            }
            ExprKind::Guarded { scrutinee, arms } => {
                self.put(&format!("match {} {{", code(scrutinee.to_token_stream())));
                self.depth += 1;
                arms.iter().for_each(|arm| self.guarded(arm));
                self.depth -= 1;
                self.line();
                self.put("}");
            }
            ExprKind::Loop { label, body } => {
                self.put(&format!("{label:?}: loop "));
                self.block(body);
            }
            ExprKind::Break { label, value } => {
                self.with(&format!("break {label:?}"), value.as_deref());
            }
            ExprKind::Continue { label } => self.put(&format!("continue {label:?}")),
            ExprKind::Return { value } => self.with("return", value.as_deref()),
            ExprKind::Await { operand, future } => {
                self.with(&format!("await {future:?} ="), Some(operand));
            }
            ExprKind::Suspend { value } => self.with("suspend", value.as_deref()),
            ExprKind::Lend { from } => self.put(&format!("lend {from:?}")),
            ExprKind::Restore { from, .. } => self.put(&format!("restore {from:?}")),
            ExprKind::Hold { holder, value, .. } => {
                self.put(&format!("hold {holder:?} = {}", code(value.to_token_stream())));
            }
            ExprKind::Operands { temporaries, value } => self.operands(temporaries, value),
        }
    }

    fn arms(&mut self, arms: &[Arm]) {
        self.put(" {");
        self.depth += 1;
        for arm in arms {
            self.line();
            self.put(&code(arm.pat.to_token_stream()));
            if let Some(guard) = &arm.guard {
                self.put(&format!(" if {}", code(guard.to_token_stream())));
            }
            self.put(" => ");
            self.expr(&arm.body);
        }
        self.depth -= 1;
        self.line();
        self.put("}");
    }

    fn guarded(&mut self, arm: &GuardedArm) {
        for (index, case) in arm.cases.iter().enumerate() {
            self.line();
            self.put(if index == 0 { "" } else { "| " });
            self.put(&code(case.taking.to_token_stream()));
            match &case.guard {
                Some(Guard::Code(guard)) => {
                    self.put(&format!(" if {}", code(guard.to_token_stream())));
                }
                Some(Guard::Suspends { condition, .. }) => self.with(" if", Some(condition)),
                None => {}
            }
        }
        self.put(" => ");
        self.expr(&arm.body);
    }

    fn operands(&mut self, temporaries: &[(super::LocalId, Expr)], value: &Expr) {
        self.put("operands {");
        self.depth += 1;
        for (local, operand) in temporaries {
            self.line();
            self.put(&format!("{local:?} = "));
            self.expr(operand);
        }
        self.line();
        self.expr(value);
        self.depth -= 1;
        self.line();
        self.put("}");
    }
}
