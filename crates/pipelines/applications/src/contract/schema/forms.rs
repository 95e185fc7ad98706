//! The form of a contract, as data: from it come the JSON Schema and the tables of the documentation.

/// An object of a contract.
pub(super) struct Form {
    /// Its name among the definitions.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    /// Its fields.
    pub(super) fields: &'static [Field],
    /// Whether it has exactly one of the fields.
    pub(super) is_choice: bool,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// What is taken where it is left out; nothing where it must be there.
    pub(super) without: Option<&'static str>,
    /// What it says.
    pub(super) about: &'static str,
}

/// What may stand in a field.
pub(super) enum Shape {
    Text,
    Integer,
    /// 0 or 1.
    Bit,
    YesNo,
    /// Version 1.
    One,
    /// Path of an element.
    Element,
    /// Path of an attribute.
    Attribute,
    /// Type of a column.
    Type,
    Form(&'static str),
    Words(&'static [&'static str]),
    List(&'static Shape),
    Named(&'static Shape),
    AnyOf(&'static [Shape]),
}

use Shape::{AnyOf, Attribute, Bit, Element, Integer, List, Named, One, Text, Type, Words, YesNo};

const fn must(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, without: None, about }
}

const fn may(name: &'static str, shape: Shape, without: &'static str, about: &'static str) -> Field {
    Field { name, shape, without: Some(without), about }
}

const fn form(name: &'static str, about: &'static str, fields: &'static [Field]) -> Form {
    Form { name, about, fields, is_choice: false }
}

const fn choice(name: &'static str, about: &'static str, fields: &'static [Field]) -> Form {
    Form { name, about, fields, is_choice: true }
}

const FROM: Shape = AnyOf(&[Attribute, Shape::Form("origin")]);
const STEPS: Shape = List(&AnyOf(&[Words(&["digits", "nowIfBlank"]), Shape::Form("step")]));
const CODE: Shape = AnyOf(&[Integer, Text]);
const COUNTS: Shape = Words(&["notBlank", "meaningful", "positive", "converts", "truthy", "never"]);
const TEXTS: Shape = List(&Text);

/// Every object of a contract, the contract itself first.
pub(super) const FORMS: &[Form] = &[
    form(
        "contract",
        "What a kind of document looks like, and which rows of which tables it becomes.",
        &[
            must("version", One, "Version of this format: 1."),
            must("name", Text, "Name of the contract, for logs and reports."),
            must("document", Shape::Form("document"), "What a document looks like."),
            may("source", Shape::Form("source"), "none", "The database table that documents come from, where they come from one."),
            may("target", Shape::Form("target"), "{}", "Where rows go."),
            may("groups", Named(&Shape::Form("group")), "{}", "Repeated elements that become rows, by name."),
            may("enums", Named(&Shape::Form("enum")), "{}", "Dictionaries of codes, by name."),
            may("flags", Named(&Shape::Form("flag")), "{}", "Dictionaries of yes and no, by name."),
            may("compat", Shape::Form("compat"), "{}", "Quirks of imported contracts."),
            must("tables", List(&Shape::Form("table")), "Tables, parents before children."),
        ],
    ),
    form(
        "document",
        "What a document looks like.",
        &[
            must("root", Text, "Name of the root element."),
            must("id", List(&Attribute), "Attributes that hold the document's id, a positive whole number; the first that is not blank is taken."),
            must("application", Element, "The element that every document of this kind has. Bare names in expressions are attributes of it."),
            may("otherApplications", List(&Element), "[]", "Elements that documents of other kinds have instead, so that they are told apart."),
            may("elements", Named(&Element), "{}", "Names of elements for expressions (`name.attribute`), beside the last names of paths."),
        ],
    ),
    form(
        "source",
        "The database table that documents come from.",
        &[
            may("schema", Text, "that of the target", "Schema of the table."),
            must("table", Text, "Name of the table."),
            must("key", Text, "Column with the document's id, by which documents are read in order."),
            must("column", Text, "Column with the document itself."),
            may("join", Shape::Form("join"), "none", "Table that must have the id, too."),
        ],
    ),
    form(
        "join",
        "A table that must have a document's id, too.",
        &[
            may("schema", Text, "the server's own", "Schema of the table."),
            must("table", Text, "Name of the table."),
            must("key", Text, "Its column with the document's id."),
        ],
    ),
    form(
        "target",
        "Where rows go.",
        &[
            may("schema", Text, "the connection's own", "Schema of all tables."),
            may("log", Text, "processing_log", "Table that says what became of each document."),
            may("codes", Shape::Form("codes"), "none", "Table of all codes, which `contract ddl` makes, fills and refers to."),
        ],
    ),
    form(
        "codes",
        "A table of codes, to which columns refer that hold whole numbers of a dictionary.",
        &[must("table", Text, "Name of the table."), must("key", Text, "Its column with the code, its primary key.")],
    ),
    form(
        "group",
        "A repeated element whose members become rows.",
        &[
            must("element", Element, "Path of the element."),
            may("anywhere", YesNo, "false", "Whether elements of that name are members wherever they are."),
            must("id", Text, "Attribute that holds the member's id."),
            must(
                "role",
                Shape::Form("role"),
                "Attribute that holds the role, and the roles, best first. Of members with one id the best role stays, then the last.",
            ),
            may("keepIf", TEXTS, "[]", "Attributes of which a member has at least one that is not blank."),
            may("expect", TEXTS, "[]", "Attributes that a member of the first role should have; without one there is a warning."),
            may(
                "require",
                List(&Shape::Form("required")),
                "[]",
                "Further attributes for rows of children; only with `compat.childFilterIgnoresCase`.",
            ),
            may("children", Named(&Shape::Form("child")), "{}", "Elements directly inside a member that become rows, by name."),
        ],
    ),
    form(
        "role",
        "An attribute and the values that are taken.",
        &[must("attribute", Text, "Name of the attribute."), must("values", TEXTS, "Values, best first; case counts.")],
    ),
    form(
        "required",
        "An attribute that an element must have.",
        &[must("attribute", Text, "Name of the attribute."), may("values", TEXTS, "any that is not blank", "Values that are taken.")],
    ),
    form(
        "child",
        "An element directly inside a member that becomes a row.",
        &[
            must("element", Text, "Name of the element."),
            must("type", Shape::Form("role"), "Attribute that holds the type, and the types, the preferred one first."),
            may("require", List(&Shape::Form("required")), "[]", "Further attributes that it must have."),
        ],
    ),
    form(
        "enum",
        "A dictionary of codes. A text is looked up as it is, then without regard to case.",
        &[
            must("values", Named(&CODE), "Value by key."),
            may("otherwise", CODE, "a blank is null, an unknown text an error", "Value of blank and of unknown texts."),
        ],
    ),
    form(
        "flag",
        "A dictionary of yes and no.",
        &[
            must("values", Named(&Bit), "0 or 1 by key."),
            may("fold", Words(&["none", "upper", "lower"]), "none", "How a text is folded where it is no key as it is."),
            may("otherwise", Bit, "a blank is null, an unknown text an error", "0 or 1 of blank and of unknown texts."),
        ],
    ),
    form(
        "compat",
        "Quirks of imported contracts, each off unless it is true.",
        &[
            may("expressions", YesNo, "false", "Expressions are in the dialect of old, and find attributes by bare name anywhere."),
            may("intsFirstRun", YesNo, "false", "A whole number without steps is the first run of digits: sign and thousands are lost."),
            may("digitsAsInt", YesNo, "false", "The digits of a text become a number, which loses leading zeros."),
            may("anyTextIsOne", YesNo, "false", "A bit without steps is 1 for any text that is not blank, also for `0` and `N`."),
            may("decimalsAsDoubles", YesNo, "false", "Decimals go through a double, which has some sixteen digits."),
            may("datesForgiving", YesNo, "false", "Dates with slashes may have the day first, seconds beyond 59 are 59, a zone is passed over."),
            may("lengthMinusOneChops", YesNo, "false", "A text of length -1 loses its last character."),
            may("unescapeTwice", YesNo, "false", "Attributes that are found by their path are unescaped a second time, and stripped."),
            may("childFilterIgnoresCase", YesNo, "false", "Rows of children come from a filter of their own, which compares without case."),
            may("missingNotNullSwallowed", YesNo, "false", "A missing value of a column that is not nullable is left for the database to refuse."),
            may("failedNeverRetried", YesNo, "false", "A document that failed is never tried again."),
            may(
                "foreignContactAbsorbed",
                YesNo,
                "false",
                "A member whose key is there already, even of another document, is left out, and its children are added to the one there.",
            ),
            may("identityMismatchAccepted", YesNo, "false", "A document may have another id than the source says."),
        ],
    ),
    form(
        "table",
        "A table: what its rows are, and what is in them.",
        &[
            must("name", Text, "Name of the table."),
            must("key", TEXTS, "Columns of the primary key; none of them takes null."),
            may("parent", Shape::Form("parent"), "none", "The table that a row hangs off, and is deleted with."),
            may(
                "onRepeat",
                Words(&["fail", "update", "keepFirst"]),
                "fail",
                "What happens to a row whose key is there already: the document fails, the later row overwrites, or the earlier one stays.",
            ),
            must("rows", Shape::Form("rows"), "What a row is made of."),
            may("rowIf", Shape::Form("rowIf"), "none", "What a row must have besides; not for slots and pairs."),
            may("keepEmpty", YesNo, "false", "Whether a row is kept that has nothing but keys, nulls and defaults."),
            must("columns", List(&Shape::Form("column")), "Columns, in their order."),
        ],
    ),
    form(
        "parent",
        "The table that a row hangs off.",
        &[
            must("table", Text, "Name of the table, which comes before."),
            must("columns", TEXTS, "Columns of this table that are the key of that one, in its order."),
        ],
    ),
    choice(
        "rows",
        "What a row is made of: one of these.",
        &[
            must("document", Shape::Form("nothing"), "One row per document."),
            must("group", Shape::Form("groupRows"), "One row per member of a group."),
            must("child", Shape::Form("childRows"), "One row per child of the members of a group."),
            must("slots", Shape::Form("slots"), "One row per numbered slot that has something in it."),
            must("pairs", Shape::Form("pairs"), "One row per attribute of a list that has something to say."),
        ],
    ),
    form("nothing", "Nothing more to say.", &[]),
    form("groupRows", "Rows of members.", &[must("group", Text, "Name of the group.")]),
    form("childRows", "Rows of children.", &[must("group", Text, "Name of the group."), must("child", Text, "Name of the child group in it.")]),
    form(
        "slots",
        "Rows of numbered slots.",
        &[must("number", Text, "Column that holds the number of the slot."), must("slots", List(&Shape::Form("slot")), "The slots.")],
    ),
    form(
        "slot",
        "Where the columns of one numbered row come from.",
        &[
            must("number", Integer, "Number of the slot."),
            must("cells", List(&Shape::Form("cell")), "What its columns hold; others hold what the table says of them."),
        ],
    ),
    form(
        "cell",
        "Where one column of one slot comes from.",
        &[
            must("column", Text, "Name of the column."),
            must("from", FROM, "Where the value comes from."),
            may("steps", STEPS, "the column's own", "What is done with it."),
            may("counts", COUNTS, "what the column says", "Whether the value is a reason for the row to be."),
        ],
    ),
    form(
        "pairs",
        "Rows of names and values.",
        &[must("value", Text, "Column that holds the value."), must("pairs", List(&Shape::Form("pair")), "The attributes.")],
    ),
    form(
        "pair",
        "An attribute that becomes a row.",
        &[
            must("from", FROM, "Where the value comes from."),
            may("steps", STEPS, "the value column's own", "What is done with it."),
            must("when", COUNTS, "When there is a row."),
            must("set", List(&Shape::Form("constant")), "What other columns hold: the name, say."),
        ],
    ),
    form(
        "constant",
        "A column with the same value whatever the document says.",
        &[must("column", Text, "Name of the column."), must("value", Text, "The value, as text.")],
    ),
    form(
        "rowIf",
        "What a row must have: at least one of these.",
        &[
            may("columns", TEXTS, "[]", "Columns that are not null or blank; defaults count."),
            may("attributes", TEXTS, "[]", "Attributes of the row's own element that are not blank."),
        ],
    ),
    form(
        "column",
        "A column of a table.",
        &[
            must("name", Text, "Name of the column."),
            must(
                "type",
                Type,
                "`text`, `text(80)`, `smallint`, `tinyint`, `int`, `bigint`, `decimal(12,2)`, `bit`, `date`, `timestamp` or `double`.",
            ),
            may("from", FROM, "slots or pairs fill it", "Where its values come from."),
            may("steps", STEPS, "[]", "What is done with the text before it is converted, in this order."),
            may("nullable", YesNo, "true", "Whether it takes null; a document that leaves nothing in one that does not is failed."),
            may(
                "default",
                Text,
                "none",
                "Text of the value where the source is blank; in a column that is not nullable, wherever nothing came of it.",
            ),
            may(
                "onError",
                Words(&["fail", "null", "nullIfUnreadable"]),
                "fail",
                "What a text does that cannot be converted: fails the document, or leaves the column out with a quality issue; the last only where it is no value at all, while a number that is too large fails the document.",
            ),
            may("counts", COUNTS, "notBlank; never for bits, flags and expressions", "Whether a value is a reason for the row of a slot to be."),
        ],
    ),
    choice(
        "origin",
        "Where a value comes from, besides the path of an attribute: one of these.",
        &[
            must("key", Words(&["document", "member"]), "A key that the row has by its place."),
            must("expression", Shape::Form("expression"), "A calculated value."),
            must("lastValid", Shape::Form("lastValid"), "An attribute of the last member of a role that has an id."),
            must("preferredChild", Shape::Form("preferredChild"), "An attribute of the preferred child of the row's own member."),
        ],
    ),
    form(
        "expression",
        "A calculated value.",
        &[
            must("text", Text, "The expression."),
            may("otherwise", Attribute, "none", "Attribute that is taken where the expression gives nothing; the steps are for it alone then."),
        ],
    ),
    form(
        "lastValid",
        "An attribute of the last member of a role that has an id.",
        &[
            must("group", Text, "Name of the group."),
            must("role", Text, "The role."),
            must("attribute", Text, "Name of the attribute."),
            may("within", Shape::Form("within"), "the member itself", "What in the member has the attribute."),
            may("earlier", YesNo, "false", "Whether an earlier member is asked where the last one has nothing."),
        ],
    ),
    choice(
        "within",
        "What in a member has the attribute: one of these.",
        &[
            must("child", Text, "Children of this child group: of the preferred type, or else all; the first that has it, else the last."),
            must("element", Text, "The last element of this name directly inside the member."),
        ],
    ),
    form(
        "preferredChild",
        "An attribute of the last child of the preferred type.",
        &[must("child", Text, "Name of the child group."), must("attribute", Text, "Name of the attribute.")],
    ),
    choice(
        "step",
        "A step with a dictionary, which is the last one. Besides there are `digits` (keeps the digits) and `nowIfBlank` (the time of the run, UTC).",
        &[
            must("enum", Text, "Looks the text up in this dictionary of codes."),
            must("flag", Text, "Looks the text up in this dictionary of yes and no."),
        ],
    ),
];
