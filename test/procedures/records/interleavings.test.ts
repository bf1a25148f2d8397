import { expect } from 'chai';
import fc from 'fast-check';
import { drive } from '../../../deploy/clients/drive.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import { checkTables } from '../../../procedures/records/check.js';
import { forgetCounts, type TablesPlan } from '../../../procedures/records/counted.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { BY_DAY } from './records.js';

/** The long form: LOS_INTERLEAVINGS=1000. */
const RUNS = Number(process.env.LOS_INTERLEAVINGS ?? 12);
const HELD = 6;

/** What goes on at the same time: looks, a run that writes, an erasure. Each number takes the next step of one of them. */
const ACTORS = ['look', 'another look', 'run', 'erasure'] as const;
type Actor = (typeof ACTORS)[number];
/** Steps that each has, until it begins again. */
const STEPS: Readonly<Record<Actor, number>> = { look: 2, 'another look': 2, run: 2, erasure: 4 };

describe('looks at rows of records while runs write and erasures take away', () => {
  const { open } = hostedCloud('', 'applied');
  const sessions = {} as Record<Actor | 'test', OpenContext>;
  const test = (sql: string) => sessions.test.snowflake.execute(sql);
  let newest = 0;

  before(async () => {
    for (const name of [...ACTORS, 'test'] as const) sessions[name] = await open();
  });
  after(async () => {
    for (const session of Object.values(sessions)) await session.close();
  });

  const plan = (): TablesPlan => ({
    place: sessions.test.settings,
    dataset: 'health',
    zone: 'UTC',
    keepDays: 800,
    tables: [BY_DAY],
  });

  async function numberOfRows(): Promise<number> {
    const [row] = await sessions.test.snowflake.query('SELECT COUNT(*) AS N FROM LOS_PREDICTION_LOG');
    return Number(row!.N);
  }

  async function losses(): Promise<number> {
    const found = await drive(sessions.test, checkTables(plan()));
    return found.losses.reduce((sum, { lost }) => sum + lost, 0);
  }

  /** Writes rows of several days. @param at when their run began */
  const insertion = (count: number, at = 'CURRENT_TIMESTAMP()') => {
    newest += count;
    return `INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT)
SELECT 'health', TO_VARCHAR(${newest} - SEQ4()), 'health-v1', 'run', DATEADD(hour, -7 * MOD(SEQ4(), 5), ${at}) FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`;
  };

  /** A world of its own: who is at which step, what waits, and what looks have called lost. */
  class World {
    readonly #at: Record<Actor, number> = { look: 0, 'another look': 0, run: 0, erasure: 0 };
    readonly #goOn: Partial<Record<Actor, () => void>> = {};
    readonly #ends: Partial<Record<Actor, Promise<void>>> = {};
    readonly missed: number[] = [];
    #oldest = 0;
    #began = '';

    /** The next step of one; killed, it is over, and what it had not committed is undone. */
    async step(actor: Actor, isKilled: boolean): Promise<void> {
      const at = this.#at[actor];
      // Its last statement still waits for the erasure's end.
      if (at === 0 && this.#ends[actor] !== undefined && this.#at.erasure >= 2) return;
      this.#at[actor] = isKilled ? 0 : (at + 1) % STEPS[actor];
      if (isKilled) await this.#kill(actor, at);
      else if (actor === 'run') await this.#write(at);
      else if (actor === 'erasure') await this.#erase(at);
      else await this.#look(actor, at);
    }

    async #kill(actor: Actor, at: number): Promise<void> {
      if (actor === 'erasure' && at > 0) {
        await sessions.erasure.snowflake.execute('ROLLBACK');
        await this.#settle();
      }
      if (actor === 'run') return;
      // A look that was stopped between its two statements never remembers.
      delete this.#goOn[actor];
      delete this.#ends[actor];
    }

    /** Predictions are of the moment at which the run began. While an erasure has the log, the statement waits for its end. */
    async #write(at: number): Promise<void> {
      const { snowflake } = sessions.run;
      if (at === 0)
        this.#began = String((await snowflake.query('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT'))[0]!.AT);
      else {
        await this.#settleOne('run');
        this.#ends.run = snowflake
          .execute(insertion(3, `'${this.#began}'::TIMESTAMP_LTZ`))
          .then(() => undefined);
        if (this.#at.erasure < 2) await this.#settleOne('run');
      }
    }

    async #erase(at: number): Promise<void> {
      const oldest = this.#oldest + HELD;
      const sql = `DELETE FROM LOS_PREDICTION_LOG WHERE TO_NUMBER(CASE_ID) <= ${oldest}`;
      const counts = forgetCounts(sessions.test.settings, 'health', BY_DAY, sql);
      await sessions.erasure.snowflake.execute(['BEGIN', counts, sql, 'COMMIT'][at]!);
      if (at === 3) this.#oldest = oldest;
      if (at === 3) await this.#settle();
    }

    /** First what compares, then what remembers; while an erasure has the counts, that waits for its end. */
    async #look(actor: Actor, at: number): Promise<void> {
      if (at === 1) {
        this.#goOn[actor]?.();
        delete this.#goOn[actor];
        if (this.#at.erasure < 2) await this.#settle();
        return;
      }
      await this.#settleOne(actor);
      const { snowflake } = sessions[actor];
      await new Promise<void>((compared, failed) => {
        const slow = {
          query: snowflake.query.bind(snowflake),
          async execute(sql: string, binds: never) {
            await new Promise<void>((goOn) => {
              waiting(goOn);
              compared();
            });
            return await snowflake.execute(sql, binds);
          },
        } as Partial<Snowflake> as Snowflake;
        const waiting = (goOn: () => void) => {
          this.#goOn[actor] = goOn;
        };
        this.#ends[actor] = drive({ snowflake: slow }, checkTables(plan())).then((found) => {
          this.missed.push(found.losses.reduce((sum, { lost }) => sum + lost, 0));
          compared();
        });
        this.#ends[actor].catch(failed);
      });
    }

    async #settleOne(actor: Actor): Promise<void> {
      if (this.#goOn[actor] !== undefined) return;
      await this.#ends[actor];
      delete this.#ends[actor];
    }

    async #settle(): Promise<void> {
      for (const actor of ['look', 'another look', 'run'] as const) await this.#settleOne(actor);
    }

    /** All go on to their end. */
    async end(): Promise<void> {
      while (this.#at.erasure > 0) await this.step('erasure', false);
      for (const actor of ACTORS) while (this.#at[actor] > 0) await this.step(actor, false);
      await this.#settle();
    }
  }

  it('miss nothing of what goes on purpose, and everything that does not', async () => {
    const step = fc.record({
      actor: fc.constantFrom(...ACTORS),
      isKilled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        await test('DELETE FROM LOS_PREDICTION_LOG');
        await test('DELETE FROM LOS_TABLE_COUNTS');
        newest = 0;
        await test(insertion(60));
        const world = new World();
        for (const { actor, isKilled } of steps) await world.step(actor, isKilled);
        await world.end();
        expect(await losses()).to.equal(0);
        expect(world.missed.filter((lost) => lost > 0)).to.deep.equal([]);
        const before = await numberOfRows();
        await test(`DELETE FROM LOS_PREDICTION_LOG WHERE TO_NUMBER(CASE_ID) > ${newest - 5}`);
        const gone = before - (await numberOfRows());
        expect(gone).to.be.greaterThan(0);
        expect(await losses()).to.equal(gone);
        expect(await losses()).to.equal(gone);
      }),
      { numRuns: RUNS },
    );
  });
});
