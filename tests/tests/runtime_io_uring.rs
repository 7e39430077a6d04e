//! The runtime's suites on the io_uring driver.

coframe_tests::runtime_suite!(coframe::DriverKind::IoUring);
