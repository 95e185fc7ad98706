//! Whatever a document is, it becomes rows or a reason, in bounded time.

use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rowmill_applications::map::{Options, Program, Scratch, SourceId, Status};
use rowmill_applications::model::Contract;

use crate::common::{all_quirks, contract, document, map};

const GOOD: &str = "<loan received='2024-02-01' renewed='y'><terms fee='12.345' months='3' years='1' desk='North'/>
  <person person_id='70' role='MAIN' first_name='Ada' born='1990-05-06'><address kind='CURR' zip='02134' rent='950.5'/></person>
  <items title1='Atlas' worth1='0' notes='&amp;amp;'/><scores first='12' second='none'/></loan>";

fn contracts() -> [Contract; 2] {
    [contract(&[]), contract(&[("/compat", all_quirks())])]
}

/// Bytes that documents are made of, and some that they are not.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![Just(b'<'), Just(b'>'), Just(b'/'), Just(b'\''), Just(b'&'), Just(b';'), Just(b'='), Just(b' '), any::<u8>()]
}

proptest! {
    #[test]
    fn a_damaged_document_becomes_rows_or_a_reason(changes in prop::collection::vec((0_usize..900, byte(), any::<bool>()), 1..4)) {
        for contract in contracts() {
            let program = Program::compile(&contract).expect("compiles");
            let mut bytes = document("Status='OPEN'", GOOD).into_bytes();
            for (at, byte, insert) in &changes {
                let at = at % bytes.len();
                if *insert { bytes.insert(at, *byte) } else { bytes[at] = *byte }
            }
            let mut rows = program.rows();
            let outcome = program.map(&mut Scratch::new(Options::default()), &SourceId::default(), &bytes, &mut rows).expect("no fault of ours");
            prop_assert_eq!(rows.len() as u64, outcome.rows);
            prop_assert_eq!(outcome.status == Status::Failed, outcome.reason.is_some());
            prop_assert!(outcome.status == Status::Mapped || outcome.rows == 0);
        }
    }

    #[test]
    fn a_document_becomes_the_same_rows_whatever_was_mapped_before(order in prop::collection::vec(0_usize..4, 1..8)) {
        let documents = [
            document("Status='OPEN'", GOOD),
            document("", "<loan/>"),
            document("", "<loan fee='x'><terms fee='x'/></loan>"),
            document("", "<loan><person person_id='1' role='GUEST' born='1990-01-01'/></loan><loan><items title2='b'/></loan>"),
        ];
        for contract in contracts() {
            let program = Program::compile(&contract).expect("compiles");
            let mut scratch = Scratch::new(Options::default());
            for which in &order {
                let (mut again, mut alone) = (program.rows(), program.rows());
                let bytes = documents[*which].as_bytes();
                let one = program.map(&mut scratch, &SourceId::default(), bytes, &mut again).expect("mapped");
                let other = program.map(&mut Scratch::new(Options::default()), &SourceId::default(), bytes, &mut alone).expect("mapped");
                prop_assert_eq!(one, other);
                prop_assert_eq!(again.finish().expect("batches"), alone.finish().expect("batches"));
            }
        }
    }
}

#[test]
fn twenty_thousand_members_take_no_longer_than_their_number() {
    let mut people = String::from("<loan>");
    for id in 0..20_000 {
        let _ = write!(people, "<person person_id='{}' role='MAIN' first_name='A'><address kind='CURR' city='x' phone='1'/></person>", id + 1);
    }
    people.push_str("</loan>");
    for contract in contracts() {
        let start = Instant::now();
        let mapped = map(&contract, &document("", &people));
        assert_eq!((mapped.rows("person"), mapped.rows("address")), (20_000, 20_000));
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

#[test]
fn programs_go_from_thread_to_thread() {
    fn is_shared<T: Send + Sync>() {}
    fn is_moved<T: Send>() {}
    is_shared::<Program>();
    is_moved::<Scratch>();
}
