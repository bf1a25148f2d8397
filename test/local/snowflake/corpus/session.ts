import type { Page } from './page.js';

const SALES = `CREATE OR REPLACE TABLE car_sales (src variant) AS SELECT PARSE_JSON(column1) AS src FROM VALUES
  ('{ "date" : "2017-04-28", "dealership" : "Valley View Auto Sales", "salesperson" : { "id": "55", "name": "Frank Beasley" },
    "customer" : [ {"name": "Joyce Ridgely", "phone": "16504378889", "address": "San Francisco, CA"} ],
    "vehicle" : [ {"make": "Honda", "model": "Civic", "year": "2017", "price": "20275", "extras":["ext warranty", "paint protection"]} ] }'),
  ('{ "date" : "2017-04-28", "dealership" : "Tindel Toyota", "salesperson" : { "id": "274", "name": "Greg Northrup" },
    "customer" : [ {"name": "Bradley Greenbloom", "phone": "12127593751", "address": "New York, NY"} ],
    "vehicle" : [ {"make": "Toyota", "model": "Camry", "year": "2017", "price": "23500", "extras":["ext warranty", "rust proofing", "fabric protection"]} ] }') v`;

/** A table of people with what they can be reached by, which the page reads out of JSON. */
const PEOPLE = String.raw`INSERT INTO input SELECT parse_json('[
  { firstName : \'John\', lastName : \'Doe\', contacts : [ { contactType : \'phone\', contactData : \'1234567890\', },
    { contactType : \'email\', contactData : \'jdoe@example.com\', } ] },
  { firstName : \'Mister\', lastName : \'Smith\', contacts : [ { contactType : \'phone\', contactData : \'0987654321\', },
    { contactType : \'email\', contactData : \'msmith@example.com\', } ] },
  { firstName : \'George\', lastName : \'Washington\', contacts : [ { contactType : \'phone\', contactData : \'1231231234\', },
    { contactType : \'email\', contactData : \'gwashington@example.com\', } ] } ]')`;

/** Variables, sequences and paths: what the guides show. */
export const session: Page[] = [
  {
    page: 'session-variables',
    setup: ["SET my_table_name='table1'", 'CREATE OR REPLACE TABLE IDENTIFIER($my_table_name) (i INTEGER)'],
    examples: [
      [
        `INSERT INTO IDENTIFIER($my_table_name) (i) VALUES (42);
        SELECT * FROM IDENTIFIER($my_table_name)`,
        '42',
      ],
      ['SELECT * FROM TABLE($my_table_name)', '42'],
      [
        `SET (var1, var2, var3) = (10, 20, 30);
        SELECT $var1, $var2, $var3`,
        '10 | 20 | 30',
      ],
      [
        `SET (min, max)=(40, 70);
        SELECT AVG(column1) FROM VALUES (30), (50), (60), (80) WHERE column1 BETWEEN $min AND $max`,
        '55.000000',
      ],
      [
        `SET v = (SELECT MAX(i) FROM table1);
        SELECT $v + 1`,
        '43',
      ],
      [
        `SET var_artist_name = 'Jackson Browne';
        SELECT GETVARIABLE('var_artist_name'), GETVARIABLE('VAR_ARTIST_NAME')`,
        'NULL | Jackson Browne',
      ],
    ],
  },
  {
    page: '../user-guide/querying-sequences',
    setup: [
      'CREATE OR REPLACE SEQUENCE seq1',
      'CREATE OR REPLACE TABLE foo (k NUMBER DEFAULT seq1.NEXTVAL, v NUMBER)',
      'INSERT INTO foo (v) VALUES (100)',
      'INSERT INTO foo VALUES (DEFAULT, 101)',
      'INSERT INTO foo (v) SELECT v FROM foo',
      'INSERT INTO foo VALUES (1000, 1001)',
    ],
    examples: [
      ['SELECT * FROM foo', '1 | 100\n2 | 101\n3 | 100\n4 | 101\n1000 | 1001'],
      [
        `CREATE OR REPLACE SEQUENCE seq1;
        SELECT a <> b FROM (SELECT seq1.NEXTVAL a, seq1.NEXTVAL b)`,
        'true',
      ],
      ['SELECT seqRef.a = seqRef.b FROM (SELECT a, a b FROM (SELECT seq1.NEXTVAL a)) seqRef', 'true'],
      [
        `CREATE OR REPLACE SEQUENCE seq1;
        CREATE OR REPLACE TABLE foo (n NUMBER);
        INSERT INTO foo VALUES (100), (101), (102);
        SELECT n, s.nextval FROM foo, TABLE(GETNEXTVAL(seq1)) s`,
        '100 | 1\n101 | 2\n102 | 3',
      ],
    ],
  },
  {
    page: '../user-guide/querying-semistructured',
    setup: [
      SALES,
      'CREATE OR REPLACE TABLE pets (v variant)',
      `INSERT INTO pets SELECT PARSE_JSON ('{"species":"dog", "name":"Fido", "is_dog":"true"} ')`,
      `INSERT INTO pets SELECT PARSE_JSON ('{"species":"cat", "name":"Bubby", "is_dog":"false"}')`,
      `INSERT INTO pets SELECT PARSE_JSON ('{"species":"cat", "name":"dog terror", "is_dog":"false"}')`,
    ],
    examples: [
      ['SELECT src:dealership FROM car_sales ORDER BY 1', '"Tindel Toyota"\n"Valley View Auto Sales"'],
      ['SELECT src:salesperson.name FROM car_sales ORDER BY 1', '"Frank Beasley"\n"Greg Northrup"'],
      ["SELECT src['salesperson']['name'] FROM car_sales ORDER BY 1", '"Frank Beasley"\n"Greg Northrup"'],
      ['SELECT SRC:Salesperson.Name FROM car_sales', 'NULL\nNULL'],
      [
        'SELECT src:customer[0].name, src:vehicle[0] FROM car_sales ORDER BY 1',
        `"Bradley Greenbloom" | {"extras":["ext warranty","rust proofing","fabric protection"],"make":"Toyota","model":"Camry","price":"23500","year":"2017"}
        "Joyce Ridgely" | {"extras":["ext warranty","paint protection"],"make":"Honda","model":"Civic","price":"20275","year":"2017"}`,
      ],
      [
        'SELECT src:customer[0].name, src:vehicle[0].price FROM car_sales ORDER BY 1',
        '"Bradley Greenbloom" | "23500"\n"Joyce Ridgely" | "20275"',
      ],
      ['SELECT src:vehicle[0].price::NUMBER * 0.10 AS tax FROM car_sales ORDER BY tax', '2027.5\n2350.0'],
      [
        'SELECT src:dealership, src:dealership::VARCHAR FROM car_sales ORDER BY 2',
        '"Tindel Toyota" | Tindel Toyota\n"Valley View Auto Sales" | Valley View Auto Sales',
      ],
      [
        "SELECT a.v, b.key, b.value FROM pets a,LATERAL FLATTEN(input => a.v) b WHERE b.value LIKE '%dog%'",
        `{"is_dog":"true","name":"Fido","species":"dog"} | species | "dog"
        {"is_dog":"false","name":"dog terror","species":"cat"} | name | "dog terror"`,
      ],
      [
        String.raw`SELECT REGEXP_REPLACE(f.path, '\\[[0-9]+\\]', '[]') AS "Path", TYPEOF(f.value) AS "Type", COUNT(*) AS "Count"
          FROM (SELECT PARSE_JSON(column1) v FROM VALUES ('{"a": 1, "b": 2, "special" : "data"}'), ('{"c": 3, "d": 4, "normal" : "data"}')),
          LATERAL FLATTEN(v, RECURSIVE=>true) f GROUP BY 1, 2 ORDER BY 1, 2`,
        `a | INTEGER | 1
        b | INTEGER | 1
        c | INTEGER | 1
        d | INTEGER | 1
        normal | VARCHAR | 1
        special | VARCHAR | 1`,
      ],
    ],
  },
  {
    page: '../user-guide/semistructured-considerations',
    examples: [
      [
        `SELECT TYPEOF(PARSE_JSON(NULL)) AS "SQL NULL", TYPEOF(PARSE_JSON('null')) AS "JSON NULL", PARSE_JSON('[ null ]'),
          TYPEOF(PARSE_JSON('{ "a": null }'):a), TYPEOF(PARSE_JSON('{ "a": null }'):b) AS "ABSENT VALUE"`,
        'NULL | NULL_VALUE | [null] | NULL_VALUE | NULL',
      ],
      [
        `SELECT column1, TO_VARCHAR(PARSE_JSON(column1):a) FROM VALUES('{"a" : null}'), ('{"b" : "hello"}'), ('{"a" : "world"}')`,
        `{"a" : null} | NULL
        {"b" : "hello"} | NULL
        {"a" : "world"} | world`,
      ],
    ],
  },
];

/** Needs INSERT ALL and GETNEXTVAL together. */
export const normalizing: Page[] = [
  {
    page: '../user-guide/querying-sequences',
    setup: [
      'CREATE OR REPLACE TABLE people (id number, firstName string, lastName string)',
      'CREATE OR REPLACE TABLE contact (id number, p_id number, c_type string, data string)',
      'CREATE OR REPLACE SEQUENCE people_seq',
      'CREATE OR REPLACE SEQUENCE contact_seq',
      'CREATE OR REPLACE TABLE input (json variant)',
      PEOPLE,
      `INSERT ALL WHEN 1=1 THEN INTO contact VALUES (c_next, p_next, contact_value:contactType, contact_value:contactData)
        WHEN contact_index = 0 THEN INTO people VALUES (p_next, person_value:firstName, person_value:lastName)
        SELECT * FROM (SELECT f1.value person_value, f2.value contact_value, f2.index contact_index, p_seq.NEXTVAL p_next, c_seq.NEXTVAL c_next
        FROM input, LATERAL FLATTEN(input.json) f1, TABLE(GETNEXTVAL(people_seq)) p_seq,
        LATERAL FLATTEN(f1.value:contacts) f2, table(GETNEXTVAL(contact_seq)) c_seq)`,
    ],
    examples: [
      ['SELECT * FROM people', '1 | John | Doe\n2 | Mister | Smith\n3 | George | Washington'],
      [
        'SELECT * FROM contact',
        `1 | 1 | phone | 1234567890
        2 | 1 | email | jdoe@example.com
        3 | 2 | phone | 0987654321
        4 | 2 | email | msmith@example.com
        5 | 3 | phone | 1231231234
        6 | 3 | email | gwashington@example.com`,
      ],
    ],
  },
];
