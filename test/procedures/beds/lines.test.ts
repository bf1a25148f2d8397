import { expect } from 'chai';
import fc from 'fast-check';
import { linesOf, type Unit } from '../../../procedures/beds/lines.js';

/** Patients by ward and department. */
interface Cell {
  readonly ward: number;
  readonly department: number;
  readonly patients: number;
}

const cells = fc.uniqueArray(
  fc.record({
    ward: fc.nat(5),
    department: fc.nat(2),
    patients: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 60 })),
  }),
  { selector: ({ ward, department }) => `${ward} ${department}`, minLength: 1, maxLength: 8 },
);

const total = (of: readonly Cell[]) => of.reduce((sum, { patients }) => sum + patients, 0);

/** Lines of these wards and departments. */
function shown(of: readonly Cell[], levels: readonly ('ward' | 'department')[] = ['department', 'ward']) {
  const units: Unit[] = levels.flatMap((level) =>
    [...new Set(of.map((cell) => cell[level]))].map((unit) => ({
      LEVEL: level,
      UNIT: String(unit),
      TAKEN: total(of.filter((cell) => cell[level] === unit)),
    })),
  );
  const shared = of.map(({ ward, department, patients }) => ({
    WARD: String(ward),
    DEPARTMENT: String(department),
    N: patients,
  }));
  return linesOf([{ LEVEL: 'all', UNIT: '(all)', TAKEN: total(of) }, ...units], shared);
}

/** For each line that is shown, which cells it adds up. */
function sums(of: readonly Cell[], lines: ReturnType<typeof shown>): number[][] {
  const names = [
    ...new Set(lines.map(({ LEVEL, LINE }) => (LINE === null ? '' : `${LEVEL} ${LINE}`))),
  ].filter(Boolean);
  return names.map((name) => {
    const own = lines.filter(({ LEVEL, LINE }) => `${LEVEL} ${LINE}` === name);
    return of.map((cell) =>
      own.some(({ LEVEL, UNIT }) => LEVEL === 'all' || String(cell[LEVEL as 'ward' | 'department']) === UNIT)
        ? 1
        : 0,
    );
  });
}

/** How many of the vectors are independent. */
function rank(vectors: readonly (readonly number[])[]): number {
  const rows = vectors.map((vector) => [...vector]);
  let found = 0;
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const pivot = rows.findIndex((row, i) => i >= found && Math.abs(row[column]!) > 1e-9);
    if (pivot < 0) continue;
    [rows[found], rows[pivot]] = [rows[pivot]!, rows[found]!];
    const first = rows[found]!;
    for (const row of rows.slice(found + 1)) {
      const factor = row[column]! / first[column]!;
      for (let i = 0; i < row.length; i++) row[i]! -= factor * first[i]!;
    }
    found++;
  }
  return found;
}

/** The smallest number of patients whose sum follows from the lines by adding and subtracting them. */
function fewestFound(of: readonly Cell[], lines: ReturnType<typeof shown>): number {
  const known = sums(of, lines);
  const independent = rank(known);
  let fewest = Number.POSITIVE_INFINITY;
  for (let some = 1; some < 2 ** of.length; some++) {
    const vector = of.map((_, i) => (some >> i) & 1);
    const patients = total(of.filter((_, i) => vector[i] === 1));
    if (patients < fewest && rank([...known, vector]) === independent) fewest = patients;
  }
  return fewest;
}

describe('lines of the bed forecast that readers of figures see', () => {
  it('give no ward of fewer than ten away, by no sum and difference of wards, departments and the hospital', () => {
    fc.assert(
      fc.property(
        cells,
        fc.constantFrom(['department', 'ward'] as const, ['ward'] as const),
        (of, levels) => {
          expect(fewestFound(of, shown(of, levels))).to.be.at.least(10);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('would give one away if each level were looked at alone (finding 7)', () => {
    const of = [
      { ward: 0, department: 0, patients: 3 },
      { ward: 1, department: 0, patients: 25 },
      { ward: 2, department: 0, patients: 21 },
      { ward: 3, department: 1, patients: 19 },
    ];
    const alone = [...shown(of, ['department']), ...shown(of, ['ward'])];
    expect(fewestFound(of, alone)).to.equal(3);
    expect(
      shown(of).flatMap(({ LEVEL, UNIT, LINE }) => (LEVEL === 'ward' && UNIT !== LINE ? [UNIT] : [])),
    ).to.deep.equal(['0', '2']);
  });

  it('are as many as there are units where wards are parts of departments and each has ten patients', () => {
    const nested = fc
      .uniqueArray(fc.record({ ward: fc.nat(9), patients: fc.integer({ min: 10, max: 60 }) }), {
        selector: ({ ward }) => ward,
        minLength: 1,
      })
      .map((of) => of.map((cell) => ({ ...cell, department: cell.ward % 3 })));
    fc.assert(
      fc.property(nested, (of) => {
        expect(shown(of).filter(({ UNIT, LINE }) => UNIT !== LINE)).to.deep.equal([]);
      }),
    );
  });
});
