//! A tree of files: taken in, and resolved.

use crate::answer::{answer, in_background, wire_failure};
use crate::options::{WireCache, from_wire, settings, text_options};
use crate::resolved::ResolvedFiles;
use napi_derive::napi;
use rowmill_core::{Code, Error, Result, guarded};
use rowmill_lineage::Dialect;
use rowmill_lineage_tree::{CacheSettings, FileRead, Tree};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A tree of files.
#[napi]
pub struct LineageTree {
    tree: Arc<Mutex<Tree>>,
}

/// Either a tree or a failure.
#[napi(object, object_from_js = false)]
pub struct TreeAnswer {
    /// The tree.
    pub ok: Option<LineageTree>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Either files or a failure.
#[napi(object, object_from_js = false)]
pub struct ResolvedAnswer {
    /// The files.
    pub ok: Option<ResolvedFiles>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Opens an empty tree.
#[napi(ts_args_type = "options: TreeOptions", ts_return_type = "Promise<Answer<LineageTree>>")]
pub async fn open_tree(options: Value) -> TreeAnswer {
    let open = move || Tree::new(settings(options)?).map_err(unusable);
    match in_background(move || guarded(open)).await {
        Ok(tree) => TreeAnswer { ok: Some(LineageTree { tree: Arc::new(Mutex::new(tree)) }), failure: None },
        Err(error) => TreeAnswer { ok: None, failure: Some(wire_failure(&error)) },
    }
}

fn unusable(reason: String) -> Error {
    Error::new(Code::PlanInvalid, reason).help("Name another file, or none.")
}

/// The dialects that are known.
#[napi(ts_return_type = "Answer<DialectDescription[]>")]
pub fn dialects() -> Value {
    let row = |dialect: &Dialect| {
        json!({
            "id": dialect.id(),
            "name": dialect.display_name(),
            "description": dialect.description(),
            "isDefault": *dialect == rowmill_lineage::DEFAULT,
        })
    };
    answer(|| Ok(Dialect::ALL.iter().map(row).collect::<Vec<_>>()))
}

fn lock(tree: &Mutex<Tree>) -> MutexGuard<'_, Tree> {
    tree.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).map(char::from).collect()
}

fn wire_read(read: &FileRead) -> Value {
    json!({
        "name": read.name,
        "sha256": read.content.map(|(sha256, _)| hex(&sha256)),
        "bytes": read.content.map(|(_, bytes)| bytes),
        "isCached": read.is_cached,
        "failure": read.failure,
    })
}

impl LineageTree {
    async fn work(&self, work: impl FnOnce(&mut Tree) -> Result<Value> + Send + 'static) -> Value {
        let tree = self.tree.clone();
        in_background(move || answer(|| work(&mut lock(&tree)))).await
    }
}

#[napi]
impl LineageTree {
    /// Takes in files. A name that was taken in before is replaced; one that cannot be read is forgotten.
    #[napi(ts_args_type = "files: { path: string; name: string }[]", ts_return_type = "Promise<Answer<FileRead[]>>")]
    pub async fn read(&self, files: Value) -> Value {
        #[derive(serde::Deserialize)]
        struct Wire {
            path: PathBuf,
            name: String,
        }
        self.work(move |tree| {
            let files: Vec<Wire> = from_wire(files, "files of a tree")?;
            let files: Vec<_> = files.into_iter().map(|file| (file.path, file.name)).collect();
            Ok(Value::Array(tree.read(&files).iter().map(wire_read).collect()))
        })
        .await
    }

    /// Takes in a text under a name, to be read in its own way.
    #[napi(ts_args_type = "name: string, text: string, own: TextOptions", ts_return_type = "Promise<Answer<FileRead>>")]
    pub async fn read_text(&self, name: String, text: String, own: Value) -> Value {
        self.work(move |tree| Ok(wire_read(&tree.read_text(&name, &text, text_options(own)?)))).await
    }

    /// Forgets files.
    #[napi(ts_return_type = "Promise<Answer<null>>")]
    pub async fn forget(&self, names: Vec<String>) -> Value {
        self.work(move |tree| {
            tree.forget(&names);
            Ok(Value::Null)
        })
        .await
    }

    /// The files whose graphs are not those that were handed out last, at most so many; none when there are no more.
    #[napi(ts_return_type = "Promise<Answer<ResolvedFiles>>")]
    pub async fn resolve(&self, most: u32) -> ResolvedAnswer {
        let tree = self.tree.clone();
        match in_background(move || guarded(|| Ok(lock(&tree).resolve(most as usize)))).await {
            Ok(resolved) => ResolvedAnswer { ok: Some(ResolvedFiles::new(resolved)), failure: None },
            Err(error) => ResolvedAnswer { ok: None, failure: Some(wire_failure(&error)) },
        }
    }

    /// Reads with so many threads from now on, and keeps results in another cache, or in none; what was taken in stays.
    #[napi(ts_args_type = "threads: number, cache: CacheOptions | null", ts_return_type = "Promise<Answer<null>>")]
    pub async fn configure(&self, threads: u32, cache: Value) -> Value {
        self.work(move |tree| {
            let cache: Option<WireCache> = from_wire(cache, "where the cache is")?;
            tree.configure((threads as usize).max(1), cache.map(CacheSettings::from)).map_err(unusable)?;
            Ok(Value::Null)
        })
        .await
    }

    /// Notes in the cache what was looked at, and how often it helped.
    #[napi(ts_return_type = "Promise<Answer<null>>")]
    pub async fn flush(&self) -> Value {
        self.work(|tree| {
            tree.flush();
            Ok(Value::Null)
        })
        .await
    }
}
