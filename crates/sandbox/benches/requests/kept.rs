//! One instance of the module that `edge/endpoint/examples/kept.rs` becomes, which is asked again and again.

use wasmtime::{Config, Engine, Instance, Memory, Module, Store, TypedFunc, ensure, format_err};

/// The instance with a bundle in it.
pub(crate) struct Kept {
    store: Store<()>,
    memory: Memory,
    n_items: u32,
    reserve: TypedFunc<u32, u32>,
    ask: TypedFunc<(), ()>,
    answer: TypedFunc<u32, u32>,
    answered: TypedFunc<(), u32>,
    recommend: TypedFunc<u32, u32>,
    decode: TypedFunc<u32, u32>,
    n_neighbours: TypedFunc<u32, u32>,
    /// Bytes of the last answer.
    n_answered: usize,
}

impl Kept {
    /// Compiles the module as the sandbox compiles components, so that loops look at the clock's epoch in both.
    pub(crate) fn new(module: &[u8], bundle: &[u8]) -> wasmtime::Result<Kept> {
        let engine = Engine::new(Config::new().epoch_interruption(true))?;
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1);
        let instance = Instance::new(&mut store, &Module::new(&engine, module)?, &[])?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| format_err!("the module exports no memory"))?;
        let open: TypedFunc<(), u32> = instance.get_typed_func(&mut store, "open_bundle")?;
        let mut kept = Kept {
            memory,
            n_items: 0,
            reserve: instance.get_typed_func(&mut store, "reserve")?,
            ask: instance.get_typed_func(&mut store, "ask")?,
            answer: instance.get_typed_func(&mut store, "answer")?,
            answered: instance.get_typed_func(&mut store, "answered")?,
            recommend: instance.get_typed_func(&mut store, "recommend")?,
            decode: instance.get_typed_func(&mut store, "decode")?,
            n_neighbours: instance.get_typed_func(&mut store, "n_neighbours")?,
            n_answered: 0,
            store,
        };
        kept.give(bundle)?;
        kept.n_items = open.call(&mut kept.store, ())?;
        ensure!(kept.n_items > 0, "the module refuses the bundle");
        Ok(kept)
    }

    fn give(&mut self, bytes: &[u8]) -> wasmtime::Result<()> {
        let at = self.reserve.call(&mut self.store, u32::try_from(bytes.len())?)?;
        Ok(self.memory.write(&mut self.store, at as usize, bytes)?)
    }

    /// Number of items of the bundle.
    pub(crate) fn n_items(&self) -> u32 {
        self.n_items
    }

    /// Gives it the next question; the first one has the number 0.
    pub(crate) fn ask(&mut self, question: &[u8]) -> wasmtime::Result<()> {
        self.give(question)?;
        self.ask.call(&mut self.store, ())
    }

    /// Answers a question from text to text, and returns how long the answer is.
    pub(crate) fn answer(&mut self, question: u32) -> wasmtime::Result<u32> {
        let n_bytes = self.answer.call(&mut self.store, question)?;
        self.n_answered = n_bytes as usize;
        Ok(n_bytes)
    }

    /// What [`Kept::answer`] answered last.
    pub(crate) fn answered(&mut self) -> wasmtime::Result<Vec<u8>> {
        let at = self.answered.call(&mut self.store, ())?;
        let mut answer = vec![0; self.n_answered];
        self.memory.read(&self.store, at as usize, &mut answer)?;
        Ok(answer)
    }

    /// Answers a question from rows to rows, and returns the number of results.
    pub(crate) fn recommend(&mut self, question: u32) -> wasmtime::Result<u32> {
        self.recommend.call(&mut self.store, question)
    }

    /// Reads all lists of a relation, and returns the number of neighbours.
    pub(crate) fn decode(&mut self, relation: u32) -> wasmtime::Result<u32> {
        self.decode.call(&mut self.store, relation)
    }

    /// How many neighbours all lists of a relation have.
    pub(crate) fn n_neighbours(&mut self, relation: u32) -> wasmtime::Result<u32> {
        self.n_neighbours.call(&mut self.store, relation)
    }
}
