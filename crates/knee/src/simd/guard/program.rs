//! The machine code of the running test program, as its file holds it.

use std::boxed::Box;
use std::string::{String, ToString};
use std::vec::Vec;

use object::{Object, ObjectSection, ObjectSymbol, SectionKind};

/// The program's code, and where its functions are.
pub(super) struct Program {
    file: Vec<u8>,
    /// Sections of code: the first address, and the place in the file.
    sections: Vec<(u64, core::ops::Range<usize>)>,
    /// Where functions start, in ascending order, with their sizes; 0 where the format has none.
    functions: Vec<(u64, u64)>,
    /// What is added to an address of the file to have it in memory.
    shift: u64,
}

impl Program {
    /// The program that runs.
    pub(super) fn this() -> Result<Self, String> {
        let path = std::env::current_exe().map_err(|error| error.to_string())?;
        let file = std::fs::read(path).map_err(|error| error.to_string())?;
        let object = object::File::parse(&*file).map_err(|error| error.to_string())?;
        let mut sections = Vec::new();
        for section in object
            .sections()
            .filter(|section| section.kind() == SectionKind::Text)
        {
            if let Some((start, size)) = section.file_range() {
                sections.push((section.address(), start as usize..(start + size) as usize));
            }
        }
        let mut functions = Vec::new();
        let mut here = None;
        for symbol in object.symbols().filter(ObjectSymbol::is_definition) {
            if symbol
                .name()
                .is_ok_and(|name| name.contains(stringify!(a_function_to_be_found)))
            {
                here = Some(symbol.address());
            }
            functions.push((symbol.address(), symbol.size()));
        }
        functions.sort_unstable();
        let here = here.ok_or("the program has no symbols")?;
        let shift = (a_function_to_be_found as fn() as usize as u64).wrapping_sub(here);
        drop(object);
        Ok(Self {
            file,
            sections,
            functions,
            shift,
        })
    }

    /// The bytes of the function at an address in memory, and its address in the file.
    pub(super) fn function(&self, at: usize) -> Result<(u64, &[u8]), Box<str>> {
        let start = (at as u64).wrapping_sub(self.shift);
        let unknown = || Box::from("no function of the program starts there");
        let first = self
            .functions
            .partition_point(|&(address, _)| address < start);
        let same = self.functions[first..]
            .iter()
            .take_while(|&&(address, _)| address == start);
        let size = same.map(|&(_, size)| size).max().ok_or_else(unknown)?;
        let next = self
            .functions
            .partition_point(|&(address, _)| address <= start);
        let end = match (size, self.functions.get(next)) {
            (0, Some(&(next, _))) => next,
            (size, _) => start + size,
        };
        for (address, place) in &self.sections {
            if (*address..*address + place.len() as u64).contains(&start) {
                let offset = |to: u64| place.start + (to - address) as usize;
                return Ok((start, &self.file[offset(start)..offset(end).min(place.end)]));
            }
        }
        Err(unknown())
    }
}

/// Tells where the program was loaded.
#[inline(never)]
fn a_function_to_be_found() {
    core::hint::black_box(());
}
