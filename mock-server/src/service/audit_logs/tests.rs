//! Audit logs on an environment with a still clock.
