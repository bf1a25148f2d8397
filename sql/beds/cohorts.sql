-- The same, counted: so many came to a ward, a department, or at all, on one day and left on another.
CREATE OR REPLACE TEMPORARY TABLE {{cohorts}} AS
{{levels}}
