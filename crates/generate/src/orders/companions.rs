//! Files that go with order events: trades, quotes, sessions, securities, participants.

use std::collections::BTreeMap;
use std::path::Path;

use rowmill_core::Result;
use rowmill_core::day::Day;

use super::clock::instant;
use super::events::{BID, Event, MATCHED, OFFER, PARTICIPANT, PRICE, REASON, SECURITY, SIDE, TIMESTAMP, TRADED};
use super::files::Lines;

const HOUR: i64 = 3_600_000_000_000;
/// One event in so many also is a new quote of its security.
const EVENTS_PER_QUOTE: u64 = 20;

/// The companions that grow with the events.
pub(super) struct Companions {
    trades: Lines,
    quotes: Lines,
    matched: BTreeMap<i64, i64>,
    rows: u64,
}

impl Companions {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        let mut trades = Lines::create(&folder.join("trades.csv"), false)?;
        trades.text.extend_from_slice(
            b"EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,dealsourcedecoded,exchangeinfo,matchgroupid,\
            nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,quantity,side,sidedecoded,participantid,passiveaggressive,row_num\n",
        );
        let mut quotes = Lines::create(&folder.join("nbbo.csv"), false)?;
        quotes.text.extend_from_slice(b"partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid\n");
        Ok(Self { trades, quotes, matched: BTreeMap::new(), rows: 0 })
    }

    /// The trade of a traded event, and now and then a quote.
    pub(super) fn add(&mut self, event: &Event) -> Result<()> {
        let values = &event.values;
        let (time, security) = (values[TIMESTAMP], values[SECURITY]);
        self.rows += 1;
        if self.rows % EVENTS_PER_QUOTE == 1 {
            let midnight = i64::from(event.day.0) * 24 * HOUR;
            self.quotes.line(&[&1, &self.rows, &midnight, &values[BID], &time, &values[OFFER], &security, &time, &0, &1])?;
        }
        let before = self.matched.remove(&values[0]).unwrap_or(0);
        if values[REASON] != TRADED {
            if values[MATCHED] > 0 && values[7] == 1 {
                self.matched.insert(values[0], values[MATCHED]);
            }
            return Ok(());
        }
        if values[MATCHED] < values[8] && values[7] == 1 {
            self.matched.insert(values[0], values[MATCHED]);
        }
        let (source, decoded) = if values[11] == 0 { (1, "Lit") } else { (47, "Centre Point") };
        let (bid, offer, price) = (values[BID], values[OFFER], values[PRICE]);
        let side = if values[SIDE] == 1 { "Buy" } else { "Sell" };
        let quantity = values[MATCHED] - before;
        let participant = event.get(PARTICIPANT).map_or(String::new(), |code| code.to_string());
        self.trades.line(&[
            &1,
            &self.rows,
            &event.day,
            &time,
            &security,
            &values[0],
            &source,
            &decoded,
            &0,
            &self.rows,
            &bid,
            &offer,
            &price,
            &quantity,
            &values[SIDE],
            &side,
            &participant,
            &(self.rows & 1),
            &self.rows,
        ])
    }

    pub(super) fn finish(self) -> Result<()> {
        self.trades.finish()?;
        self.quotes.finish().map(drop)
    }
}

/// The companions that do not depend on events: sessions of every day, securities by day, and the participants of the first day only.
pub(super) fn write_reference(folder: &Path, securities: &[i64], participants: &[i64], days: &[Day]) -> Result<()> {
    sessions(folder, securities, days)?;
    let mut books = Lines::create(&folder.join("ob.csv"), false)?;
    let attributes: String = (1..=50).map(|at| format!(",Attribute{at}")).collect();
    books
        .text
        .extend_from_slice(format!(" Partition,Sequence,TradeDate,Id,Name,Description,DecimalsInPrice,OrderTypeAttributes{attributes}\n").as_bytes());
    let empty = ",".repeat(50);
    for day in days {
        for (at, code) in securities.iter().enumerate() {
            let midnight = i64::from(day.0) * 24 * HOUR;
            let description = format!("\"MOCK {code}, ORDINARY\",2,\"LIMIT,MARKET\"{empty}");
            books.line(&[&1, &at, &midnight, code, &format!("M{code}"), &description])?;
        }
    }
    books.finish()?;
    let mut members = Lines::create(&folder.join("par.csv"), false)?;
    members.text.extend_from_slice(
        b"Partition,Sequence,TradeDate,Action,ClearingHouseId,ExchangeId,ExchangeName,Id,OrganisationNumber,ParticipantLongName,ParticipantName,\
        ParticipantType,Timestamp,isActive,timestamp_bucket\n",
    );
    for (at, code) in participants.iter().enumerate() {
        let midnight = i64::from(days[0].0) * 24 * HOUR;
        let (long, short) = (format!("\"Mock Broker {code}, Pty Ltd\""), format!("MOCK{code}"));
        members.line(&[&1, &at, &midnight, &1, &1, &1, &"MOCK", code, &code, &long, &short, &1, &midnight, &1, &midnight])?;
    }
    members.finish().map(drop)
}

fn sessions(folder: &Path, securities: &[i64], days: &[Day]) -> Result<()> {
    let mut sessions = Lines::create(&folder.join("session.csv"), false)?;
    sessions.text.extend_from_slice(b" Partition,Sequence,TradeDate,Id,Level,MatchingType,Name,OrderBookId,Timestamp,Type,isEndOfTrading\n");
    let states = [("PRE_OPEN", 7), ("OPEN", 10), ("PRE_CSPA", 16), ("CLOSE", 19)];
    let mut sequence = 0;
    for day in days {
        for code in securities {
            for (id, (name, hour)) in states.into_iter().enumerate() {
                sequence += 1;
                let midnight = i64::from(day.0) * 24 * HOUR;
                let time = instant(*day, hour * HOUR);
                sessions.line(&[&1, &sequence, &midnight, &id, &1, &1, &name, code, &time, &1, &u8::from(hour == 19)])?;
            }
        }
    }
    sessions.finish().map(drop)
}
