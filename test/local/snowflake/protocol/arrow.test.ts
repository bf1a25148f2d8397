import { randomUUID } from 'node:crypto';
import { arrowResult } from '@local-cloud/snowflake/protocol/arrow-results.js';
import type { Cell, DataType } from '@local-cloud/snowflake/types/data-type.js';
import * as arrow from 'apache-arrow';
import { expect } from 'chai';
import fc from 'fast-check';
import { type TestSnowflake, withSnowflake } from '../support.js';

/** Digits with a point before the last `scale` of them. */
function pointed(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

/** What a client makes of a value: the text that JSON results carry, by the field's metadata alone. */
function cellOf(field: arrow.Field, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  const scale = Number(field.metadata.get('scale'));
  const logical = field.metadata.get('logicalType');
  const parts = value as Record<string, number | bigint | undefined>;
  const instant = () => {
    if (typeof value === 'bigint') return pointed(value, scale);
    const epoch = BigInt(parts.epoch!);
    if (parts.fraction === undefined) return pointed(epoch, scale);
    return pointed(epoch * 1_000_000_000n + BigInt(parts.fraction!), 9).slice(0, scale - 9 || undefined);
  };
  switch (logical) {
    case 'FIXED': {
      if (typeof value === 'number' || typeof value === 'bigint') return pointed(BigInt(value), scale);
      const [a, b, c, d] = [...(value as Uint32Array)].map(BigInt) as [bigint, bigint, bigint, bigint];
      return pointed(BigInt.asIntN(128, a | (b << 32n) | (c << 64n) | (d << 96n)), scale);
    }
    case 'REAL':
      return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
    case 'BOOLEAN':
      return value ? '1' : '0';
    case 'DATE':
      return String(Number(value) / 86_400_000);
    case 'TIME':
      return pointed(BigInt(value as number), scale);
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return instant();
    case 'TIMESTAMP_TZ':
      return `${instant()} ${parts.timezone}`;
    case 'BINARY':
      return Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase();
    default:
      return String(value);
  }
}

const integer = (digits: number) =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n });
const scales = fc.integer({ min: 0, max: 9 });
/** Points in time from the year 1 to 9999, in units of a scale. */
const ticks = (scale: number) =>
  fc.bigInt({ min: -62_135_596_800n * 10n ** BigInt(scale), max: 253_402_300_799n * 10n ** BigInt(scale) });

/** A type, and cells of it as they travel in JSON. */
const columns: fc.Arbitrary<[type: DataType, cells: Cell[]]> = fc
  .oneof(
    fc.integer({ min: 1, max: 38 }).chain((precision) =>
      fc
        .tuple(fc.integer({ min: 0, max: Math.min(37, precision) }), fc.integer({ min: 1, max: precision }))
        .map(([scale, digits]) => ({
          type: { kind: 'NUMBER', precision, scale } as DataType,
          cell: integer(digits).map((value) => pointed(value, scale)),
        })),
    ),
    fc.constant({
      type: { kind: 'FLOAT' } as DataType,
      cell: fc.double().map((value) => String(value).replace('Infinity', 'inf').replace('NaN', 'nan')),
    }),
    fc.constant({ type: { kind: 'BOOLEAN' } as DataType, cell: fc.constantFrom('0', '1') }),
    fc.constant({
      type: { kind: 'DATE' } as DataType,
      cell: fc.integer({ min: -719_162, max: 2_932_896 }).map(String),
    }),
    scales.map((scale) => ({
      type: { kind: 'TIME', scale } as DataType,
      cell: fc
        .bigInt({ min: 0n, max: 86_400n * 10n ** BigInt(scale) - 1n })
        .map((value) => pointed(value, scale)),
    })),
    fc
      .tuple(scales, fc.constantFrom('TIMESTAMP_NTZ' as const, 'TIMESTAMP_LTZ' as const))
      .map(([scale, kind]) => ({
        type: { kind, scale } as DataType,
        cell: ticks(scale).map((value) => pointed(value, scale)),
      })),
    scales.map((scale) => ({
      type: { kind: 'TIMESTAMP_TZ', scale } as DataType,
      cell: fc
        .tuple(ticks(scale), fc.integer({ min: 0, max: 2880 }))
        .map(([value, zone]) => `${pointed(value, scale)} ${zone}`),
    })),
    fc.constant({ type: { kind: 'TEXT', length: 100 } as DataType, cell: fc.string({ unit: 'grapheme' }) }),
    fc.constant({ type: { kind: 'VARIANT' } as DataType, cell: fc.json() }),
    fc.constant({
      type: { kind: 'BINARY', length: 100 } as DataType,
      cell: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
    }),
  )
  .chain(({ type, cell }) => fc.tuple(fc.constant(type), fc.array(fc.option(cell), { maxLength: 40 })));

describe('results in the Arrow format', () => {
  it('hold the values that JSON results hold, in parts of one layout', () => {
    fc.assert(
      fc.property(fc.array(columns, { minLength: 1, maxLength: 4 }), fc.nat(40), (made, at) => {
        const height = Math.min(...made.map(([, cells]) => cells.length));
        const rows = Array.from({ length: height }, (_, i) => made.map(([, cells]) => cells[i]!));
        const described = made.map(([type], i) => ({ name: `C${i}`, type, nullable: true }));
        const result = arrowResult(arrow, described, rows);
        const parts = [result.part(0, at), result.part(at, height)].filter((part) => part.length > 0);
        const tables = parts.map((part) => arrow.tableFromIPC(part));
        const read = tables.flatMap((table) =>
          Array.from({ length: table.numRows }, (_, i) =>
            table.schema.fields.map((field, column) => cellOf(field, table.getChildAt(column)!.get(i))),
          ),
        );
        const wanted = rows.map((row) => row.map((cell) => (cell === '-0' ? '0' : cell)));
        expect(read).to.deep.equal(wanted);
        expect(new Set(tables.map(({ schema }) => String(schema))).size).to.be.at.most(1);
      }),
    );
  });

  it('keep a NUMBER in the smallest integers that hold all of its values', () => {
    const typeOf = (...cells: Cell[]) => {
      const type: DataType = { kind: 'NUMBER', precision: 38, scale: 1 };
      const rows = cells.map((cell) => [cell]);
      const part = arrowResult(arrow, [{ name: 'N', type, nullable: true }], rows).part(0, cells.length);
      return String(arrow.tableFromIPC(part).schema.fields[0]!.type);
    };
    expect(typeOf('12.7', null, '-12.8')).to.equal('Int8');
    expect(typeOf('0.0', '12.8')).to.equal('Int16');
    expect(typeOf('214748364.7')).to.equal('Int32');
    expect(typeOf('-922337203685477580.8')).to.equal('Int64');
    expect(typeOf('922337203685477580.8')).to.match(/^Decimal/);
  });

  it('keep columns of one name apart', () => {
    const described = (['NUMBER', 'TEXT', 'BOOLEAN'] as const).map((kind) => {
      const type = { kind, precision: 1, scale: 0, length: 1 } as DataType;
      return { name: '?', type, nullable: kind === 'TEXT' };
    });
    const part = arrowResult(arrow, described, [['1', 'x', '0']]).part(0, 1);
    const [batch] = [...arrow.RecordBatchReader.from(part)];
    const values = batch!.data.children.map((_, i) => batch!.getChildAt(i)!.get(0));
    expect(values).to.deep.equal([1, 'x', false]);
  });

  it('write a DECFLOAT as digits and the power of ten that they stand for', () => {
    const type: DataType = { kind: 'DECFLOAT' };
    const cells = ['1.5e100', '-0.001', '0', '12345678901234567890123456789012345678'];
    const rows = cells.map((cell) => [cell]);
    const part = arrowResult(arrow, [{ name: 'D', type, nullable: true }], rows).part(0, 4);
    const column = arrow.tableFromIPC(part).getChildAt(0)!;
    const read = cells.map((_, i) => {
      const { exponent, significand } = column.get(i) as { exponent: number; significand: Uint8Array };
      return [
        BigInt.asIntN(8 * significand.length, BigInt(`0x${Buffer.from(significand).toString('hex')}`)),
        exponent,
      ];
    });
    expect(read).to.deep.equal([
      [15n, 99],
      [-1n, -3],
      [0n, 0],
      [12345678901234567890123456789012345678n, 0],
    ]);
  });
});

describe('who gets results in the Arrow format', () => {
  interface Answer {
    data: {
      token: string;
      queryResultFormat: string;
      rowset?: Cell[][];
      rowsetBase64?: string;
      resultIds?: string;
      chunks?: { url: string; rowCount: number }[];
      total: number;
    };
  }
  let snowflake: TestSnowflake;
  const post = async (path: string, body: unknown, token?: string): Promise<Answer['data']> => {
    const response = await fetch(`${snowflake.server.accessUrl}${path}`, {
      method: 'POST',
      headers: token ? { authorization: `Snowflake Token="${token}"` } : {},
      body: JSON.stringify(body),
    });
    return ((await response.json()) as Answer).data;
  };
  /** A session of a client that says this of itself. */
  const clientOf = async (client: Record<string, unknown>) => {
    const { account, user, password } = snowflake.server;
    const data = { ACCOUNT_NAME: account, LOGIN_NAME: user, PASSWORD: password, ...client };
    const { token } = await post('/session/v1/login-request', { data });
    return async (sqlText: string, parameters = {}) => ({
      ...(await post(`/queries/v1/query-request?requestId=${randomUUID()}`, { sqlText, parameters }, token)),
      token,
    });
  };
  const python = { CLIENT_APP_ID: 'PythonSnowpark', CLIENT_ENVIRONMENT: { PYTHON_VERSION: '3.11' } };

  before(async () => {
    snowflake = await withSnowflake();
  });
  after(() => snowflake.close());

  it('is a client of Python, Java or Go, and no other', async () => {
    const formats = [];
    for (const client of [
      python,
      { CLIENT_APP_ID: 'JDBC' },
      { CLIENT_APP_ID: 'Go' },
      { CLIENT_APP_ID: 'JavaScript' },
    ])
      formats.push((await (await clientOf(client))('SELECT 1')).queryResultFormat);
    expect(formats).to.deep.equal(['arrow', 'arrow', 'arrow', 'json']);
  });

  it('changes with the client’s parameter, for a session or a statement', async () => {
    const query = await clientOf(python);
    const formatOf = async (parameters = {}) => (await query('SELECT 1', parameters)).queryResultFormat;
    expect(await formatOf({ PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: 'JSON' })).to.equal('json');
    await query('ALTER SESSION SET JDBC_QUERY_RESULT_FORMAT = JSON');
    expect(await formatOf()).to.equal('arrow');
    await query('ALTER SESSION SET PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = JSON');
    expect(await formatOf()).to.equal('json');
    expect(await formatOf({ PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: 'ARROW' })).to.equal('arrow');
  });

  it('gets what the request asked for of each of several statements', async () => {
    const query = await clientOf(python);
    for (const [format, wanted] of [
      ['JSON', 'json'],
      ['ARROW', 'arrow'],
    ]) {
      const parameters = { PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: format, MULTI_STATEMENT_COUNT: 2 };
      const { resultIds, token } = await query('SELECT 1; SELECT 2', parameters);
      for (const id of resultIds!.split(',')) {
        const response = await fetch(`${snowflake.server.accessUrl}/queries/${id}/result`, {
          headers: { authorization: `Snowflake Token="${token}"` },
        });
        expect(((await response.json()) as Answer).data.queryResultFormat).to.equal(wanted);
      }
    }
  });

  it('gets JSON of statements that are no queries', async () => {
    const query = await clientOf(python);
    for (const sql of [
      'SHOW DATABASES',
      'BEGIN',
      'CREATE DATABASE d',
      'CREATE TABLE d.public.t (a INT)',
      'INSERT INTO d.public.t VALUES (1)',
    ])
      expect((await query(sql)).queryResultFormat, sql).to.equal('json');
    expect((await query('SELECT a FROM d.public.t')).queryResultFormat).to.equal('arrow');
  });

  it('gets large results in chunks of Arrow, and nothing for an empty one', async () => {
    const query = await clientOf(python);
    const sql = `SELECT SEQ8() a, 'x' || SEQ8() b, IFF(SEQ8() % 3 = 0, NULL, SEQ8() / 4) c FROM TABLE(GENERATOR(ROWCOUNT => 80001))`;
    const { rowsetBase64, chunks, total } = await query(sql);
    const parts = [Buffer.from(rowsetBase64!, 'base64')];
    for (const { url } of chunks!) parts.push(Buffer.from(await (await fetch(url)).arrayBuffer()));
    const rows = parts.flatMap((part) =>
      arrow
        .tableFromIPC(part)
        .toArray()
        .map((row) => row!.toArray() as [number, string, number | null]),
    );
    expect(parts.length).to.be.greaterThan(2);
    expect([total, rows.length]).to.deep.equal([80_001, 80_001]);
    const wrong = rows.filter(
      ([a, b, c], i) =>
        Number(a) !== i || b !== `x${i}` || (i % 3 === 0 ? c !== null : Number(c) !== i * 250_000),
    );
    expect(wrong).to.deep.equal([]);
    expect(await query('SELECT 1 a WHERE FALSE')).to.include({ rowsetBase64: '', total: 0 });
  });
});
