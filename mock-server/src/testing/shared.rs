//! One server for a whole test binary.

use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::runtime;

use crate::{MockServer, StartError};

/// The server that is shared, once it has started.
static SHARED: Mutex<Option<&'static MockServer>> = Mutex::new(None);

impl MockServer {
    /// One server for the whole process, with the default settings on a free port; started by the first call, which waits for
    /// that, and there until the process ends. It has threads of its own, so it outlives the runtime of any test.
    ///
    /// Tests that use it share nothing as long as each has an environment of its own ([`MockServer::environment`]).
    ///
    /// ```
    /// use workos_portal_mock::MockServer;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let env = MockServer::shared()?.environment().create()?;
    /// assert_eq!(env.url(), MockServer::shared()?.url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StartError`] when there is no port or no thread to be had. The next call tries again.
    pub fn shared() -> Result<&'static Self, StartError> {
        // A panic leaves it whole: it is only ever set to a server that runs.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = *shared {
            return Ok(server);
        }
        // A runtime cannot be entered from within another, so this one is started on a thread of its own.
        let starting = thread::Builder::new().name("workos-portal-mock".to_owned());
        let starting = starting.spawn(|| {
            let mut builder = runtime::Builder::new_multi_thread();
            let runtime = builder.enable_all().build().map_err(StartError::Runtime)?;
            let server = runtime.block_on(Self::start())?;
            Ok((runtime, server))
        });
        let started = starting.map_err(StartError::Runtime)?.join();
        let (runtime, server) = match started {
            Ok(started) => started?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        // Its threads go on until the process ends.
        std::mem::forget(runtime);
        let server: &'static Self = Box::leak(Box::new(server));
        *shared = Some(server);
        Ok(server)
    }
}
