//! The runtime's suites on the threads driver.

coframe_tests::runtime_suite!(coframe::DriverKind::Threads);
