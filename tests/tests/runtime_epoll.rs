//! The runtime's suites on the epoll driver.

coframe_tests::runtime_suite!(coframe::DriverKind::Epoll);
