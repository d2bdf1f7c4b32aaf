//! A server with so many organizations, as a child process.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Connection, Crew, Request};
use crate::process::Mock;

/// How many connections ask at the same time.
const CONNECTIONS: usize = 8;
/// How many organizations requests are about. It is the same at every size, or the ratios would tell how many of them the
/// processor has at hand. With `--scattered` it is a thousand where there are as many.
const NOTED: usize = 10;
const SCATTERED: usize = 1_000;
/// Besides those, one organization in so many has a connection and a directory.
const FURNISHED: usize = 10;

/// A server that was filled.
pub(crate) struct Filled {
    pub(crate) size: usize,
    /// Resident memory after filling, in bytes.
    pub(crate) memory: usize,
    /// How long filling took.
    pub(crate) took: Duration,
    /// Some of its organizations, spread over all of them in the order of their making.
    pub(crate) noted: Vec<Noted>,
    mock: Mock,
}

/// An organization that requests are about.
pub(crate) struct Noted {
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) created_at: String,
    pub(crate) directory: String,
}

impl Filled {
    #[expect(clippy::disallowed_methods, reason = "filling takes real time")]
    pub(crate) fn start(size: usize, scattered: bool) -> Result<Self, Failure> {
        let mock = Mock::start(&["--max-events", &u32::MAX.to_string()])?;
        let mut filled = Self {
            size,
            memory: 0,
            took: Duration::ZERO,
            noted: Vec::new(),
            mock,
        };
        let begun = Instant::now();
        let others = filled.fill(if scattered { SCATTERED } else { NOTED })?;
        filled.took = begun.elapsed();
        filled.memory = filled.mock.resident()?;
        filled.furnish(&others)?;
        println!("{size} organizations in {:.1} s", filled.took.as_secs_f64());
        Ok(filled)
    }

    /// Makes its organizations, and returns the ids of some that are not noted.
    fn fill(&mut self, noted: usize) -> Result<Vec<String>, Failure> {
        let step = (self.size / noted).max(1);
        let (noted, others) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        self.crew()?.each(self.size, |connection, number| {
            let answer = connection.ask(&new_organization(number), 201)?;
            if number % step == step / 3 {
                noted.lock().map_err(|_| "poisoned")?.push(Noted {
                    number,
                    id: text(answer, "id")?,
                    created_at: text(answer, "created_at")?,
                    directory: String::new(),
                });
            } else if number % FURNISHED == 0 {
                let id = text(answer, "id")?;
                others.lock().map_err(|_| "poisoned")?.push(id);
            }
            Ok(())
        })?;
        self.noted = noted.into_inner()?;
        self.noted.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(others.into_inner()?)
    }

    /// Gives a connection and a directory to the organizations that are noted, and to others.
    fn furnish(&mut self, others: &[String]) -> Result<(), Failure> {
        let mut crew = self.crew()?;
        crew.each(others.len(), |connection, index| {
            furnish(connection, &others[index]).map(drop)
        })?;
        let directories = Mutex::new(vec![String::new(); self.noted.len()]);
        crew.each(self.noted.len(), |connection, index| {
            let directory = furnish(connection, &self.noted[index].id)?;
            directories.lock().map_err(|_| "poisoned")?[index] = directory;
            Ok(())
        })?;
        for (noted, directory) in self.noted.iter_mut().zip(directories.into_inner()?) {
            noted.directory = directory;
        }
        Ok(())
    }

    /// Connections to ask by.
    pub(crate) fn crew(&self) -> Result<Crew, Failure> {
        self.mock.crew(CONNECTIONS)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.mock.pid()
    }

    /// A different organization for each request.
    pub(crate) fn any(&self, index: usize) -> &Noted {
        // A step that shares no factor with the count visits all of them, and neighbours seldom.
        &self.noted[index * 617 % self.noted.len()]
    }

    /// An organization with at least ten before it in a list, the newest first.
    pub(crate) fn middle(&self, index: usize) -> &Noted {
        match self.noted.as_slice() {
            [.., last] if self.size < 20 => last,
            noted => &noted[1 + index % (noted.len() - 1)],
        }
    }

    /// An organization with at least ten after it in a list, the oldest first.
    pub(crate) fn early(&self, index: usize) -> &Noted {
        match self.noted.as_slice() {
            [first, ..] if self.size < 20 => first,
            noted => &noted[index % (noted.len() - 1)],
        }
    }
}

/// Makes a connection and a directory with two users, and returns the directory's id.
fn furnish(connection: &mut Connection, organization: &str) -> Result<String, Failure> {
    let made = |target: &str, body: Value| Request {
        method: "POST",
        target: target.to_owned(),
        body: Some(body),
    };
    let body = json!({ "organization_id": organization, "connection_type": "OktaSAML" });
    connection.ask(&made("/_mock/connections", body), 201)?;
    let body =
        json!({ "organization_id": organization, "name": "People", "users": 2, "groups": 1 });
    text(
        connection.ask(&made("/_mock/directories", body), 201)?,
        "id",
    )
}

/// A member of an answer.
fn text(answer: &[u8], member: &str) -> Result<String, Failure> {
    let answer: Value = serde_json::from_slice(answer)?;
    let text = answer[member].as_str().ok_or("a member is not there")?;
    Ok(text.to_owned())
}

const FIRST: [&str; 16] = [
    "Amber", "Bright", "Cedar", "Delta", "Eastern", "Fjord", "Golden", "Harbor", "Iron", "Juniper",
    "Lakeside", "Maple", "Northern", "Orchid", "Pioneer", "River",
];
const SECOND: [&str; 16] = [
    "Analytics",
    "Bakery",
    "Design",
    "Energy",
    "Foods",
    "Garden",
    "Health",
    "Insurance",
    "Labs",
    "Logistics",
    "Media",
    "Networks",
    "Robotics",
    "Software",
    "Travel",
    "Ventures",
];
/// The one organization whose name is like no other.
pub(crate) const RARE: &str = "Quixotic Zymurgy Company";

/// What organization number `number` is called.
pub(crate) fn name(number: usize) -> String {
    if number == 7 {
        return RARE.to_owned();
    }
    let (first, second) = (FIRST[number % 16], SECOND[number / 16 % 16]);
    format!("{first} {second} Company {number:07}")
}

pub(crate) fn domain(number: usize) -> String {
    format!("company-{number}.example")
}

pub(crate) fn external_id(number: usize) -> String {
    format!("customer-{number}")
}

fn new_organization(number: usize) -> Request {
    Request {
        method: "POST",
        target: "/organizations".to_owned(),
        body: Some(json!({
            "name": name(number),
            "external_id": external_id(number),
            "domain_data": [{ "domain": domain(number), "state": "verified" }],
            "metadata": { "plan": "enterprise", "region": "eu-central-1" },
        })),
    }
}
