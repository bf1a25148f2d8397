import type { Page } from './page.js';

export const structured: Page[] = [
  {
    page: 'data-types-structured',
    examples: [
      [
        'SELECT SYSTEM$TYPEOF([1, 2, 3]::ARRAY(NUMBER)) AS structured_array, SYSTEM$TYPEOF([1, 2, 3]) AS semi_structured_array',
        'ARRAY(NUMBER(38,0))[LOB] | ARRAY[LOB]',
      ],
      [
        'SELECT SYSTEM$TYPEOF(CAST ([1,2,3] AS ARRAY(NUMBER))) AS array_cast_type, SYSTEM$TYPEOF(CAST ([1,2,3]::VARIANT AS ARRAY(NUMBER))) AS variant_cast_type',
        'ARRAY(NUMBER(38,0))[LOB] | ARRAY(NUMBER(38,0))[LOB]',
      ],
      [
        'SELECT CAST ([1,2,3] AS ARRAY(VARCHAR)) AS varchar_array, SYSTEM$TYPEOF(varchar_array) AS array_cast_type',
        '["1","2","3"] | ARRAY(VARCHAR(16777216))[LOB]',
      ],
      [
        `SELECT SYSTEM$TYPEOF({'city':'San Mateo','state':'CA'}::OBJECT(city VARCHAR, state VARCHAR)) AS object_cast_type,
          SYSTEM$TYPEOF({'city':'San Mateo','state':'CA'}::VARIANT::OBJECT(city VARCHAR, state VARCHAR)) AS variant_cast_type`,
        'OBJECT(city VARCHAR(16777216), state VARCHAR(16777216))[LOB] | OBJECT(city VARCHAR(16777216), state VARCHAR(16777216))[LOB]',
      ],
      ['SELECT ARRAY_CONTAINS(10, [1, 10, 100]::ARRAY(NUMBER))', 'true'],
      ['SELECT ARRAY_POSITION(10, [1, 10, 100]::ARRAY(NUMBER))', '1'],
      [
        'SELECT TRANSFORM([1, 2, 3]::ARRAY(INT), a INT -> a * 2) AS "Multiply by Two (Structured)"',
        '[2,4,6]',
      ],
    ],
  },
];
