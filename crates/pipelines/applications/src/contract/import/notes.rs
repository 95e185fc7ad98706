//! What an import passed over.

use super::original::Mapping;

/// Things to know of an imported contract.
#[derive(Debug, Default)]
pub(super) struct Notes {
    texts: Vec<String>,
    dead_defaults: Vec<String>,
}

impl Notes {
    pub(super) fn add(&mut self, text: String) {
        self.texts.push(text);
    }

    /// A default of a column that takes null and whose mapping has types: it never had an effect.
    pub(super) fn dead_default(&mut self, mapping: &Mapping) {
        self.dead_defaults.push(format!("{}.{}", mapping.table, mapping.column));
    }

    /// All of them; `mappings` are those of the contract.
    pub(super) fn all(mut self, mappings: &[Mapping]) -> Vec<String> {
        if !self.dead_defaults.is_empty() {
            let columns = self.dead_defaults.join(", ");
            self.add(format!("default_value had no effect in columns that take null and have a mapping type, and was left out: {columns}"));
        }
        let dead = mappings.iter().filter(|mapping| mapping.has_dead_field).count();
        if dead > 0 {
            self.add(format!("exclude_default_when_record_empty of {dead} mappings was left out: it never had an effect"));
        }
        let long = |mapping: &&Mapping| mapping.data_length.is_some() && !matches!(mapping.data_type.as_str(), "string" | "decimal");
        let lengths = mappings.iter().filter(long).count();
        if lengths > 0 {
            self.add(format!("data_length of {lengths} mappings that are neither texts nor decimals was left out: it never had an effect"));
        }
        let scales = mappings.iter().filter(|mapping| mapping.data_type == "decimal" && mapping.data_length.is_none()).count();
        if scales > 0 {
            self.add(format!(
                "data_length, the scale of decimals, is missing in {scales} mappings; they have two digits behind the point, as before"
            ));
        }
        if mappings.iter().any(|mapping| mapping.has("enum")) {
            self.add(
                "columns of codes referred to a table app_enums (enum_id); with target.codes: {table: app_enums, key: enum_id} contract ddl makes it, \
                 puts the codes into it and refers to it"
                    .to_owned(),
            );
        }
        self.texts
    }
}
