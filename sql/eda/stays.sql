-- The ended stays, each with its group in every table of the exploration. {{grouped}}: see deploy/privacy/small-groups.ts.
CREATE OR REPLACE TEMPORARY TABLE {{table}} AS
SELECT LOS, {{grouped}} FROM ({{stays}}) WHERE LOS >= 0
