//! The generated corpus: every statement yields structure, and exactly the edges that the generator counted.

use rowmill_generate_sql::sql_file;
use rowmill_lineage::{Catalogue, Choice, Dialect, Options, prepare};

#[test]
fn lin_050_the_generated_corpus_is_structured_whole_and_its_edges_are_those_that_were_counted() {
    let files: Vec<_> = (0..1000).map(sql_file).collect();
    let (mut bearing, mut structured) = (0, 0);
    for dialect in ["tsql", "postgres", "snowflake", "spark", "bigquery"].map(|id| Dialect::from_id(id).unwrap()) {
        let options = Options { dialect: Choice::Named(dialect), ..Options::default() };
        let of: Vec<_> = files.iter().filter(|f| f.dialect == dialect.id()).map(|f| (f, prepare(&f.text, &options))).collect();
        let catalogue = Catalogue::new(of.iter().flat_map(|(_, p)| p.entries()), dialect);
        for (file, prepared) in &of {
            let found = prepared.lineage(&catalogue);
            assert!(found.problems.is_empty(), "{}: {:?}", file.path, found.problems);
            let tables: usize = found.statements.iter().filter(|s| s.write.is_some()).map(|s| s.reads.len()).sum();
            let columns = found.statements.iter().flat_map(|s| &s.columns).filter(|e| e.from.is_some()).count();
            let coverage = found.coverage;
            assert_eq!((coverage.bearing, tables, columns), (file.bearing, file.table_edges, file.column_edges), "{}: {found:#?}", file.path);
            (bearing, structured) = (bearing + coverage.bearing, structured + coverage.structured);
        }
    }
    assert_eq!(bearing, structured);
}
