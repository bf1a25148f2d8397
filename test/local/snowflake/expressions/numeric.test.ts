import { failing, page } from './documented.js';

describe('numeric functions, as documented', () => {
  page('operators-arithmetic', [
    ['SELECT 10.01 n1, 1.1 n2, n1 * n2', [['10.01', '1.1', '11.011']]],
    ['SELECT 10.001 n1, .001 n2, n1 * n2', [['10.001', '0.001', '0.010001']]],
    ['SELECT .1 n1, .0000000000001 n2, n1 * n2', [['0.1', '0.0000000000001', '0.0000000000000']]],
    ['SELECT 2 n1, 7 n2, n1 / n2', [['2', '7', '0.285714']]],
    ['SELECT 10.1 n1, 2.1 n2, n1 / n2', [['10.1', '2.1', '4.8095238']]],
    ['SELECT 10.001 n1, .001 n2, n1 / n2', [['10.001', '0.001', '10001.000000000']]],
    ['SELECT .1 n1, .0000000000001 n2, n1 / n2', [['0.1', '0.0000000000001', '1000000000000.0000000']]],
  ]);
  page('functions/round', [
    ['SELECT ROUND(135.135), ROUND(-975.975)', [['135', '-976']]],
    ["SELECT ROUND(2.5, 0), ROUND(2.5, 0, 'HALF_TO_EVEN')", [['3', '2']]],
    ["SELECT ROUND(-2.5, 0), ROUND(-2.5, 0, 'HALF_TO_EVEN')", [['-3', '-2']]],
    ['SELECT ROUND(EXPR => -2.5, SCALE => 0) AS named_arguments', [['-3']]],
    ["SELECT ROUND(EXPR => -2.5, SCALE => 0, ROUNDING_MODE => 'HALF_TO_EVEN')", [['-2']]],
    [
      `SELECT n, scale, ROUND(n, scale) FROM (SELECT column1::FLOAT n, column2::INTEGER scale FROM VALUES
        (-975.975, -1), (-975.975, 0), (-975.975, 2), (135.135, -2), (135.135, 0), (135.135, 1), (135.135, 3),
        (135.135, 50), (135.135, NULL)) ORDER BY n, scale`,
      [
        ['-975.975', '-1', '-980'],
        ['-975.975', '0', '-976'],
        ['-975.975', '2', '-975.98'],
        ['135.135', '-2', '100'],
        ['135.135', '0', '135'],
        ['135.135', '1', '135.1'],
        ['135.135', '3', '135.135'],
        ['135.135', '50', '135.135'],
        ['135.135', null, null],
      ],
    ],
    [
      `SELECT f, ROUND(f, 2), d, ROUND(d, 2) FROM (SELECT column1::FLOAT f, column1::DECIMAL(10, 3) d
        FROM VALUES (-10.005), (-1.005), (1.005), (10.005)) ORDER BY 1`,
      [
        ['-10.005', '-10.01', '-10.005', '-10.01'],
        ['-1.005', '-1', '-1.005', '-1.01'],
        ['1.005', '1', '1.005', '1.01'],
        ['10.005', '10.01', '10.005', '10.01'],
      ],
    ],
  ]);

  page('functions/trunc', [
    [
      `SELECT n, scale, TRUNC(n, scale) FROM (SELECT column1::FLOAT n, column2::INTEGER scale FROM VALUES
        (-975.975, -1), (-975.975, 0), (-975.975, 2), (135.135, -2), (135.135, 0), (135.135, 1), (135.135, 3),
        (135.135, 50), (135.135, NULL)) ORDER BY n, scale`,
      [
        ['-975.975', '-1', '-970'],
        ['-975.975', '0', '-975'],
        ['-975.975', '2', '-975.97'],
        ['135.135', '-2', '100'],
        ['135.135', '0', '135'],
        ['135.135', '1', '135.1'],
        ['135.135', '3', '135.135'],
        ['135.135', '50', '135.135'],
        ['135.135', null, null],
      ],
    ],
    ['SELECT TRUNCATE(-9.6), TRUNCATE(3.14, 1), TRUNCATE(33.33, -1)', [['-9', '3.1', '30']]],
  ]);
  page('functions/width_bucket', [
    [
      `SELECT sale_date, price, WIDTH_BUCKET(price, 200000, 600000, 4) AS "SALES GROUP"
        FROM (SELECT column1::DATE sale_date, column2::NUMBER(11, 2) price FROM VALUES ('2013-08-01', 290000.00),
        ('2014-02-01', 320000.00), ('2015-04-01', 399999.99), ('2016-04-01', 400000.00), ('2017-04-01', 470000.00),
        ('2018-04-01', 510000.00)) ORDER BY sale_date`,
      [
        ['2013-08-01', '290000.00', '1'],
        ['2014-02-01', '320000.00', '2'],
        ['2015-04-01', '399999.99', '2'],
        ['2016-04-01', '400000.00', '3'],
        ['2017-04-01', '470000.00', '3'],
        ['2018-04-01', '510000.00', '4'],
      ],
    ],
  ]);
  page('functions/to_decimal', [
    [
      "SELECT TO_NUMBER(e), TO_NUMBER(e, 10, 1), TO_NUMBER(e, 10, 8) FROM (SELECT column1 e FROM VALUES ('12.3456'), ('98.76546'))",
      [
        ['12', '12.3', '12.34560000'],
        ['99', '98.8', '98.76546000'],
      ],
    ],
    [
      `SELECT column1, TO_DECIMAL(column1, '99.9') as D0, TO_DECIMAL(column1, '99.9', 9, 5) as D5,
        TO_DECIMAL(column1, 'TM9', 9, 5) as TD5 FROM VALUES ('1.0'), ('-12.3'), ('0.0'), ('- 0.1')`,
      [
        ['1.0', '1', '1.00000', '1.00000'],
        ['-12.3', '-12', '-12.30000', '-12.30000'],
        ['0.0', '0', '0.00000', '0.00000'],
        ['- 0.1', '0', '-0.10000', '-0.10000'],
      ],
    ],
    [
      "SELECT TO_DECIMAL('3,741.72', '9,999.99', 6, 2), TO_DECIMAL('$3,741.72', '$9,999.99', 6, 2)",
      [['3741.72', '3741.72']],
    ],
    ["SELECT TO_DECIMAL('ae5', 'XXX')", [['2789']]],
  ]);
  failing('functions/to_decimal', [
    ["SELECT TO_NUMBER('12.3456', 10, 9)", '100039', "Numeric value '12.3456' is out of range"],
    ["SELECT TO_DECIMAL('ae5', 'XX')", '100140', "Can't parse 'ae5' as number with format 'XX'"],
  ]);
});
