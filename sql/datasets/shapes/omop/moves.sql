-- Moves between wards: a row for each time in one.
WITH {{staysSql}},
{{placesSql}}
SELECT STAY_ID, WARD, MOVED_IN, MOVED_OUT FROM moves
