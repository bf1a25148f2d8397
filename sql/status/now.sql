-- The account's time: milliseconds since 1970.
SELECT DATE_PART(epoch_millisecond, CURRENT_TIMESTAMP()) AS "now"
