import type { Page } from './page.js';

const API = '../developer-guide/stored-procedure/stored-procedures-api';

/** A procedure that reads one timestamp of a type and returns what a method of SfDate says of it. */
const sfDate = (name: string, type: string, method: string) =>
  `CREATE OR REPLACE PROCEDURE ${name} RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$
    var sql_command = "SELECT '" + TSV + "'::${type};";
    var stmt = snowflake.createStatement( {sqlText: sql_command} );
    var resultSet = stmt.execute();
    resultSet.next();
    var my_sfDate = resultSet.getColumnValue(1);
    return my_sfDate.${method}();
    $$`;

/** What the guides on JavaScript procedures and functions show. */
export const javascript: Page[] = [
  {
    page: API,
    setup: [
      sfDate('test_get_nano_seconds2(TSV VARCHAR)', 'TIMESTAMP_NTZ', 'getNanoSeconds'),
      sfDate('test_get_scale(TSV VARCHAR, SCALE VARCHAR)', 'TIMESTAMP_NTZ(" + SCALE + ")', 'getScale'),
      sfDate('test_get_timezone(TSV VARCHAR)', 'TIMESTAMP_TZ', 'getTimezone'),
    ],
    examples: [
      ["CALL test_get_nano_seconds2('1970-01-01 00:00:00.000000000')", '0'],
      ["CALL test_get_scale('1970-01-01 00:00:00', '0')", '0'],
      ["CALL test_get_scale('1970-01-01 00:00:01.123', '2')", '2'],
      ["CALL test_get_scale('1971-01-01 00:00:00.000123456', '9')", '9'],
      ["CALL test_get_timezone('1970-01-01 00:00:01-08:00')", '-480'],
      ["CALL test_get_timezone('1971-01-01 00:00:00.000123456+11:00')", '660'],
    ],
  },
  {
    page: '../developer-guide/stored-procedure/stored-procedures-javascript',
    setup: [
      'CREATE OR REPLACE PROCEDURE sp_pi() RETURNS FLOAT NOT NULL LANGUAGE JAVASCRIPT AS $$ return 3.1415926; $$',
      'CREATE OR REPLACE TABLE stproc_test_table1 (num_col1 numeric(14,7))',
      `CREATE OR REPLACE PROCEDURE stproc1(FLOAT_PARAM1 FLOAT) RETURNS STRING LANGUAGE JAVASCRIPT STRICT EXECUTE AS OWNER AS $$
        var sql_command = "INSERT INTO stproc_test_table1 (num_col1) VALUES (" + FLOAT_PARAM1 + ")";
        try { snowflake.execute ( {sqlText: sql_command} ); return "Succeeded."; }
        catch (err) { return "Failed: " + err; } $$`,
      `CREATE OR REPLACE PROCEDURE get_row_count(table_name VARCHAR) RETURNS FLOAT NOT NULL LANGUAGE JAVASCRIPT AS $$
        var row_count = 0;
        var sql_command = "select count(*) from " + TABLE_NAME;
        var stmt = snowflake.createStatement( { sqlText: sql_command } );
        var res = stmt.execute();
        res.next();
        row_count = res.getColumnValue(1);
        return row_count; $$`,
      'CREATE OR REPLACE TABLE stproc_test_table2 (col1 FLOAT)',
      `CREATE OR REPLACE PROCEDURE recursive_stproc(counter FLOAT) RETURNS varchar NOT NULL LANGUAGE javascript AS $$
        var counter1 = COUNTER;
        var returned_value = "";
        var accumulator = "";
        var stmt = snowflake.createStatement(
          { sqlText: "INSERT INTO stproc_test_table2 (col1) VALUES (?);", binds:[counter1] });
        var res = stmt.execute();
        if (COUNTER > 0) {
          stmt = snowflake.createStatement( { sqlText: "call recursive_stproc (?);", binds:[counter1 - 1] });
          res = stmt.execute();
          res.next();
          returned_value = res.getColumnValue(1);
        }
        accumulator = accumulator + counter1 + ":" + returned_value;
        return accumulator; $$`,
      'CREATE OR REPLACE TABLE stproc_test_table3 (n10 numeric(10,0), n12 numeric(12,4), v1 varchar(19))',
      `CREATE OR REPLACE PROCEDURE get_column_scale(column_index float) RETURNS float NOT NULL LANGUAGE javascript AS $$
        var stmt = snowflake.createStatement( {sqlText: "select n10, n12, v1 from stproc_test_table3;"} );
        stmt.execute();
        return stmt.getColumnScale(COLUMN_INDEX); $$`,
      `CREATE OR REPLACE PROCEDURE broken() RETURNS varchar NOT NULL LANGUAGE javascript AS
      $$
      var result = "";
      try {
          snowflake.execute( {sqlText: "Invalid Command!;"} );
          result = "Succeeded";
          }
      catch (err)  {
          result =  "Failed: Code: " + err.code + "\\n  State: " + err.state;
          result += "\\n  Message: " + err.message;
          result += "\\nStack Trace:\\n" + err.stackTraceTxt;
          }
      return result;
      $$`,
      `CREATE OR REPLACE PROCEDURE validate_age (age float) RETURNS VARCHAR LANGUAGE JAVASCRIPT EXECUTE AS CALLER AS $$
        try {
          if (AGE < 0) { throw "Age cannot be negative!"; } else { return "Age validated."; }
        } catch (err) { return "Error: " + err; } $$`,
      'CREATE OR REPLACE TABLE western_provinces(ID INT, province VARCHAR)',
      `INSERT INTO western_provinces(ID, province) VALUES (1, 'Alberta'), (2, 'British Columbia'), (3, 'Manitoba')`,
      `CREATE OR REPLACE PROCEDURE read_western_provinces() RETURNS VARCHAR NOT NULL LANGUAGE JAVASCRIPT AS $$
        var return_value = "";
        try {
          var command = "SELECT * FROM western_provinces ORDER BY province;"
          var stmt = snowflake.createStatement( {sqlText: command } );
          var rs = stmt.execute();
          if (rs.next()) {
            return_value += rs.getColumnValue(1);
            return_value += ", " + rs.getColumnValue(2);
          }
          while (rs.next()) {
            return_value += "\\n";
            return_value += rs.getColumnValue(1);
            return_value += ", " + rs.getColumnValue(2);
          }
        }
        catch (err) { result = "Failed: Code: " + err.code + "\\n  State: " + err.state; }
        return return_value; $$`,
      `CREATE OR REPLACE PROCEDURE sp_return_array() RETURNS VARIANT NOT NULL LANGUAGE JAVASCRIPT AS $$
        var array_of_rows = [];
        array_of_rows.push("ERROR: The foo was barred.")
        array_of_rows.push("WARNING: A Carrington Event is predicted.")
        return array_of_rows; $$`,
      'CREATE OR REPLACE TABLE return_to_me(col_i INT, col_v VARCHAR)',
      `INSERT INTO return_to_me (col_i, col_v) VALUES (1, 'Ariel'), (2, 'October'), (3, NULL), (NULL, 'Project')`,
      `CREATE OR REPLACE PROCEDURE sp_return_table(TABLE_NAME VARCHAR, COL_NAMES ARRAY) RETURNS VARIANT NOT NULL LANGUAGE JAVASCRIPT AS $$
        var row_as_json = {};
        var array_of_rows = [];
        var table_as_json = {};
        var stmt = snowflake.createStatement( {sqlText: "SELECT * FROM " + TABLE_NAME} );
        var rs = stmt.execute();
        while (rs.next()) {
          row_as_json = {};
          for (var col_num = 0; col_num < COL_NAMES.length; col_num = col_num + 1) {
            var col_name = COL_NAMES[col_num];
            row_as_json[col_name] = rs.getColumnValue(col_num + 1);
          }
          array_of_rows.push(row_as_json);
        }
        table_as_json = { "key1" : array_of_rows };
        return table_as_json; $$`,
      `CREATE OR REPLACE PROCEDURE right_bind(TIMESTAMP_VALUE VARCHAR) RETURNS BOOLEAN LANGUAGE JAVASCRIPT AS $$
        var cmd = "SELECT CURRENT_DATE() > TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS')";
        var stmt = snowflake.createStatement( { sqlText: cmd, binds: [TIMESTAMP_VALUE] } );
        var result1 = stmt.execute();
        result1.next();
        return result1.getColumnValue(1); $$`,
      `CREATE OR REPLACE TABLE table1 (v VARCHAR, ts1 TIMESTAMP_LTZ(9), int1 INTEGER, float1 FLOAT, numeric1 NUMERIC(10,9),
        ts_ntz1 TIMESTAMP_NTZ, date1 DATE, time1 TIME)`,
      `CREATE OR REPLACE PROCEDURE string_to_timestamp_ltz(TSV VARCHAR) RETURNS TIMESTAMP_LTZ LANGUAGE JAVASCRIPT AS $$
        var sql_command = "SELECT '" + TSV + "'::TIMESTAMP_LTZ;";
        var stmt = snowflake.createStatement( {sqlText: sql_command} );
        var resultSet = stmt.execute();
        resultSet.next();
        var my_sfDate = resultSet.getColumnValue(1);
        f = 3.1415926;
        sql_command = \`INSERT INTO table1 VALUES(:1, :2, :3, :4, :5, :6, :7, :8);\`
        result = snowflake.execute(
          { sqlText: sql_command, binds: [TSV, my_sfDate, f, f, f, my_sfDate, my_sfDate, '12:30:00.123' ] });
        return my_sfDate; $$`,
    ],
    examples: [
      ['CALL sp_pi()', '3.1415926'],
      ['CALL stproc1(5.14::FLOAT)', 'Succeeded.'],
      ['SELECT * FROM stproc_test_table1', '5.1400000'],
      ["CALL get_row_count('western_provinces')", '3'],
      ['CALL recursive_stproc(4.0::FLOAT)', '4:3:2:1:0:'],
      ['SELECT * FROM stproc_test_table2 ORDER BY col1', '0\n1\n2\n3\n4'],
      ['CALL get_column_scale(1)', '0'],
      ['CALL get_column_scale(2)', '4'],
      ['CALL get_column_scale(3)', '0'],
      [
        'CALL broken()',
        [
          [
            "Failed: Code: 1003\n  State: 42000\n  Message: SQL compilation error:\nsyntax error line 1 at position 0 unexpected 'Invalid'.\nStack Trace:\nSnowflake.execute, line 4 position 20",
          ],
        ],
      ],
      ['CALL validate_age(50)', 'Age validated.'],
      ['CALL validate_age(-2)', 'Error: Age cannot be negative!'],
      ['CALL read_western_provinces()', [['1, Alberta\n2, British Columbia\n3, Manitoba']]],
      [
        `CALL read_western_provinces();
        SELECT '>>>' || read_western_provinces || '<<<' FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))`,
        [['>>>1, Alberta\n2, British Columbia\n3, Manitoba<<<']],
      ],
      [
        'CALL sp_return_array()',
        '["ERROR: The foo was barred.","WARNING: A Carrington Event is predicted."]',
      ],
      [
        `CALL sp_return_array();
        SELECT INDEX, VALUE FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) AS res, LATERAL FLATTEN(INPUT => res.$1) ORDER BY index`,
        '0 | "ERROR: The foo was barred."\n1 | "WARNING: A Carrington Event is predicted."',
      ],
      [
        "CALL sp_return_table('return_to_me', ARRAY_APPEND(TO_ARRAY('COL_I'), 'COL_V'))",
        '{"key1":[{"COL_I":1,"COL_V":"Ariel"},{"COL_I":2,"COL_V":"October"},{"COL_I":3,"COL_V":null},{"COL_I":null,"COL_V":"Project"}]}',
      ],
      ["CALL right_bind('2019-09-16 01:02:03')", 'true'],
      ["CALL string_to_timestamp_ltz('2008-11-18 16:00:00')", '2008-11-18 16:00:00.000 -0800'],
      [
        // The documentation prints six decimals of the two numbers.
        'SELECT v, ts1, int1, ROUND(float1, 6), ROUND(numeric1, 6)::NUMERIC(10,9), ts_ntz1, date1, time1 FROM table1',
        '2008-11-18 16:00:00 | 2008-11-18 16:00:00.000 -0800 | 3 | 3.141593 | 3.141593000 | 2008-11-18 16:00:00.000 | 2008-11-18 | 12:30:00',
      ],
    ],
  },
  {
    page: '../developer-guide/udf/javascript/udf-javascript-introduction',
    setup: [
      'CREATE OR REPLACE FUNCTION my_array_reverse(a ARRAY) RETURNS ARRAY LANGUAGE JAVASCRIPT AS $$ return A.reverse(); $$',
      `CREATE OR REPLACE FUNCTION flatten_complete(v variant) RETURNS variant LANGUAGE JAVASCRIPT AS '
        function flatten(input) {
          var returnArray = [];
          if (Array.isArray(input)) {
            var arrayLength = input.length;
            for (var i = 0; i < arrayLength; i++) { returnArray.push.apply(returnArray, flatten(input[i])); }
          } else if (typeof input === "object") {
            for (var key in input) {
              if (input.hasOwnProperty(key)) { returnArray.push.apply(returnArray, flatten(input[key])); }
            }
          } else { returnArray.push(input); }
          return returnArray;
        };
        return flatten(V);'`,
      "CREATE OR REPLACE FUNCTION add5(n double) RETURNS double LANGUAGE JAVASCRIPT AS 'return N + 5;'",
      `CREATE OR REPLACE FUNCTION add5_quoted("n" double) RETURNS double LANGUAGE JAVASCRIPT AS 'return n + 5;'`,
      'create or replace table strings (s string)',
      "insert into strings values (null), ('non-null string')",
      `CREATE OR REPLACE FUNCTION string_reverse_nulls(s string) RETURNS string LANGUAGE JAVASCRIPT AS '
        if (S === undefined) { return "string was null"; } else { return undefined; }'`,
      `CREATE OR REPLACE FUNCTION variant_nulls_text(V VARIANT) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS '
        if (V === undefined) { return "input was SQL null"; }
        else if (V === null) { return "input was variant null"; } else { return V; }'`,
      `CREATE OR REPLACE FUNCTION variant_nulls(V VARIANT) RETURNS variant LANGUAGE JAVASCRIPT AS $$
        if (V == 'return undefined') { return undefined; }
        else if (V == 'return null') { return null; }
        else if (V == 3) { return { key1 : undefined, key2 : null }; }
        else { return V; } $$`,
    ],
    examples: [
      ['SELECT my_array_reverse(ARRAY_CONSTRUCT(1, 2, 3))', '[3,2,1]'],
      [
        `select value from table(flatten(flatten_complete(parse_json('[
          {"key1" : [1, 2], "key2" : ["string1", "string2"]}, {"key3" : [{"inner key 1" : 10, "inner key 2" : 11}, 12]} ]'))))`,
        '1\n2\n"string1"\n"string2"\n10\n11\n12',
      ],
      ['select add5(0.0)', '5'],
      ['select add5_quoted(0.0)', '5'],
      ['select string_reverse_nulls(s) from strings order by 1', 'string was null\nNULL'],
      [
        "select null, variant_nulls_text(cast(null as variant)), variant_nulls_text(PARSE_JSON('null'))",
        'NULL | input was SQL null | input was variant null',
      ],
      [
        // As texts, because the driver gives null for a JSON null.
        "select TO_JSON(variant_nulls('return undefined'::VARIANT)), TO_JSON(variant_nulls('return null'::VARIANT)), TO_JSON(variant_nulls(3))",
        'NULL | null | {"key2":null}',
      ],
    ],
  },
];

/** What the guides on logging and tracing show for JavaScript, in an event table of their own. */
export const telemetry: Page[] = [
  {
    page: '../developer-guide/logging-tracing/logging-javascript',
    setup: [
      'CREATE OR REPLACE EVENT TABLE my_events',
      'ALTER DATABASE examples SET EVENT_TABLE = examples.public.my_events',
      'ALTER DATABASE examples SET LOG_LEVEL = INFO',
      `CREATE OR REPLACE PROCEDURE do_logging_javascript() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS $$
        let log_attributes = { "custom1": "value1", "custom2": "value2" }
        snowflake.log("info", "Logging with attributes", log_attributes)
        return "success"; $$`,
    ],
    examples: [
      ['CALL do_logging_javascript()', 'success'],
      [
        'SELECT VALUE, RECORD_ATTRIBUTES FROM my_events',
        '"Logging with attributes" | {"custom1":"value1","custom2":"value2"}',
      ],
      [
        `SET event_table_name='examples.public.my_events';
        SELECT RECORD['severity_text'] AS SEVERITY, VALUE AS MESSAGE FROM IDENTIFIER($event_table_name)
        WHERE RESOURCE_ATTRIBUTES['snow.executable.name'] LIKE '%DO_LOGGING_JAVASCRIPT%' AND RECORD_TYPE = 'LOG'`,
        '"INFO" | "Logging with attributes"',
      ],
    ],
  },
  {
    page: '../developer-guide/logging-tracing/tracing-javascript',
    setup: [
      `create or replace procedure PI_JS() returns double language javascript as $$
        snowflake.addEvent('name_a');
        snowflake.addEvent('name_b', {'score': 89, 'pass': true});
        snowflake.setSpanAttribute("example.boolean", true);
        snowflake.setSpanAttribute("example.long", 2);
        snowflake.setSpanAttribute("example.double", 2.5);
        snowflake.setSpanAttribute("example.string", "testAttribute");
        return 3.14; $$`,
      'ALTER PROCEDURE PI_JS() SET TRACE_LEVEL = ON_EVENT',
    ],
    examples: [
      ['CALL PI_JS()', '3.14'],
      [
        "SELECT RECORD, RECORD_ATTRIBUTES FROM my_events WHERE RECORD_TYPE = 'SPAN_EVENT'",
        '{"name":"name_a"} | NULL\n{"name":"name_b"} | {"pass":true,"score":89}',
      ],
      [
        "SELECT RECORD, RECORD_ATTRIBUTES FROM my_events WHERE RECORD_TYPE = 'SPAN'",
        '{"kind":"SPAN_KIND_INTERNAL","name":"snow.auto_instrumented","status":{"code":"STATUS_CODE_UNSET"}} | {"example.boolean":true,"example.double":2.5,"example.long":2,"example.string":"testAttribute"}',
      ],
    ],
  },
  {
    page: '../developer-guide/logging-tracing/unhandled-exception-messages',
    setup: [
      'TRUNCATE TABLE my_events',
      `CREATE OR REPLACE FUNCTION compute(price VARCHAR) RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$
        throw new TypeError("could not convert string to float: '" + PRICE + "'"); $$`,
      'ALTER FUNCTION compute(VARCHAR) SET TRACE_LEVEL = ALWAYS',
      `EXECUTE IMMEDIATE $$
        CREATE OR REPLACE PROCEDURE try_compute() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS
          'try { snowflake.execute({sqlText: "SELECT compute(\\'$1,000,000.00\\')"}); } catch (e) { return "failed"; }' $$`,
      'CALL try_compute()',
    ],
    examples: [
      [
        `SELECT RECORD['severity_text'] AS severity, RECORD_ATTRIBUTES['exception.message'] AS error_message,
          RECORD_ATTRIBUTES['exception.type'] AS exception_type FROM my_events WHERE RECORD_TYPE = 'LOG'`,
        `"FATAL" | "could not convert string to float: '$1,000,000.00'" | "TypeError"`,
      ],
      [
        "SELECT RECORD['status']['code'] AS span_status FROM my_events WHERE record_type = 'SPAN'",
        '"STATUS_CODE_ERROR"',
      ],
      [
        `SELECT RECORD['name'] AS event_name, RECORD_ATTRIBUTES['exception.message'] AS error_message,
          RECORD_ATTRIBUTES['exception.type'] AS exception_type FROM my_events WHERE RECORD_TYPE = 'SPAN_EVENT'`,
        `"exception" | "could not convert string to float: '$1,000,000.00'" | "TypeError"`,
      ],
    ],
  },
];
