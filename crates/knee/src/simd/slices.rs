//! From slices to the loops: pieces that fill no register, and storage that is better written around the caches.

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::Range;

use super::ahead::{ask, behind};
use super::body::{Body, Storage};
use super::level::Level;
use super::port::Port;
use super::set::{Lanes, Set, Task};

/// Elements of the widest register.
pub(super) const WIDEST: usize = 16;

/// Bytes of a result from which on it is written around the caches: it would push everything else out of them, and be read from
/// memory before it is overwritten.
pub(crate) const STREAMED: usize = 8 << 20;

/// Where numbers are read from.
pub struct Input<'a, T> {
    from: *const T,
    length: usize,
    lifetime: PhantomData<&'a [T]>,
}

/// Where results are written to.
pub struct Output<'a, T> {
    to: *mut T,
    length: usize,
    /// Elements that [`Output::append`] has written, from the front.
    written: usize,
    lifetime: PhantomData<&'a mut [T]>,
    /// Read by the same call, so that it is in the caches anyway.
    read: bool,
}

impl<T> Clone for Input<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Input<'_, T> {}

impl<'a, T: Copy> Input<'a, T> {
    pub(crate) fn new(x: &'a [T]) -> Self {
        Self {
            from: x.as_ptr(),
            length: x.len(),
            lifetime: PhantomData,
        }
    }

    /// Elements from a position on, as many as `to` has.
    pub(crate) fn copy_to(&self, start: usize, to: &mut [T]) {
        assert!(start + to.len() <= self.length, "within the slice");
        // SAFETY: the elements are within the slice that this was made of, and `to` is a unique reference of another origin.
        unsafe { core::ptr::copy_nonoverlapping(self.from.add(start), to.as_mut_ptr(), to.len()) }
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The elements `start..start + length`.
    #[inline(always)]
    pub(crate) fn part(&self, start: usize, length: usize) -> Self {
        assert!(
            start <= self.length && length <= self.length - start,
            "within the slice"
        );
        Self {
            from: self.from.wrapping_add(start),
            length,
            lifetime: PhantomData,
        }
    }

    /// One element.
    #[inline(always)]
    pub(crate) fn element(&self, index: usize) -> T {
        assert!(index < self.length, "within the slice");
        // SAFETY: the element is within the slice that this was made of.
        unsafe { self.from.add(index).read() }
    }

    /// Asks memory for what follows the elements, as far behind them as the register with this index.
    #[inline(always)]
    pub(crate) fn ask<L: Port<T>>(&self, index: usize) {
        if L::COUNT > 1 {
            let from = self.from.wrapping_add(index.wrapping_mul(L::COUNT));
            ask(from, behind(self.length * size_of::<T>()));
        }
    }

    /// How many registers the elements fill.
    #[inline(always)]
    pub(crate) fn whole<L: Port<T>>(&self) -> usize {
        self.length / L::COUNT
    }

    /// The elements that fill the register with this index.
    #[inline(always)]
    pub(crate) fn load<L: Port<T>>(&self, index: usize) -> L {
        assert!(index < self.length / L::COUNT, "within the slice");
        // SAFETY: so many elements are within the slice that this was made of. A lane of a level is used only in functions that are
        // compiled for it, which are called where the processor has its instructions.
        unsafe { L::load(self.from.add(index.wrapping_mul(L::COUNT))) }
    }

    /// The elements that fill four registers, from that with this index on.
    #[inline(always)]
    pub(crate) fn load_four<L: Port<T>>(&self, index: usize) -> [L; 4] {
        assert!(
            index.wrapping_add(4) <= self.length / L::COUNT && index < index.wrapping_add(4),
            "within the slice"
        );
        let at = |place: usize| index.wrapping_add(place).wrapping_mul(L::COUNT);
        // SAFETY: so many elements are within the slice that this was made of; the instructions as above.
        unsafe {
            [
                L::load(self.from.add(at(0))),
                L::load(self.from.add(at(1))),
                L::load(self.from.add(at(2))),
                L::load(self.from.add(at(3))),
            ]
        }
    }

    /// The elements behind the last full register, filled up; `None` if there are none.
    #[inline(always)]
    pub(crate) fn load_rest<L: Port<T>>(&self, filling: T) -> Option<L> {
        let rest = self.length % L::COUNT;
        if rest == 0 {
            return None;
        }
        let mut numbers = [filling; WIDEST];
        self.copy_to(self.length - rest, &mut numbers[..rest]);
        // SAFETY: a register has at most `WIDEST` elements; the instructions as above.
        Some(unsafe { L::load(numbers.as_ptr()) })
    }
}

impl<'a, T: Copy> Output<'a, T> {
    pub(crate) fn new(y: &'a mut [T]) -> Self {
        Self {
            to: y.as_mut_ptr(),
            length: y.len(),
            written: 0,
            lifetime: PhantomData,
            read: false,
        }
    }

    /// Has storage that need not be initialised written by a call of [`apply`], and returns it.
    pub(crate) fn fill(
        y: &mut [MaybeUninit<T>],
        write: impl FnOnce(Output<'_, T>) -> Written,
    ) -> &mut [T] {
        let Written(count) = write(Output {
            to: y.as_mut_ptr().cast(),
            length: y.len(),
            written: 0,
            lifetime: PhantomData,
            read: false,
        });
        assert_eq!(count, y.len(), "every element is written");
        // SAFETY: the storage was handed out once, and so many of its elements have been written, from the front.
        unsafe { y.assume_init_mut() }
    }

    /// An input whose elements are replaced by the results.
    pub(crate) fn in_place(x: &'a mut [T]) -> (Input<'a, T>, Self) {
        let (to, length) = (x.as_mut_ptr(), x.len());
        let input = Input {
            from: to,
            length,
            lifetime: PhantomData,
        };
        let output = Self {
            to,
            length,
            written: 0,
            lifetime: PhantomData,
            read: true,
        };
        (input, output)
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Whether so much is written that it had better go around the caches.
    pub(crate) fn is_large(&self) -> bool {
        !self.read && self.length * size_of::<T>() >= STREAMED
    }

    /// The elements `start..start + length`, to be written by somebody else.
    #[inline(always)]
    pub(crate) fn part(&mut self, start: usize, length: usize) -> Output<'_, T> {
        assert!(
            start <= self.length && length <= self.length - start,
            "within the slice"
        );
        Output {
            to: self.to.wrapping_add(start),
            length,
            written: 0,
            lifetime: PhantomData,
            ..*self
        }
    }

    /// Writes one element.
    #[inline(always)]
    pub(crate) fn put<N: Port<T>>(&mut self, index: usize, number: N) {
        const { assert!(N::COUNT == 1) };
        assert!(index < self.length, "within the slice");
        // SAFETY: the element is within the slice that this was made of, and a single number needs no instructions of a level.
        unsafe {
            number.store(self.to.add(index));
        }
    }

    /// Writes the elements that fill the register with this index.
    #[inline(always)]
    pub(crate) fn store<L: Port<T>>(&mut self, index: usize, lane: L) {
        assert!(index < self.length / L::COUNT, "within the slice");
        // SAFETY: so many elements are within the slice that this was made of; the lane was computed, so the processor has its
        // instructions.
        unsafe {
            lane.store(self.to.add(index.wrapping_mul(L::COUNT)));
        }
    }

    /// Writes the elements behind the last full register.
    #[inline(always)]
    pub(crate) fn store_rest<L: Port<T>>(&mut self, lane: L)
    where
        T: Default,
    {
        let rest = self.length % L::COUNT;
        let mut numbers = [T::default(); WIDEST];
        // SAFETY: a register has at most `WIDEST` elements, and the rest is within the slice that this was made of.
        unsafe {
            lane.store(numbers.as_mut_ptr());
            let to = self.to.add(self.length - rest);
            core::ptr::copy_nonoverlapping(numbers.as_ptr(), to, rest);
        }
    }

    /// Writes all elements around the caches; [`fence`] makes them visible to everybody.
    pub(crate) fn stream(self, level: Level, from: &[T]) {
        assert!(from.len() == self.length, "as many elements");
        let bytes = size_of_val(from);
        level.run(Stream {
            from: from.as_ptr().cast(),
            to: self.to.cast(),
            bytes,
        });
    }

    /// Writes the elements that follow those that have been written.
    pub(crate) fn append(&mut self, from: &[T]) {
        assert!(self.written + from.len() <= self.length, "within the slice");
        // SAFETY: the elements are within the slice that this was made of, which nobody else reads or writes meanwhile.
        unsafe {
            core::ptr::copy_nonoverlapping(from.as_ptr(), self.to.add(self.written), from.len());
        }
        self.written += from.len();
    }

    /// What has been written.
    pub(crate) fn done(self) -> Written {
        Written(self.written)
    }
}

/// How many elements of an output have been written, from the front.
pub struct Written(usize);

/// Evaluates a formula at each position. All lengths are the same.
#[expect(clippy::needless_pass_by_value, reason = "an output is written once")]
pub(crate) fn apply<T: Lanes, const IN: usize, const OUT: usize>(
    body: Body<'_, T, IN, OUT>,
    inputs: [Input<'_, T>; IN],
    outputs: [Output<'_, T>; OUT],
) -> Written {
    let length = outputs[0].length;
    assert!(
        inputs.iter().all(|input| input.length == length)
            && outputs.iter().all(|output| output.length == length),
        "slices of one length"
    );
    let pointers = (
        inputs.map(|input| input.from),
        outputs.each_ref().map(|output| output.to),
    );
    // A power of two; a division would take longer than a function of a few elements.
    let width = body.width;
    let shift = width.trailing_zeros();
    let head = if length * size_of::<T>() >= STREAMED {
        aligned_from(&outputs, width)
    } else {
        None
    };
    let storage = if head.is_some() {
        Storage::Stream
    } else {
        Storage::Plain
    };
    let head = head.unwrap_or(0);
    let count = (length - head) >> shift;
    let tail = head + (count << shift);
    // SAFETY: positions below `length` are within every slice, an output is an input's own slice or nobody else's, and with `head`
    // elements left out the outputs are aligned.
    unsafe {
        piece(body, pointers, 0..head);
        let (inputs, outputs) = (
            pointers.0.map(|from| from.add(head)),
            pointers.1.map(|to| to.add(head)),
        );
        body.call(inputs, outputs, count, storage);
        piece(body, pointers, tail..length);
    }
    if storage == Storage::Stream {
        fence();
    }
    Written(length)
}

/// The first element from which on registers can be written around the caches: where every output is at a multiple of their size.
/// `None` if there is none, or if an output is read as well.
#[cold]
fn aligned_from<T>(outputs: &[Output<'_, T>], width: usize) -> Option<usize> {
    let register = width * size_of::<T>();
    let misaligned = |output: &Output<'_, T>| output.to.addr() % register;
    let first = misaligned(&outputs[0]);
    let alike = |output| misaligned(output) == first;
    let around = outputs.iter().all(|output| !output.read && alike(output));
    (around && first.is_multiple_of(size_of::<T>()))
        .then(|| (register - first) % register / size_of::<T>())
}

/// Evaluates fewer elements than a register has: the same instructions on copies, of which the rest is zero.
///
/// # Safety
/// The elements of the range, fewer than `width`, can be read and written.
unsafe fn piece<T: Lanes, const IN: usize, const OUT: usize>(
    body: Body<'_, T, IN, OUT>,
    (inputs, outputs): ([*const T; IN], [*mut T; OUT]),
    range: Range<usize>,
) {
    let (start, count) = (range.start, range.len());
    if count == 0 {
        return;
    }
    let (mut numbers, mut results) = ([[T::default(); WIDEST]; IN], [[T::default(); WIDEST]; OUT]);
    // SAFETY: the caller's, and `count < width <= WIDEST`.
    unsafe {
        for (numbers, input) in numbers.iter_mut().zip(inputs) {
            core::ptr::copy_nonoverlapping(input.add(start), numbers.as_mut_ptr(), count);
        }
        body.call(
            numbers.each_ref().map(|numbers| numbers.as_ptr()),
            results.each_mut().map(|results| results.as_mut_ptr()),
            1,
            Storage::Plain,
        );
        for (results, output) in results.iter().zip(outputs) {
            core::ptr::copy_nonoverlapping(results.as_ptr(), output.add(start), count);
        }
    }
}

/// Copies bytes around the caches.
struct Stream {
    from: *const u8,
    to: *mut u8,
    bytes: usize,
}

impl Task for Stream {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        if <S::Fast as Port<f32>>::COUNT == 1 {
            // A single number would have to be aligned where it is read.
            // SAFETY: both have so many bytes, of different slices.
            return unsafe { core::ptr::copy_nonoverlapping(self.from, self.to, self.bytes) };
        }
        let register = <S::Fast as Port<f32>>::COUNT * size_of::<f32>();
        let head = (self.to.addr().wrapping_neg() % register).min(self.bytes);
        let count = (self.bytes - head) / register;
        let tail = head + count * register;
        // SAFETY: both have so many bytes, of different slices; the registers are written at multiples of their size, and the
        // processor has the instructions of the set that it runs.
        unsafe {
            core::ptr::copy_nonoverlapping(self.from, self.to, head);
            for index in 0..count {
                let at = head.wrapping_add(index.wrapping_mul(register));
                let lane = <S::Fast as Port<f32>>::load(self.from.add(at).cast());
                Port::<f32>::stream(lane, self.to.add(at).cast());
            }
            let rest = self.bytes - tail;
            core::ptr::copy_nonoverlapping(self.from.add(tail), self.to.add(tail), rest);
        }
    }
}

/// Waits until what was written around the caches can be seen by everybody.
pub(crate) fn fence() {
    // SAFETY: every processor of this kind has it.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::x86_64::_mm_sfence();
    }
}
