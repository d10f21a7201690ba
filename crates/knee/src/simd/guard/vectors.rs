//! What a kernel's loop must be made of, and what it costs.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::format;
use std::string::String;
use std::vec::Vec;

use iced_x86::{FlowControl, Instruction, InstructionInfoFactory, OpAccess, Register};

use super::flow::{Flow, Loop};

/// The registers of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Ymm,
    Zmm,
}

impl Width {
    fn bytes(self) -> usize {
        match self {
            Self::Ymm => 32,
            Self::Zmm => 64,
        }
    }
}

/// Instructions on registers of vectors for one turn of a loop, and elements that come out of it.
///
/// The loop's counter is not in it: the tests are compiled with overflow checks, which users do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    /// Along the way through the loop that has the fewest instructions of all kinds.
    pub(super) least: usize,
    /// Along the way that has the most.
    pub(super) most: usize,
    pub(super) elements: usize,
    /// Loops on the shortest way, such as that over the terms of a long series: their instructions are counted once.
    pub(super) inner: usize,
}

/// What is wrong with a kernel.
#[derive(Debug)]
pub(super) enum Fault {
    /// It does not write registers in a loop.
    NoLoop,
    /// Its loops have instructions that they must not have. What it costs all the same, if it writes registers.
    Instructions(Vec<String>, Option<Cost>),
}

/// Checks all loops of a kernel; the cost of the one that writes, and if there are several of the cheapest. `size` is that of the
/// elements.
///
/// A kernel has several loops where the compiler has taken apart the ways to store.
pub(super) fn check(flow: &Flow, width: Width, size: usize) -> Result<Cost, Fault> {
    let loops = flow.loops();
    let within = |inner: &Loop, outer: &Loop| {
        inner.header != outer.header && outer.body.contains(&inner.header)
    };
    let mut faults = Vec::new();
    let mut best: Option<Cost> = None;
    for outer in loops
        .iter()
        .filter(|each| !loops.iter().any(|other| within(each, other)))
    {
        faults.extend(faults_of(flow, outer, width));
        let Some((bytes, way)) = turn(flow, outer) else {
            continue;
        };
        let cost = Cost {
            least: way.least,
            most: way.most,
            elements: bytes / size,
            inner: loops
                .iter()
                .filter(|inner| within(inner, outer) && way.blocks.contains(&inner.header))
                .count(),
        };
        let dearer = |than: &Cost| cost.least * than.elements >= than.least * cost.elements;
        if !best.as_ref().is_some_and(dearer) {
            best = Some(cost);
        }
    }
    if faults.is_empty() {
        best.ok_or(Fault::NoLoop)
    } else {
        Err(Fault::Instructions(faults, best))
    }
}

/// Instructions that a loop must not have.
fn faults_of(flow: &Flow, each: &Loop, width: Width) -> Vec<String> {
    let mut faults = Vec::new();
    let mut factory = InstructionInfoFactory::new();
    for instruction in each
        .body
        .iter()
        .flat_map(|&block| &flow.blocks[block].instructions)
    {
        let part = (1..width.bytes() / 2).contains(&written(instruction, &mut factory));
        let fault = match (instruction.flow_control(), arithmetic(instruction)) {
            (FlowControl::Call | FlowControl::IndirectCall, _) => "a call",
            (FlowControl::IndirectBranch, _) => "a jump to a computed place",
            (_, Arithmetic::Scalar) => "arithmetic on single numbers",
            (_, Arithmetic::Packed) if !is_full(instruction, width) => {
                "arithmetic on a part of a register"
            }
            _ if part => "less than half a register written",
            _ => continue,
        };
        faults.push(format!("{fault}: {instruction}"));
    }
    faults
}

/// What the innermost loops of work on rows must not have: a call, or fused arithmetic on anything but whole registers. One of them
/// at least has such arithmetic.
pub(super) fn faults_of_rows(flow: &Flow, width: Width) -> Vec<String> {
    let loops = flow.loops();
    let innermost = loops.iter().filter(|outer| {
        let inside =
            |inner: &&Loop| inner.header != outer.header && outer.body.contains(&inner.header);
        !loops.iter().any(|inner| inside(&inner))
    });
    let (mut faults, mut found) = (Vec::new(), false);
    for each in innermost {
        let blocks = each.body.iter().map(|&block| &flow.blocks[block]);
        let instructions: Vec<_> = blocks.flat_map(|block| &block.instructions).collect();
        let fused = |instruction: &&&Instruction| {
            let name = format!("{:?}", instruction.mnemonic()).to_lowercase();
            name.contains("fmadd") || name.contains("fmsub") || name.contains("fnmadd")
        };
        if instructions.iter().any(|each| fused(&each)) {
            found = true;
            faults.extend(faults_of(flow, each, width));
        }
    }
    if !found {
        faults.push("no loop with arithmetic on registers".into());
    }
    faults
}

enum Arithmetic {
    None,
    Packed,
    Scalar,
}

/// Floating-point operations whose operands are as wide as the registers of the level; a conversion has two widths.
const OPERATIONS: [&str; 19] = [
    "add", "sub", "mul", "div", "sqrt", "fmadd", "fmsub", "fnmadd", "fnmsub", "max", "min",
    "round", "rndscale", "scalef", "getexp", "getmant", "cmp", "blend", "fixupimm",
];

/// What kind of floating-point arithmetic an instruction does.
fn arithmetic(instruction: &Instruction) -> Arithmetic {
    let name = format!("{:?}", instruction.mnemonic()).to_lowercase();
    if name.starts_with('f') {
        // The floating-point stack.
        return Arithmetic::Scalar;
    }
    let stem = name.strip_prefix('v').unwrap_or(&name);
    if stem.starts_with('p')
        || stem.starts_with("broadcast")
        || stem.starts_with("insert")
        || stem.starts_with("extract")
    {
        return Arithmetic::None;
    }
    let is_operation = OPERATIONS
        .iter()
        .any(|operation| stem.starts_with(operation));
    if stem.ends_with("comiss") || stem.ends_with("comisd") {
        // A branch on a parameter. A loop over single numbers has other arithmetic too.
        return Arithmetic::None;
    }
    if ["ss", "sd", "2si"].iter().any(|end| stem.ends_with(end)) {
        return Arithmetic::Scalar;
    }
    if is_operation && (stem.ends_with("ps") || stem.ends_with("pd")) {
        return Arithmetic::Packed;
    }
    Arithmetic::None
}

/// Whether its registers of vectors are as wide as the level's.
fn is_full(instruction: &Instruction, width: Width) -> bool {
    let mut registers = (0..instruction.op_count())
        .map(|operand| instruction.op_register(operand))
        .filter(|register| register.is_vector_register());
    registers.all(|register| match width {
        Width::Ymm => register.is_ymm(),
        Width::Zmm => register.is_zmm(),
    })
}

/// The ways from a block to the end of a turn.
#[derive(Clone, Default)]
struct Way {
    /// All instructions of the shortest.
    length: usize,
    /// Those on registers of vectors.
    least: usize,
    /// The most of these on any way.
    most: usize,
    /// The blocks of the shortest, the last first.
    blocks: Vec<usize>,
}

/// Those that write a number of bytes.
type Ways = BTreeMap<usize, Way>;

/// Bytes of registers that one turn writes to memory, and the ways that write as much. Nothing if none writes.
fn turn(flow: &Flow, each: &Loop) -> Option<(usize, Way)> {
    let mut ways = ways(flow, each, each.header, &mut BTreeMap::new());
    ways.pop_last().filter(|&(bytes, _)| bytes > 0)
}

fn ways(flow: &Flow, each: &Loop, block: usize, done: &mut BTreeMap<usize, Ways>) -> Ways {
    if let Some(ways) = done.get(&block) {
        return ways.clone();
    }
    // A block on the way to itself has no way yet: the turn of an inner loop ends here.
    done.insert(block, Ways::new());
    let instructions = &flow.blocks[block].instructions;
    let mut factory = InstructionInfoFactory::new();
    let written = instructions
        .iter()
        .map(|instruction| written(instruction, &mut factory))
        .sum::<usize>();
    let count = instructions
        .iter()
        .filter(|instruction| is_on_vectors(instruction))
        .count();
    let mut found = Ways::new();
    for &next in &flow.blocks[block].next {
        let onward = if next == each.header {
            Ways::from([(0, Way::default())])
        } else if each.body.contains(&next) {
            ways(flow, each, next, done)
        } else {
            continue;
        };
        for (bytes, mut way) in onward {
            way.length += instructions.len();
            way.least += count;
            way.most += count;
            way.blocks.push(block);
            match found.entry(bytes + written) {
                Entry::Vacant(entry) => {
                    entry.insert(way);
                }
                Entry::Occupied(mut entry) => {
                    let most = way.most.max(entry.get().most);
                    if way.length < entry.get().length {
                        entry.insert(way);
                    }
                    entry.get_mut().most = most;
                }
            }
        }
    }
    done.insert(block, found.clone());
    found
}

/// Bytes of vectors that an instruction writes to memory other than the stack.
fn written(instruction: &Instruction, factory: &mut InstructionInfoFactory) -> usize {
    let stack = |register: Register| matches!(register, Register::RSP | Register::RIP);
    let vector = (0..instruction.op_count())
        .any(|operand| instruction.op_register(operand).is_vector_register());
    let uses = factory.info(instruction).used_memory();
    let writes = uses
        .iter()
        .filter(|memory| vector && memory.access() == OpAccess::Write && !stack(memory.base()));
    writes.map(|memory| memory.memory_size().size()).sum()
}

/// Whether a register of vectors or of their masks is an operand.
fn is_on_vectors(instruction: &Instruction) -> bool {
    let mut registers = (0..instruction.op_count()).map(|operand| instruction.op_register(operand));
    registers.any(|register| register.is_vector_register() || register.is_k())
}
