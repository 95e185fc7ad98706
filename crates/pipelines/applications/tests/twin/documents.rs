//! Random documents of the wide contract, and what is nearly one.

/// Makes documents from a seed.
pub struct Maker {
    state: u64,
}

impl Maker {
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// A number below another (xorshift).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % bound
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let at = self.below(of.len());
        of[at]
    }

    /// Whether something that happens one time in so many does.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn document(&mut self) -> String {
        let id = if self.once_in(30) { self.one(&["", "x", "0", "-3", " 12 "]) } else { "7" };
        let id_name = if self.once_in(20) { "id" } else { "ID" };
        let root = if self.once_in(60) { "Museum" } else { "Library" };
        let application = if self.once_in(40) { "sale" } else { "loan" };
        let mut inside = String::new();
        for _ in 0..1 + usize::from(self.once_in(15)) {
            inside.push_str(&self.loan(application));
        }
        if self.once_in(10) {
            inside.push_str("<sale/>");
        }
        let status = self.attribute("Status", &["OPEN", "closed", "", "lost"]);
        let reports = self.reports();
        format!("<{root}><Request {id_name}='{id}'{status}><Data>{inside}</Data>{reports}</Request></{root}>")
    }

    /// An attribute that is there most of the time.
    fn attribute(&mut self, name: &str, values: &[&str]) -> String {
        if self.once_in(5) {
            return String::new();
        }
        format!(" {name}='{}'", self.one(values))
    }

    fn attributes(&mut self, of: &[(&str, &[&str])]) -> String {
        of.iter().map(|(name, values)| self.attribute(name, values)).collect()
    }

    fn loan(&mut self, name: &str) -> String {
        const FLAGS: &[&str] = &["Y", "n", "", "?", "true", "YES", "0", "1"];
        const TEXTS: &[&str] = &["", " ", "a", "null", "None", "a &amp;lt; b", "&#228;&#246;&#252; and more than that", "two  words", "x"];
        let is_rare = self.once_in(6);
        let rarely = |usual: usize, all: usize| if is_rare { all } else { usual };
        let attributes = self.attributes(&[
            (
                "received",
                &[
                    "2024-03-09",
                    "3/9/2024",
                    "14/12/1988",
                    "",
                    "2024-3-9 4:05:06.789",
                    "1/31/2024 12:00:00 AM",
                    "14/12/1988 01:02:03 PM",
                    "2024-01-31T01:02:03",
                ],
            ),
            ("signed", &["2024-01-31", "1/31/2024", "soon", "", "2024-1-5 10:00:88", "14/12/1988"]),
            ("renewed", FLAGS),
            ("score", &["100", "700", "699.5", "-5", "", "high"]),
            ("kind", &["CURR", "prev", "X", "", "other"]),
            ("bare_bit", &["0", "1", "N", ""]),
            ("strict_flag", FLAGS),
            ("truth", FLAGS),
            ("blob", &["blackbox", "b", "", "long text"]),
            ("note", TEXTS),
            ("seen", &["", "2024-03-09 10:11:12", "never"]),
            ("day", &["", "3/9/2024", "2023-02-29"]),
            ("rate", &["1.5", "NaN", "1e3", "", "x"]),
            (
                "big",
                &["9223372036854775807", "1,234,567", "", "-1", "9223372036854775808", "1234567890123456789012345678901234567890"][..rarely(4, 6)],
            ),
            ("money", &["12345678901234567.89", "1.005", "-0.005", "$1", "1,200.50", "", "1e3", "-2.5E-1", "12e", "NaN", "1e30"][..rarely(9, 11)]),
            ("desk", &["null", "Front", "", "b"]),
            ("consent", FLAGS),
            ("plate", &["12-34", "none", "007", "", "1", "2", "99999999999"][..rarely(4, 7)]),
        ]);
        let terms = self.terms();
        let people: String = (0..self.below(4)).map(|_| self.person()).collect();
        let items = self.items();
        let scores = self.attributes(&[("first", &["700", "7.5", "x", "", "null"]), ("second", &["1,000", "", "99999999999"][..rarely(2, 3)])]);
        format!("<{name}{attributes}>{terms}{people}{items}<scores{scores}/></{name}>")
    }

    fn terms(&mut self) -> String {
        let count = 1 + usize::from(self.once_in(6)) - usize::from(self.once_in(12));
        let one = |maker: &mut Self| {
            let attributes = maker.attributes(&[
                ("fee", &["12.345", "-1", "abc", "", "99999999999", "1,000.10"]),
                ("months", &["3", "", "x", "2.5"]),
                ("years", &["2", "", "0"]),
                ("desk", &["Front", "BACK", "", "side", "None"]),
                ("count", &["36.50", "-7", "1,234", "$5", "12 of them", "", "1e3"]),
                ("small", &["255", "256", "-1", "", "2.5"]),
            ]);
            format!("<terms{attributes}/>")
        };
        (0..count).map(|_| one(self)).collect()
    }

    fn person(&mut self) -> String {
        let is_rare8 = self.once_in(8);
        let rarely8 = |usual: usize, all: usize| if is_rare8 { all } else { usual };
        let is_rare4 = self.once_in(4);
        let rarely4 = |usual: usize, all: usize| if is_rare4 { all } else { usual };
        let attributes = self.attributes(&[
            ("person_id", &["1", "2", "3", " 2", "", "x"][..rarely8(3, 6)]),
            ("role", &["MAIN", "GUEST", "MAIN", "main", "BOSS", ""]),
            ("first_name", &["Testina", "Mocko", "", " "]),
            ("last_name", &["Mockford", "", "Sample-Person of a long and winding line of people with samples"]),
            ("born", &["1/2/1980", "1980-02-30", "", "15/2/1980"]),
            ("email", &["a@example.invalid", "", "b@example.invalid"]),
            ("years", &["2", "", "x"]),
            ("months", &["5", "0", ""]),
            ("card_no", &["", "4-4", "5"]),
            ("card_limit", &["100", "-7", "", "1,000"][..rarely4(3, 4)]),
        ]);
        let cards: String = (0..self.below(3)).map(|_| format!("<card{}/>", self.attribute("number", &["00-12", "", "none", "77"]))).collect();
        let addresses: String = (0..self.below(4)).map(|_| self.address()).collect();
        let name = if self.once_in(15) { "Person" } else { "person" };
        let person = format!("<{name}{attributes}>{cards}{addresses}</{name}>");
        // A member may be anywhere.
        if self.once_in(10) { format!("<deep>{person}</deep>") } else { person }
    }

    fn address(&mut self) -> String {
        let is_rare3 = self.once_in(3);
        let rarely3 = |usual: usize, all: usize| if is_rare3 { all } else { usual };
        let is_rare8 = self.once_in(8);
        let rarely8 = |usual: usize, all: usize| if is_rare8 { all } else { usual };
        let attributes = self.attributes(&[
            ("kind", &["CURR", "PREV", "CURR", "curr", "COLL", ""][..rarely3(3, 6)]),
            ("city", &["Mocktown", "", " "]),
            ("zip", &["02134", "", "A-1 2"]),
            ("zip_code", &["", "1"]),
            ("state", &["", "ZZ", "long"]),
            ("rent", &["1,200.50", "", "x", "800"][..rarely8(2, 4)]),
            ("phone", &["555-0100", "", "(000) 1"]),
            ("years", &["1", "", "0", "x"]),
            ("months", &["0", "11", ""]),
        ]);
        format!("<address{attributes}/>")
    }

    fn items(&mut self) -> String {
        let is_rare = self.once_in(6);
        let rarely = |usual: usize, all: usize| if is_rare { all } else { usual };
        let attributes = self.attributes(&[
            ("title1", &["Boat", "", " "]),
            ("worth1", &["0", "100.5", "", "-1", "x"]),
            ("used1", &["Y", "", "n"]),
            ("year1", &["2001", "99", "", "none"]),
            ("title2", &["Trailer", "", "null"]),
            ("worth2", &["0.00", "7", ""]),
            ("year2", &["1999", "", "199999"][..rarely(2, 3)]),
            ("notes", &["n", "", "a &lt; b"]),
        ]);
        format!("<items{attributes}/>")
    }

    /// What no contract asks for, but for names that are looked for anywhere.
    fn reports(&mut self) -> String {
        let attributes = self.attributes(&[("score", &["1", "800"]), ("signed", &["2020-01-01"]), ("kind", &["X"]), ("FEE", &["5"])]);
        match self.below(4) {
            0 => String::new(),
            1 => format!("<Reports><report{attributes}/></Reports>"),
            2 => format!("<Reports><report{attributes}><terms{attributes}/></report><report/></Reports>"),
            _ => format!("<Reports><!-- {} --><report{attributes}>text &amp; more</report></Reports>", self.below(9)),
        }
    }
}
