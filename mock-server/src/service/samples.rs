//! Made-up people and groups for directories that a test only wants to be full.

use rand::Rng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Map, json};

use crate::domain::directory_group::GroupAttributes;
use crate::domain::directory_user::{UserAttributes, UserEmail, UserState};

const FIRST_NAMES: [&str; 60] = [
    "Aaliyah", "Adam", "Aiko", "Alba", "Amara", "Amir", "Anouk", "Arjun", "Astrid", "Ayşe", "Bao",
    "Beatriz", "Carlos", "Chiara", "Chidi", "Clara", "Dalia", "Daniel", "Dmitri", "Elif", "Elin",
    "Emeka", "Emma", "Farid", "Femi", "Gabriel", "Grace", "Hana", "Hassan", "Hugo", "Ines", "Ivan",
    "Jack", "Jonas", "Kaito", "Karin", "Kofi", "Lara", "Leila", "Liam", "Lucía", "Mateo", "Mei",
    "Milan", "Nadia", "Noah", "Nora", "Olga", "Oscar", "Priya", "Rafael", "Rosa", "Samir", "Sofia",
    "Tariq", "Tomás", "Uma", "Viktor", "Yara", "Zoë",
];

const LAST_NAMES: [&str; 60] = [
    "Abara", "Almeida", "Andersen", "Aydın", "Bakker", "Banerjee", "Bauer", "Becker", "Bianchi",
    "Brown", "Castro", "Chen", "Costa", "Dahl", "Diallo", "Dubois", "Eriksen", "Fischer", "Fofana",
    "Fontana", "García", "Ghosh", "Haddad", "Hansen", "Hoffmann", "Ibrahim", "Ito", "Jansen",
    "Jensen", "Kamara", "Kaplan", "Keller", "Khan", "Kim", "Kowalski", "Laine", "Larsen", "Le",
    "Lind", "Mansour", "Martin", "Mensah", "Moreau", "Nakamura", "Nguyen", "Novak", "Okafor",
    "Olsen", "Park", "Petrov", "Rossi", "Santos", "Sato", "Schmidt", "Silva", "Singh", "Tanaka",
    "Virtanen", "Walker", "Yilmaz",
];

/// A department, and the job of most people in it.
const DEPARTMENTS: [(&str, &str); 12] = [
    ("Engineering", "Software Engineer"),
    ("Sales", "Account Executive"),
    ("Support", "Support Specialist"),
    ("Marketing", "Content Strategist"),
    ("Finance", "Accountant"),
    ("People", "Recruiter"),
    ("Design", "Product Designer"),
    ("Product", "Product Manager"),
    ("Legal", "Counsel"),
    ("Operations", "Operations Analyst"),
    ("Security", "Security Engineer"),
    ("Research", "Researcher"),
];

/// A number below `bound`, which has to be above zero.
fn below(rng: &mut ChaCha20Rng, bound: usize) -> usize {
    let bound = u64::try_from(bound).unwrap_or(u64::MAX);
    let scaled = (u128::from(rng.next_u64()) * u128::from(bound)) >> 64;
    usize::try_from(scaled).unwrap_or(0)
}

fn one_of<T: Copy>(rng: &mut ChaCha20Rng, all: &[T]) -> T {
    all[below(rng, all.len())]
}

/// What a provider calls somebody or something: a UUID.
pub(super) fn idp_id(rng: &mut ChaCha20Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// Somebody, the one with this number at this domain. Several may share a name; the number keeps their
/// addresses apart.
pub(super) fn user(rng: &mut ChaCha20Rng, number: usize, domain: &str) -> UserAttributes {
    let (first, last) = (one_of(rng, &FIRST_NAMES), one_of(rng, &LAST_NAMES));
    let (department, job) = one_of(rng, &DEPARTMENTS);
    let email = format!("{}.{}.{number}@{domain}", plain(first), plain(last));
    let mut custom_attributes = Map::new();
    custom_attributes.insert("department_name".to_owned(), json!(department));
    custom_attributes.insert("job_title".to_owned(), json!(job));
    UserAttributes {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        name: Some(format!("{first} {last}")),
        emails: vec![UserEmail::work(&email)],
        job_title: Some(job.to_owned()),
        username: Some(email.clone()),
        email: Some(email),
        state: UserState::Active,
        raw_attributes: Map::new(),
        custom_attributes,
        roles: Vec::new(),
    }
}

/// The group with this number: a department, and again with a number when there are no more.
pub(super) fn group(number: usize) -> GroupAttributes {
    let (department, _) = DEPARTMENTS[number % DEPARTMENTS.len()];
    let name = match number / DEPARTMENTS.len() {
        0 => department.to_owned(),
        round => format!("{department} {}", round + 1),
    };
    GroupAttributes {
        name,
        raw_attributes: Map::new(),
    }
}

/// Which of `count` groups somebody is in: one, and every third person in a second one.
pub(super) fn groups(rng: &mut ChaCha20Rng, count: usize) -> Vec<usize> {
    if count == 0 {
        return Vec::new();
    }
    let first = below(rng, count);
    let mut groups = vec![first];
    if count > 1 && below(rng, 3) == 0 {
        groups.push((first + 1 + below(rng, count - 1)) % count);
    }
    groups
}

/// A name as addresses have it.
fn plain(name: &str) -> String {
    let plain = |letter: char| match letter {
        'ş' => 's',
        'ı' | 'í' => 'i',
        'á' => 'a',
        'ë' => 'e',
        letter => letter.to_ascii_lowercase(),
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn names_and_addresses_are_what_they_should_be() {
        for name in FIRST_NAMES.iter().chain(&LAST_NAMES) {
            assert!(
                plain(name).bytes().all(|byte| byte.is_ascii_lowercase()),
                "{name}"
            );
        }
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let user = user(&mut rng, 3, "acme.example");
        let email = user.email.unwrap();
        assert!(email.ends_with(".3@acme.example"), "{email}");
        assert_eq!(idp_id(&mut rng).len(), 36);
        assert_eq!(group(0).name, "Engineering");
        assert_eq!(group(25).name, "Sales 3");
    }

    #[test]
    fn nobody_is_in_a_group_twice() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        assert_eq!(groups(&mut rng, 0), [0; 0]);
        let mut in_two = 0;
        for _ in 0..1_000 {
            assert_eq!(groups(&mut rng, 1), [0]);
            match groups(&mut rng, 2)[..] {
                [one] => assert!(one < 2),
                [one, other] => {
                    assert!(one < 2 && other < 2 && one != other);
                    in_two += 1;
                }
                _ => panic!("one group or two"),
            }
        }
        assert!((250..420).contains(&in_two), "{in_two}");
    }
}
