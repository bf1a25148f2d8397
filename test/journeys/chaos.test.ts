import { expect } from 'chai';
import { random } from '../../procedures/ground/random.js';
import { type Accident, describeOutcome, happen, mend } from './accidents/accident.js';
import { everyAccident } from './accidents/every.js';
import { HOUR, MINUTE, OnCall } from './accidents/on-call.js';
import { steady } from './accidents/steady.js';
import { differences, losses, readKnown } from './accidents/truth.js';

/** LOS_CHAOS_DAYS=365 for a year; by default what CI has time for. */
const DAYS = Number(process.env.LOS_CHAOS_DAYS ?? 15);
const SEED = Number(process.env.LOS_CHAOS_SEED ?? 1);
const A_DAY = 120;
/** Days from an accident to the next. */
const EVERY = 3;
const STEP = 3 * HOUR;

/** What was wanted is no accident: the hospital goes on with its patients. */
const ACCIDENTS = everyAccident.filter(({ accepts, notYet }) => !accepts && notYet === undefined);

describe(`${DAYS} days of ${A_DAY} admissions, with an accident on each third (LOS_CHAOS_SEED=${SEED})`, () => {
  let onCall: OnCall;
  const next = random(SEED);
  /** What happened, and what was done about it, for the message of a test that fails. */
  const diary: string[] = [];
  const wrong: string[] = [];

  before(async () => {
    onCall = await OnCall.copy(steady, SEED);
  });
  after(() => onCall.close());

  /** A day of the hospital: two deliveries, the second with discharges and what was mistaken. */
  async function live(accident: Accident | undefined): Promise<void> {
    const { hospital } = onCall;
    const midnight = onCall.clock.now() - (onCall.clock.now() % (24 * HOUR));
    hospital.admit(onCall.day, A_DAY / 2);
    await onCall.deliver();
    await onCall.pass(15 * MINUTE);
    if (accident) await suffer(accident);
    hospital.admit(onCall.day, A_DAY / 2);
    hospital.discharge(onCall.day);
    for (let i = 0; i < 3; i++) hospital.correct();
    hospital.cancel();
    await onCall.deliver();
    await onCall.until(midnight + 24 * HOUR + 9 * HOUR, STEP);
  }

  async function suffer(accident: Accident): Promise<void> {
    const known = await readKnown(onCall);
    const begun = await happen(onCall, accident);
    const done = await mend(onCall, accident, begun.mails);
    await onCall.pass(16 * MINUTE);
    await onCall.deliver();
    diary.push(
      `day ${onCall.day}: ${accident.name} (${begun.mails.length} mails)`,
      describeOutcome({ ...begun, mails: [], done }),
    );
    wrong.push(...(await losses(onCall, known)).map((one) => `day ${onCall.day}, ${accident.name}: ${one}`));
  }

  for (let day = 1; day <= DAYS; day += EVERY) {
    const accident = ACCIDENTS[Math.floor(next() * ACCIDENTS.length)]!;
    it(`goes through ${accident.name}, from day ${day} on`, async () => {
      await live(accident);
      for (let quiet = 1; quiet < EVERY && day + quiet <= DAYS; quiet++) await live(undefined);
      if (process.env.LOS_CHAOS_DAYS === undefined) return;
      console.log(
        [...diary.splice(0), ...(await differences(onCall)).map((one) => `  not yet true: ${one}`)].join(
          '\n',
        ),
      );
    });
  }

  it('ends with features, log and beds as a recomputation gives them, and nothing lost', async () => {
    const trace = diary.join('\n');
    expect(wrong, trace).to.deep.equal([]);
    expect(await differences(onCall), trace).to.deep.equal([]);
    expect((await onCall.los('los doctor')).code, trace).to.equal(0);
  });
});
