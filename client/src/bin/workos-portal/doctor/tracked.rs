//! What git tracks, by its index. Git itself is not asked: a repository can have it start any program.

use std::path::{Path, PathBuf};

use super::walk;

/// The longest index that is read, in bytes: about half a million files.
const LONGEST: u64 = 64 * 1024 * 1024;
/// The longest path that git keeps, in bytes.
const LONGEST_PATH: usize = 4096;
/// The lengths of the hashes that repositories have, SHA-1 and SHA-256, in bytes.
const HASHES: [usize; 2] = [20, 32];

/// The paths in a repository that git tracks and that are `wanted`, with `/` whatever the system. Nothing when
/// there is no index that can be read.
pub(super) fn tracked(repository: &Path, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let index = folder(&repository.join(".git")).and_then(|git| {
        let bytes = walk::bytes(&git.join("index"), LONGEST)?;
        (bytes.len() as u64 <= LONGEST).then_some(bytes)
    });
    let Some(index) = index else {
        return Vec::new();
    };
    let mut read = HASHES.iter().map(|hash| paths(&index, *hash, &wanted));
    read.find_map(|paths| paths).unwrap_or_default()
}

/// Where git keeps what it knows: `.git`, or where that file says.
fn folder(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git.to_owned());
    }
    let text = walk::read_text(git, LONGEST_PATH as u64)?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(git.parent()?.join(path))
}

/// The wanted paths in an index whose hashes have so many bytes; `None` when it is no such index to its last
/// byte, or only a part of one.
fn paths(index: &[u8], hash: usize, wanted: &impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let mut rest = index.strip_prefix(b"DIRC")?;
    let version = number(&mut rest)?;
    let count = number(&mut rest)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut found = Vec::new();
    let mut path = Vec::new();
    for _ in 0..count {
        // Times, numbers, mode and size; the hash; the flags.
        let mut head = 40 + hash + 2;
        let flags = rest.get(head - 2..head)?;
        let flags = u16::from_be_bytes([flags[0], flags[1]]);
        if version > 2 && flags & 0x4000 != 0 {
            head += 2;
        }
        let mut tail = rest.get(head..)?;
        // Version 4 keeps the beginning of the path before, but for so many bytes.
        let kept = if version == 4 {
            path.len().checked_sub(offset(&mut tail)?)?
        } else {
            0
        };
        path.truncate(kept);
        let length = tail.iter().take(LONGEST_PATH).position(|byte| *byte == 0)?;
        path.extend_from_slice(&tail[..length]);
        if path.len() > LONGEST_PATH || usize::from(flags & 0xfff) != path.len().min(0xfff) {
            return None;
        }
        if let Ok(path) = str::from_utf8(&path)
            && wanted(path)
        {
            found.push(path.to_owned());
        }
        rest = if version == 4 {
            &tail[length + 1..]
        } else {
            rest.get((head + length + 8) & !7..)?
        };
    }
    // What else git wrote down, up to the hash of it all.
    while rest.len() > hash {
        let name = rest.split_off(..4)?;
        let length = usize::try_from(number(&mut rest)?).ok()?;
        rest = rest.get(length..)?;
        if name == b"link" {
            // The rest of the index is in another file.
            return None;
        }
    }
    (rest.len() == hash).then_some(found)
}

/// The next four bytes as a number.
fn number(rest: &mut &[u8]) -> Option<u32> {
    let bytes = rest.split_off(..4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// The next number of as many bytes as it takes.
fn offset(rest: &mut &[u8]) -> Option<usize> {
    let mut byte = *rest.split_off_first()?;
    let mut number = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = *rest.split_off_first()?;
        number = number.checked_add(1)?.checked_mul(0x80)? + usize::from(byte & 0x7f);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five files, as git 2.47 wrote them down.
    const INDEXES: [(&[u8], usize); 4] = [
        (include_bytes!("indexes/v2"), 20),
        (include_bytes!("indexes/v3"), 20),
        (include_bytes!("indexes/v4"), 20),
        (include_bytes!("indexes/sha256"), 32),
    ];

    fn all(index: &[u8], hash: usize) -> Option<Vec<String>> {
        paths(index, hash, &|_| true)
    }

    #[test]
    fn every_version_is_read() {
        for (index, hash) in INDEXES {
            assert_eq!(
                all(index, hash).unwrap(),
                [
                    ".env",
                    ".env.example",
                    "apps/web/.env",
                    "apps/web/src/a.ts",
                    "src/portal.ts"
                ]
            );
            let wanted = paths(index, hash, &|path| path.ends_with("/.env"));
            assert_eq!(wanted.unwrap(), ["apps/web/.env"]);
            assert_eq!(all(index, 52 - hash), None, "the hashes tell them apart");
        }
    }

    #[test]
    fn a_part_of_the_files_is_none() {
        for (index, hash) in INDEXES {
            for end in 0..index.len() {
                // What follows the files, but for the hash, may be left out.
                let files = all(&index[..end], hash).map(|paths| paths.len());
                assert!(matches!(files, None | Some(5)), "{end}: {files:?}");
            }
            let longer = [index, &[0]].concat();
            assert_eq!(all(&longer, hash), None);
        }
        let (index, hash) = INDEXES[0];
        let at = index.windows(4).position(|part| part == b"TREE").unwrap();
        let mut split = index.to_vec();
        split[at..at + 4].copy_from_slice(b"link");
        assert_eq!(all(&split, hash), None);
    }

    #[test]
    fn any_bytes_are_gone_through() {
        for (index, _) in INDEXES {
            for at in 0..index.len() {
                for byte in [0, 1, 0x7f, 0x80, 0xff] {
                    let mut index = index.to_vec();
                    index[at] = byte;
                    for hash in HASHES {
                        let found = all(&index, hash).unwrap_or_default();
                        assert!(found.len() <= 5);
                    }
                }
            }
        }
        // A number that does not end, and a count that nothing bears out.
        let mut endless = b"DIRC\0\0\0\x04\xff\xff\xff\xff".to_vec();
        endless.extend([0; 62]);
        endless.extend([0xff; 100]);
        assert_eq!(all(&endless, 20), None);
    }
}
