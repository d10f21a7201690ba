//! Room for the registers of a row, of which one pass leaves there what the next one needs.

use alloc::vec::Vec;
use core::mem::MaybeUninit;

/// Registers that need no allocation.
const FEW: usize = 64;

/// Room for as many registers as a row asks for, kept from row to row.
pub(crate) struct Room<L> {
    few: [MaybeUninit<L>; FEW],
    many: Vec<MaybeUninit<L>>,
}

impl<L: Copy> Room<L> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            few: [MaybeUninit::uninit(); FEW],
            many: Vec::new(),
        }
    }

    /// Room for so many registers, empty; with none of them nothing is kept.
    #[inline(always)]
    pub(crate) fn of(&mut self, registers: usize) -> Registers<'_, L> {
        let slots = if registers <= FEW {
            &mut self.few[..registers]
        } else {
            if self.many.len() < registers {
                self.many.resize(registers, MaybeUninit::uninit());
            }
            &mut self.many[..registers]
        };
        Registers { slots, written: 0 }
    }
}

/// Registers that are written one after the other and read afterwards.
pub(crate) struct Registers<'r, L> {
    slots: &'r mut [MaybeUninit<L>],
    written: usize,
}

impl<L: Copy> Registers<'_, L> {
    /// No room: nothing is kept.
    #[inline(always)]
    pub(crate) fn none() -> Self {
        Self {
            slots: &mut [],
            written: 0,
        }
    }

    /// Writes the next one, if there is room.
    #[inline(always)]
    pub(crate) fn keep(&mut self, lane: L) {
        if let Some(slot) = self.slots.get_mut(self.written) {
            slot.write(lane);
            self.written = self.written.wrapping_add(1);
        }
    }

    /// Writes the next four, if there is room.
    #[inline(always)]
    pub(crate) fn keep_four(&mut self, lanes: [L; 4]) {
        let free = self.slots.get_mut(self.written..);
        if let Some([a, b, c, d, ..]) = free {
            let [first, second, third, fourth] = lanes;
            a.write(first);
            b.write(second);
            c.write(third);
            d.write(fourth);
            self.written = self.written.wrapping_add(4);
        }
    }

    /// One that has been written.
    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> L {
        assert!(index < self.written, "written before");
        // SAFETY: `keep` has written the slots below `written`.
        unsafe { self.slots[index].assume_init() }
    }
}
