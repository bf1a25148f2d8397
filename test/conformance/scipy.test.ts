import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import { longestGapHours } from '../../deploy/ground/schedule.js';
import { textsOf } from '../../deploy/objects/source.js';
import type { OpenContext } from '../../deploy/open.js';
import { sqlText } from '../../procedures/ground/plan.js';
import { random } from '../../procedures/ground/random.js';
import { watchPlan } from '../../procedures/watching/make-plan.js';
import { inputFindings, type LevelRow, type NumbersRow } from '../../procedures/watching/measures/inputs.js';
import { localCloud } from '../deploy/local-context.js';
import { pythonWith, runPython } from './python.js';

/** The statistics of WATCH_PREDICTIONS, from its SQL over rows to the p-value, beside SciPy’s on the same rows. */
describe('the statistics of watched inputs and SciPy', () => {
  const python = pythonWith('scipy');
  const next = random(16);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const many = <T>(n: number, make: () => T) => Array.from({ length: n }, make);
  const numbers = [
    [many(400, normal), many(3000, normal)],
    [many(400, () => normal() + 0.3), many(3000, normal)],
    // Ties, and no value in common at the ends.
    [many(900, () => Math.floor(3 * next())), many(2000, () => Math.floor(4 * next()))],
    [many(60, () => 1), many(60, () => 1 + Math.floor(2 * next()))],
  ];
  const level = (n: number, by: number) => `L${Math.floor(n * next() ** by)}`;
  const levels = [
    [many(500, () => level(4, 1)), many(5000, () => level(4, 1))],
    [many(500, () => level(4, 1.3)), many(5000, () => level(4, 1))],
    [many(5000, () => level(9, 1.02)), many(9000, () => level(9, 1))],
  ];
  const cloud = localCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext | undefined;

  before(async function () {
    if (!python) {
      console.log('skipped: Python has no SciPy (apt-get install python3-scipy, or set PYTHON)');
      this.skip();
    }
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx?.close();
    cloud.remove();
  });

  it('agree to 1e-6', async () => {
    const { snowflake, settings } = ctx!;
    const { contract } = forDataset(ctx!);
    const source = {
      contract,
      settings,
      texts: textsOf,
      longestGapHours,
      streams: [],
      tables: [],
      tasks: [],
      restore: String,
    };
    const plan = watchPlan(source, /./);
    const rows = (pairs: readonly (readonly (readonly (string | number)[])[])[], name: string) =>
      pairs.flatMap(([window, reference], i) => [
        ...window!.map((value) => [`${name}${i}`, value, 1]),
        ...reference!.map((value) => [`${name}${i}`, value, 0]),
      ]);
    for (const [table, type, made] of [
      ['N', 'FLOAT', rows(numbers, 'N')],
      ['L', 'VARCHAR', rows(levels, 'L')],
    ] as const) {
      await snowflake.execute(
        `CREATE TABLE ${table} (FEATURE VARCHAR, V ${type}, INSIDE NUMBER, LOS_PATIENT VARCHAR)`,
      );
      for (let at = 0; at < made.length; at += 1000)
        await snowflake.execute(
          `INSERT INTO ${table} SELECT $1, $2, $3, UUID_STRING() FROM VALUES ${made
            .slice(at, at + 1000)
            .map(([feature, value, inside]) => `('${feature}', '${value}'::${type}, ${inside})`)
            .join(', ')}`,
        );
      await snowflake.execute(
        `INSERT INTO LOS_FEATURE_REFERENCE SELECT 'v', FEATURE, ${table === 'N' ? 'NULL, V' : 'V, NULL'}, COUNT(*) FROM ${table} WHERE INSIDE = 0 GROUP BY FEATURE, V`,
      );
    }
    const small = { fewest: '10', small: "'(small groups, together)'" };
    const text = (name: 'numbers' | 'levels', values: string, count: number, letter: string) => {
      const shared = {
        values,
        reference: 'LOS_FEATURE_REFERENCE',
        version: `'v'`,
        names: Array.from({ length: count }, (_, i) => `'${letter}${i}'`).join(', '),
      };
      return name === 'levels'
        ? sqlText(plan, 'watching/levels', { ...shared, ...small })
        : sqlText(plan, 'watching/numbers', shared);
    };
    const found = inputFindings(
      await snowflake.query<NumbersRow>(
        text('numbers', 'SELECT FEATURE, V AS VALUE FROM N WHERE INSIDE = 1', numbers.length, 'N'),
      ),
      await snowflake.query<LevelRow>(
        text('levels', 'SELECT FEATURE, V AS LEVEL, LOS_PATIENT FROM L WHERE INSIDE = 1', levels.length, 'L'),
      ),
    ).filter(({ kind }) => kind !== 'missing');
    const theirs = await runPython<[number, number, number]>(python!, 'two_samples.py', { numbers, levels });
    expect(found).to.have.length(theirs.length);
    found.forEach((own, i) => {
      const [statistic, p, effect] = theirs[i]!;
      expect(own.statistic, own.feature).to.be.closeTo(statistic, 1e-6 * Math.max(1, statistic));
      expect(own.p, own.feature).to.be.closeTo(p, 1e-6);
      expect(own.kind === 'numeric' ? own.moved : own.shift, own.feature).to.be.closeTo(effect, 1e-6);
    });
  });
});
