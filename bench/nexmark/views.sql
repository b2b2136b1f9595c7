-- The three streams of Nexmark as views over `events`, whichever way that was made.
CREATE VIEW person AS
SELECT person.id, person.name, person.emailAddress, person.creditCard, person.city, person.state, rowtime AS `dateTime`, person.extra
FROM events WHERE event_type = 0;

CREATE VIEW auction AS
SELECT auction.id, auction.itemName, auction.description, auction.initialBid, auction.reserve, rowtime AS `dateTime`, auction.expires, auction.seller,
       auction.category, auction.extra
FROM events WHERE event_type = 1;

CREATE VIEW bid AS
SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, rowtime AS `dateTime`, bid.extra
FROM events WHERE event_type = 2;

