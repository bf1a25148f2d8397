-- Releases of los that have begun to apply. Older releases find this table and these columns by the same names.
SELECT DISTINCT RELEASE FROM {{history}}
WHERE ACTION = 'apply' AND STARTED_AT IS NOT NULL AND STATUS <> 'REFUSED' AND RELEASE IS NOT NULL
