//! Customer files, CSV and JSON: what one says can be said in the other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use plume_reports::{Customer, Customers};
use std::sync::LazyLock;

#[path = "../../desk/reports/tests/common/mod.rs"]
mod common;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let read = Customers::csv(common::CUSTOMERS.as_bytes()).expect("it is a customer file");
    let list: Vec<&Customer> = read.iter().collect();
    let json = serde_json::to_vec(&list).expect("it is written");
    vec![common::CUSTOMERS.into(), json]
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let read = [Customers::csv(&input.bytes), Customers::json(&input.bytes)];
    assert!(read.iter().any(Result::is_ok) || !input.is_unchanged(&FILES));
    for customers in read.into_iter().flatten() {
        let list: Vec<&Customer> = customers.iter().collect();
        assert_eq!(list.len(), customers.len());
        let json = serde_json::to_vec(&list).expect("it is written");
        assert_eq!(Customers::json(&json).ok().as_ref(), Some(&customers));
        for customer in list {
            assert_eq!(customers.get(&customer.subject), Some(customer));
            let _ = customer.name();
        }
    }
});
