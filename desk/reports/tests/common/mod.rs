//! A report with everything in it.
#![allow(dead_code, missing_docs)] // each test file uses a part of it

use plume_reports::*;

pub const CUSTOMERS: &str = "\
subject,kind,client_number,first_name,last_name,legal_name,gender,birth_date,nationality,residence,id_number,id_type,\
id_issued,id_expires,id_country,tax_number,street,city,state,postal_code,country,phone,email,occupation,legal_form,\
director_first_name,director_last_name,account_number,account_opened
0x0101010101010101010101010101010101010101010101010101010101010101,person,C-1001,Zoë,Müller-Łęcka,,F,1980-10-25,CH,CH,\
X1234567,PASSP,2020-01-02,2030-01-01,CH,123-45-6789,Seestrasse 7,Zürich,ZH,8002,CH,+41 44 555 01 01,zoe@example.com,\
=Mechanic,,,,CH-0001,2021-05-06
0x0202020202020202020202020202020202020202020202020202020202020202,firm,C-2002,,,\"Волков & Söhne, GmbH\",,2011-03-04,\
DE,DE,HRB 4711,,,,,DE811111111,\"Hafenweg 1, <Tor> \"\"B\"\"\",Hamburg,HH,20457,DE,+49 40 555 02 02,office@example.de,\
Shipping,-,Пётр,Волков,,
";

pub fn subject(byte: u8) -> Hash32 {
    Hash32([byte; 32])
}

fn party(account: &str, subject: Option<Hash32>) -> Party {
    Party {
        account: account.into(),
        subject,
    }
}

pub fn flow(from: Party, to: Party, planck: u128, cents: u64, number: u64) -> Flow {
    Flow {
        from,
        to,
        asset: Asset {
            symbol: "PLUME".into(),
            decimals: 18,
        },
        amount: Units(planck),
        value_cents: Some(cents),
        kind: "transfer".into(),
        time_s: 1_795_500_000 + number * 60,
        block: 4_000 + number,
        extrinsic_index: Some(2),
        extrinsic_hash: Some(Hash32([u8::try_from(number % 200).unwrap_or(0) + 16; 32])),
    }
}

pub fn zoe() -> Party {
    party(
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        Some(subject(1)),
    )
}

pub fn volkov() -> Party {
    party(
        "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        Some(subject(2)),
    )
}

pub fn stranger() -> Party {
    party(
        "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y",
        Some(subject(3)),
    )
}

pub fn nobody() -> Party {
    party("5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy", None)
}

pub fn case(case_id: u64, flows: Vec<Flow>) -> CaseRecord {
    let decision = |step, officer: &str, after_s: u64, evidence| Decision {
        step,
        officer: officer.into(),
        time_s: 1_795_500_000 + after_s,
        block: 4_000 + after_s / 6,
        evidence,
    };
    CaseRecord {
        case_id,
        policy: PolicyRef {
            scope: "PLUME".into(),
            version: 3,
        },
        status: CaseStatus::Reported,
        verdict: Verdict::Hold,
        opened_at_s: 1_795_500_000,
        closed_at_s: Some(1_795_510_000),
        reasons: vec![
            RuleReason {
                code: 60,
                name: "fan-in".into(),
                flow: None,
                verdict: Verdict::Hold,
                detail: "12 senders in 2 days, where 10 are usual".into(),
            },
            RuleReason {
                code: 50,
                name: "sent just under".into(),
                flow: Some(1),
                verdict: Verdict::Alert,
                detail: String::new(),
            },
            RuleReason {
                code: 90,
                name: "travel data missing & <unknown>".into(),
                flow: Some(0),
                verdict: Verdict::Alert,
                detail: "=cmd|' /C calc'!A0".into(),
            },
        ],
        flows,
        decisions: vec![
            decision(
                Step::Investigate,
                "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL",
                600,
                None,
            ),
            decision(
                Step::ProposeReport,
                "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL",
                3_600,
                Some(Hash32([0xEE; 32])),
            ),
            decision(
                Step::Confirm,
                "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY",
                10_000,
                Some(Hash32([0xEF; 32])),
            ),
        ],
    }
}

pub fn report_of(cases: Vec<CaseRecord>) -> Report {
    let institution = Institution {
        name: "Banque de l’Étoile & Cie".into(),
        identifier: "529900T8BM49AURSDO55".into(),
    };
    let period = Period {
        chain: "Plume Local".into(),
        genesis_hash: Hash32([0xAB; 32]),
        from_s: 1_795_478_400,
        to_s: 1_795_564_800,
        cases,
    };
    Report::join(
        institution,
        period,
        &Customers::csv(CUSTOMERS.as_bytes()).expect("the customer file is right"),
    )
}

pub fn report() -> Report {
    report_of(vec![
        case(
            17,
            vec![
                flow(zoe(), volkov(), 12_500_000_000_000_000_000_000, 994_500, 1),
                flow(stranger(), volkov(), 1, 1, 2),
                flow(
                    volkov(),
                    nobody(),
                    9_000_000_000_000_000_000_000,
                    716_000,
                    3,
                ),
            ],
        ),
        case(
            18,
            vec![flow(nobody(), zoe(), 5_000_000_000_000_000_000, 400, 4)],
        ),
    ])
}
