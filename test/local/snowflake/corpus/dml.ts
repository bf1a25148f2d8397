import type { Page } from './page.js';

const OLD = 'To be updated (this is the old value)';
const NEW = 'To be updated (this is the new value)';
const TWICE = 'This is a duplicate in the source and has no match in target';

const TARGETS = [
  'CREATE OR REPLACE TABLE t1 (n NUMBER)',
  'CREATE OR REPLACE TABLE t2 (n NUMBER)',
  'CREATE OR REPLACE TABLE src (n1 NUMBER)',
  'INSERT INTO src VALUES (1), (11), (101)',
];

export const multiTableInserts: Page[] = [
  {
    page: 'sql/insert-multi-table',
    setup: TARGETS,
    examples: [
      [
        `INSERT ALL WHEN n1 > 100 THEN INTO t1 WHEN n1 > 10 THEN INTO t1 INTO t2 ELSE INTO t2 SELECT n1 from src`,
        '3 | 3',
      ],
      ['SELECT * FROM t1 ORDER BY 1 DESC', '101\n101\n11'],
      ['SELECT * FROM t2 ORDER BY 1 DESC', '101\n11\n1'],
      [
        `INSERT OVERWRITE FIRST WHEN n1 > 100 THEN INTO t1 WHEN n1 > 10 THEN INTO t1 INTO t2 ELSE INTO t2 SELECT n1 from src`,
        '2 | 2',
      ],
      ['SELECT * FROM t1 ORDER BY 1 DESC', '101\n11'],
      ['SELECT * FROM t2 ORDER BY 1 DESC', '11\n1'],
      [
        `CREATE OR REPLACE TABLE t1 (c1 NUMBER, c2 NUMBER, c3 NUMBER);
        INSERT ALL INTO t1 VALUES ($1, an_alias, "10 + 20") SELECT 1, 50 AS an_alias, 10 + 20;
        SELECT * FROM t1`,
        '1 | 50 | 30',
      ],
      [
        `CREATE OR REPLACE TABLE t1 (c1 NUMBER, c2 NUMBER, c3 NUMBER DEFAULT 7);
        CREATE OR REPLACE TABLE t2 (c1 NUMBER, c2 NUMBER, c3 NUMBER);
        INSERT ALL INTO t1 INTO t1 (c1, c2, c3) VALUES (n2, n1, DEFAULT) INTO t2 (c1, c2, c3) INTO t2 VALUES (n3, n2, n1)
          SELECT column1 n1, column2 n2, column3 n3 FROM VALUES (1, 2, 3);
        SELECT 't1', * FROM t1 UNION ALL SELECT 't2', * FROM t2 ORDER BY 1, 2, 3`,
        't1 | 1 | 2 | 3\nt1 | 2 | 1 | 7\nt2 | 1 | 2 | 3\nt2 | 3 | 2 | 1',
      ],
    ],
  },
];

export const dml: Page[] = [
  {
    page: 'sql/merge',
    setup: [
      'CREATE OR REPLACE TABLE merge_example_target (id INTEGER, description VARCHAR)',
      `INSERT INTO merge_example_target (id, description) VALUES (10, '${OLD}')`,
      'CREATE OR REPLACE TABLE merge_example_source (id INTEGER, description VARCHAR)',
      `INSERT INTO merge_example_source (id, description) VALUES (10, '${NEW}')`,
      'CREATE OR REPLACE TABLE merge_example_mult_target (id INTEGER, val INTEGER, status VARCHAR)',
      "INSERT INTO merge_example_mult_target (id, val, status) VALUES (1, 10, 'Production'), (2, 20, 'Alpha'), (3, 30, 'Production')",
      'CREATE OR REPLACE TABLE merge_example_mult_source (id INTEGER, marked VARCHAR, isnewstatus INTEGER, newval INTEGER, newstatus VARCHAR)',
      `INSERT INTO merge_example_mult_source (id, marked, isnewstatus, newval, newstatus) VALUES (1, 'Y', 0, 10, 'Production'), (2, 'N', 1, 50, 'Beta'),
        (3, 'N', 0, 60, 'Deprecated'), (4, 'N', 0, 40, 'Production')`,
      'CREATE OR REPLACE TABLE merge_example_target_all (id INTEGER, x INTEGER, y VARCHAR)',
      'CREATE OR REPLACE TABLE merge_example_source_all (id INTEGER, y VARCHAR, x INTEGER)',
      "INSERT INTO merge_example_target_all (id, x, y) VALUES (1, 10, 'Skiing'), (2, 20, 'Snowboarding')",
      "INSERT INTO merge_example_source_all (id, y, x) VALUES (1, 'Skiing', 10), (2, 'Snowboarding', 25), (3, 'Skating', 30)",
      'CREATE OR REPLACE TABLE merge_example_target_orig (k NUMBER, v NUMBER)',
      'INSERT INTO merge_example_target_orig VALUES (0, 10)',
      'CREATE OR REPLACE TABLE merge_example_src (k NUMBER, v NUMBER)',
      'INSERT INTO merge_example_src VALUES (0, 11), (0, 12), (0, 13)',
    ],
    examples: [
      [
        `MERGE INTO merge_example_target USING merge_example_source ON merge_example_target.id = merge_example_source.id
          WHEN MATCHED THEN UPDATE SET merge_example_target.description = merge_example_source.description`,
        '1',
      ],
      ['SELECT * FROM merge_example_target', `10 | ${NEW}`],
      [
        `MERGE INTO merge_example_mult_target USING merge_example_mult_source ON merge_example_mult_target.id = merge_example_mult_source.id
          WHEN MATCHED AND merge_example_mult_source.marked = 'Y' THEN DELETE
          WHEN MATCHED AND merge_example_mult_source.isnewstatus = 1
            THEN UPDATE SET val = merge_example_mult_source.newval, status = merge_example_mult_source.newstatus
          WHEN MATCHED THEN UPDATE SET val = merge_example_mult_source.newval
          WHEN NOT MATCHED THEN INSERT (id, val, status) VALUES (merge_example_mult_source.id, merge_example_mult_source.newval, merge_example_mult_source.newstatus)`,
        '1 | 2 | 1',
      ],
      [
        'SELECT * FROM merge_example_mult_target ORDER BY id',
        '2 | 50 | Beta\n3 | 60 | Production\n4 | 40 | Production',
      ],
      [
        `MERGE INTO merge_example_target_all USING merge_example_source_all ON merge_example_target_all.id = merge_example_source_all.id
          WHEN MATCHED THEN UPDATE ALL BY NAME WHEN NOT MATCHED THEN INSERT ALL BY NAME`,
        '1 | 2',
      ],
      [
        'SELECT * FROM merge_example_target_all ORDER BY id',
        '1 | 10 | Skiing\n2 | 25 | Snowboarding\n3 | 30 | Skating',
      ],
      [
        `TRUNCATE table merge_example_target;
        TRUNCATE table merge_example_source;
        INSERT INTO merge_example_source (id, description) VALUES (50, '${TWICE}'), (50, '${TWICE}');
        MERGE INTO merge_example_target USING merge_example_source ON merge_example_target.id = merge_example_source.id
          WHEN MATCHED THEN UPDATE SET merge_example_target.description = merge_example_source.description
          WHEN NOT MATCHED THEN INSERT (id, description) VALUES (merge_example_source.id, merge_example_source.description)`,
        '2 | 0',
      ],
      ['SELECT * FROM merge_example_target', `50 | ${TWICE}\n50 | ${TWICE}`],
      [
        `CREATE OR REPLACE TABLE merge_example_target_clone CLONE merge_example_target_orig;
        MERGE INTO merge_example_target_clone USING merge_example_src ON merge_example_target_clone.k = merge_example_src.k
          WHEN MATCHED AND merge_example_src.v <= 12 THEN DELETE`,
        '1',
      ],
      ['SELECT COUNT(*) FROM merge_example_target_clone', '0'],
      [
        `CREATE OR REPLACE TABLE merge_example_target_clone CLONE merge_example_target_orig;
        MERGE INTO merge_example_target_clone USING merge_example_src ON merge_example_target_clone.k = merge_example_src.k
          WHEN MATCHED AND merge_example_src.v = 11 THEN UPDATE SET merge_example_target_clone.v = merge_example_src.v;
        SELECT * FROM merge_example_target_clone`,
        '0 | 11',
      ],
      [
        `CREATE OR REPLACE TABLE merge_example_target_clone CLONE merge_example_target_orig;
        MERGE INTO merge_example_target_clone USING (SELECT k, MAX(v) AS v FROM merge_example_src GROUP BY k) AS b
          ON merge_example_target_clone.k = b.k WHEN MATCHED THEN UPDATE SET merge_example_target_clone.v = b.v
          WHEN NOT MATCHED THEN INSERT (k, v) VALUES (b.k, b.v);
        SELECT * FROM merge_example_target_clone`,
        '0 | 13',
      ],
    ],
  },
  {
    page: 'sql/update',
    setup: [
      'CREATE OR REPLACE TABLE target (k NUMBER, v NUMBER)',
      'INSERT INTO target VALUES (0, 10)',
      'CREATE OR REPLACE TABLE src (k NUMBER, v NUMBER)',
      'INSERT INTO src VALUES (0, 11), (0, 12), (0, 13)',
      'CREATE OR REPLACE TABLE t1 (key_column NUMBER, number_column NUMBER, text_column VARCHAR)',
      "INSERT INTO t1 VALUES (1, 5, 'a'), (2, 50, 'b')",
      'CREATE OR REPLACE TABLE t2 (t1_key NUMBER, number_column NUMBER)',
      'INSERT INTO t2 VALUES (1, 100), (2, 100)',
    ],
    examples: [
      ['UPDATE target SET v = src.v FROM src WHERE target.k = src.k', '1 | 1'],
      [
        `UPDATE target SET v = b.v FROM (SELECT k, MIN(v) v FROM src GROUP BY k) b WHERE target.k = b.k;
        SELECT * FROM target`,
        '0 | 11',
      ],
      [
        `UPDATE t1 SET number_column = t1.number_column + t2.number_column, t1.text_column = 'ASDF' FROM t2
          WHERE t1.key_column = t2.t1_key and t1.number_column < 10;
        SELECT * FROM t1`,
        '1 | 105 | ASDF\n2 | 50 | b',
      ],
    ],
  },
  {
    page: 'sql/insert',
    setup: [
      'CREATE OR REPLACE TABLE demo_insert_type_mismatch (v VARCHAR)',
      'CREATE OR REPLACE TABLE mytable (col1 DATE, col2 TIMESTAMP_NTZ, col3 TIMESTAMP_NTZ)',
    ],
    examples: [
      ["INSERT INTO demo_insert_type_mismatch (v) VALUES ('three'), ('four')", '2'],
      ['INSERT INTO demo_insert_type_mismatch (v) VALUES (3), (4)', '2'],
      [
        `INSERT INTO mytable SELECT TO_DATE('2013-05-08T23:39:20.123'),
          TO_TIMESTAMP('2013-05-08T23:39:20.123'), TO_TIMESTAMP('2013-05-08T23:39:20.123');
        INSERT INTO mytable (col1, col3)
          SELECT TO_DATE('2013-05-08T23:39:20.123'), TO_TIMESTAMP('2013-05-08T23:39:20.123');
        SELECT * FROM mytable`,
        '2013-05-08 | 2013-05-08 23:39:20.123 | 2013-05-08 23:39:20.123\n2013-05-08 | NULL | 2013-05-08 23:39:20.123',
      ],
    ],
    failing: [
      [
        "INSERT INTO demo_insert_type_mismatch (v) VALUES (3), ('d')",
        '100038',
        "DML operation to table DEMO_INSERT_TYPE_MISMATCH failed on column V with error: Numeric value 'd' is not recognized",
      ],
    ],
  },
];
