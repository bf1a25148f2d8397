import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, USUAL } from '../../demo/simulate/hospital.js';
import type { HospitalTables } from '../../demo/simulate/hospital-tables.js';
import { trueErrors } from '../../demo/simulate/true-error.js';
import type { OpenContext } from '../../deploy/open.js';
import { random } from '../../procedures/ground/random.js';
import { driftOf, LAST_DAY } from './drift.js';
import { FIRST, type KnownHospital, knownHospital } from './known-hospital.js';

/** LOS_DRIFTS=200 for what the project promises; ten in CI. LOS_DRIFTS_FROM: the first seed. */
const DRIFTS = Number(process.env.LOS_DRIFTS ?? 10);
const FROM = Number(process.env.LOS_DRIFTS_FROM ?? 1);
/** So many have the same champion to begin with. */
const A_CHAMPION = 20;

/** A training and what became of it; errors are over that of who knows the truth, on the day of the training. */
interface Tried {
  readonly seed: number;
  readonly what: string;
  readonly recentDays: number | null;
  readonly promoted: boolean;
  readonly champion: number;
  readonly challenger: number | null;
  readonly message: string;
}

const all: Tried[] = [];

for (let first = FROM; first < FROM + DRIFTS; first += A_CHAMPION)
  describe(`drifts ${first} to ${Math.min(first + A_CHAMPION, FROM + DRIFTS) - 1}, and versions trained in them`, () => {
    const next = random(first);
    const history = 60 + Math.floor(next() * 90);
    const aDay = 30 + Math.floor(next() * 90);
    // After every drift: the gate for the newest admissions looks for them up to today.
    const clock = new MovableClock({ at: FIRST + (LAST_DAY + 1) * 86_400_000 });
    let known: KnownHospital;
    let ctx: OpenContext;
    let tables: HospitalTables;

    const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
    const answering = async () =>
      String((await query("SELECT VERSION FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'"))[0]!.VERSION);

    before(async () => {
      known = await knownHospital(
        `tasks: { resumed: false, challenger: health-v1 }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14, keepVersions: 1 }`,
        clock,
        new ChangingHospital(first, () => USUAL),
        { history, aDay },
      );
      ({ ctx, tables } = known);
      await train({ promote: true, force: true });
    });
    after(() => known.close());

    /** Trains as the watch would, until that is over. */
    async function train(options: object): Promise<{ version: string | null; message: string }> {
      await query('CALL BUILD_FEATURES()');
      await query(`CALL TRAIN_MODEL(PARSE_JSON('${JSON.stringify(options)}')::OBJECT)`);
      for (;;) {
        await query('CALL STEP_TRAINING()');
        clock.advance(60_000);
        const [run] = await query(
          'SELECT STATUS, VERSION, MESSAGE FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC LIMIT 1',
        );
        if (run!.STATUS !== 'OPEN')
          return {
            version: run!.STATUS === 'DONE' ? String(run!.VERSION) : null,
            message: String(run!.MESSAGE),
          };
      }
    }

    for (let seed = first; seed < Math.min(first + A_CHAMPION, FROM + DRIFTS); seed++) {
      const drift = driftOf(seed);
      it(`${seed}: ${drift.what}`, async () => {
        const hospital = new ChangingHospital(seed, drift.worldOf, 2_000_000);
        const last = drift.trainedOn;
        await tables.admit(
          Array.from({ length: last + 1 }, (_, day) => hospital.admissions(day, drift.aDay)).flat(),
        );
        await tables.discharge(last);
        // The loop trains on the last weeks where predictions got worse, otherwise on all.
        const recentDays = seed % 3 === 0 ? null : Math.max(42, Math.ceil(3000 / drift.aDay));
        const { version, message } = await train({
          promote: true,
          ...(recentDays !== null && { recentDays }),
        });
        const [champion, challenger = null] = await trueErrors(
          ctx,
          ['health-v1', ...(version === null ? [] : [version])],
          drift.worldOf(last),
        );
        const promoted = version !== null && (await answering()) === version;
        const tried: Tried = {
          seed,
          what: drift.what,
          recentDays,
          promoted,
          champion: champion!,
          challenger,
          message,
        };
        if (process.env.LOS_DRIFTS !== undefined) console.log(JSON.stringify(tried));
        if (promoted) await query("CALL PROMOTE_MODEL('health-v1')");
        await tables.forget(0);
        if (promoted) expect(challenger, message).to.be.at.most(champion! * 1.01);
        // A training that failed would be no version that the gates have kept back.
        else expect(message).to.contain('is not promoted: the gate');
        all.push(tried);
      });
    }
  });

describe('drifts in which versions were trained', () => {
  it('have one promoted now and then', () => {
    expect(all).to.have.length(DRIFTS);
    // One in seven is; the third of the seeds.
    if (FROM <= 3 && FROM + DRIFTS > 3) expect(all.some(({ promoted }) => promoted)).to.equal(true);
  });
});
