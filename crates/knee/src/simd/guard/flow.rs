//! The flow of control of a function: its blocks, and its loops.

use std::collections::{BTreeMap, BTreeSet};
use std::vec;
use std::vec::Vec;

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction};

/// Instructions that run one after the other.
pub(super) struct Block {
    pub(super) instructions: Vec<Instruction>,
    /// The blocks that can follow.
    pub(super) next: Vec<usize>,
}

/// A function, in blocks; it starts with the first.
pub(super) struct Flow {
    pub(super) blocks: Vec<Block>,
}

/// Blocks from which the first of them is reached again.
pub(super) struct Loop {
    pub(super) header: usize,
    pub(super) body: BTreeSet<usize>,
}

impl Flow {
    /// Follows the code of a function that lies at an address.
    pub(super) fn of(address: u64, code: &[u8]) -> Self {
        let end = address + code.len() as u64;
        let inside = |to: u64| (address..end).contains(&to);
        let mut instructions = BTreeMap::new();
        let mut starts = BTreeSet::from([address]);
        let mut open = vec![address];
        while let Some(start) = open.pop() {
            let mut decoder = Decoder::with_ip(
                64,
                &code[(start - address) as usize..],
                start,
                DecoderOptions::NONE,
            );
            while decoder.can_decode() && !instructions.contains_key(&decoder.ip()) {
                let instruction = decoder.decode();
                instructions.insert(instruction.ip(), instruction);
                let (follows, target) = onward(&instruction);
                if let Some(target) = target.filter(|&target| inside(target)) {
                    starts.insert(target);
                    open.push(target);
                }
                if target.is_some() && follows && inside(instruction.next_ip()) {
                    starts.insert(instruction.next_ip());
                }
                if !follows {
                    break;
                }
            }
        }
        let numbers = starts
            .iter()
            .zip(0..)
            .map(|(&start, number)| (start, number))
            .collect::<BTreeMap<_, usize>>();
        let mut blocks = Vec::new();
        for &start in &starts {
            let mut block = Block {
                instructions: Vec::new(),
                next: Vec::new(),
            };
            let mut at = start;
            while let Some(instruction) = instructions.get(&at) {
                block.instructions.push(*instruction);
                let (follows, target) = onward(instruction);
                block
                    .next
                    .extend(target.and_then(|target| numbers.get(&target)));
                at = instruction.next_ip();
                if !follows {
                    break;
                }
                if let Some(&next) = numbers.get(&at) {
                    block.next.push(next);
                    break;
                }
            }
            blocks.push(block);
        }
        Self { blocks }
    }

    /// The natural loops: for a jump back to a block that every way to the jump goes through, all blocks in between.
    pub(super) fn loops(&self) -> Vec<Loop> {
        let dominators = self.dominators();
        let mut before = vec![Vec::new(); self.blocks.len()];
        for (number, block) in self.blocks.iter().enumerate() {
            for &next in &block.next {
                before[next].push(number);
            }
        }
        let mut loops = BTreeMap::<usize, BTreeSet<usize>>::new();
        for (number, block) in self.blocks.iter().enumerate() {
            for &header in block
                .next
                .iter()
                .filter(|header| dominators[number].contains(header))
            {
                let body = loops
                    .entry(header)
                    .or_insert_with(|| BTreeSet::from([header]));
                let mut open = vec![number];
                while let Some(block) = open.pop() {
                    if body.insert(block) {
                        open.extend(&before[block]);
                    }
                }
            }
        }
        loops
            .into_iter()
            .map(|(header, body)| Loop { header, body })
            .collect()
    }

    /// For each block those through which every way to it goes.
    fn dominators(&self) -> Vec<BTreeSet<usize>> {
        let all = (0..self.blocks.len()).collect::<BTreeSet<_>>();
        let mut dominators = vec![all; self.blocks.len()];
        dominators[0] = BTreeSet::from([0]);
        let mut changed = true;
        while changed {
            changed = false;
            for number in 0..self.blocks.len() {
                for &next in &self.blocks[number].next {
                    let mut common = &dominators[next] & &dominators[number];
                    common.insert(next);
                    if common.len() < dominators[next].len() {
                        dominators[next] = common;
                        changed = true;
                    }
                }
            }
        }
        dominators
    }
}

/// Whether the next instruction in memory can follow, and where else the program can go on.
fn onward(instruction: &Instruction) -> (bool, Option<u64>) {
    match instruction.flow_control() {
        FlowControl::UnconditionalBranch => (false, Some(instruction.near_branch_target())),
        FlowControl::ConditionalBranch | FlowControl::XbeginXabortXend => {
            (true, Some(instruction.near_branch_target()))
        }
        FlowControl::Return | FlowControl::IndirectBranch | FlowControl::Exception => (false, None),
        FlowControl::Next
        | FlowControl::Call
        | FlowControl::IndirectCall
        | FlowControl::Interrupt => (true, None),
    }
}
