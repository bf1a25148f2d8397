import { DuckDBInstance } from '@duckdb/node-api';
import { cellLiteral, fromCell, microsOf } from '@local-cloud/snowflake/types/cells.js';
import type { DataType } from '@local-cloud/snowflake/types/data-type.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('literals of points in time', () => {
  const types: DataType[] = [
    { kind: 'TIMESTAMP_NTZ', scale: 9 },
    { kind: 'TIMESTAMP_LTZ', scale: 9 },
  ];
  /** Seconds since 1970 as cells have them, years 1 to 5138. */
  const cells = fc
    .tuple(
      fc.integer({ min: -62_135_596_800, max: 99_999_999_999 }),
      fc.integer({ min: 0, max: 999_999_999 }),
    )
    .map(([seconds, nanos]) => `${seconds}.${String(nanos).padStart(9, '0')}`);

  it('are what DuckDB reads out of their texts, whole microseconds or not', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.oneof(
          cells,
          cells.map((cell) => `${cell.slice(0, -3)}000`),
        ),
        async (type, cell) => {
          const read = fromCell(type, `'${cell}'`);
          const { sql } = cellLiteral(type, cell);
          const result = await connection.runAndReadAll(
            `SELECT ${sql} = ${read}, typeof(${sql}) = typeof(${read})`,
          );
          expect(result.getRows()).to.deep.equal([[true, true]]);
        },
      ),
    );
    connection.closeSync();
    instance.closeSync();
  });

  it('are written as microseconds where they are whole', () => {
    expect(['1.5', '-1.500000000', '12', '3.000000'].map(microsOf)).to.deep.equal([
      '1500000',
      '-1500000',
      '12000000',
      '3000000',
    ]);
    expect(['1.0000005', '', 'x', '123456789012.0', '1 1440'].map(microsOf)).to.deep.equal(
      Array(5).fill(undefined),
    );
  });
});
