//! The runtime's suites on the kqueue driver, where there is one: on FreeBSD and macOS, and on Linux
//! in a build with `--cfg coframe_libkqueue`.
#![cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]

coframe_tests::runtime_suite!(coframe::DriverKind::Kqueue);
