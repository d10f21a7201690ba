//! What the three reports say of a diagnosis, and of any diagnosis.

mod fixture;
mod html;
mod json;
mod page;
mod text;
