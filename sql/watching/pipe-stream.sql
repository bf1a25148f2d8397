-- Whether changes of the admissions' table have not been read yet: one row.
SELECT {{unread}} AS UNREAD
