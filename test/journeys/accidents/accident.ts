import { expect } from 'chai';
import { hasTurn } from '../third.js';
import { type Done, followAdvice } from './advice.js';
import { HOUR, MINUTE, OnCall } from './on-call.js';
import { steady } from './steady.js';
import { differences, losses, readKnown } from './truth.js';

/**
 * What a person on call may expect of an accident:
 *
 * - `silent`: nothing is wrong; no mail, and everything stays true
 * - `told`: a mail within an hour names what happened
 * - `heals`: within an hour everything is true again by itself, or a mail has named what happened
 * - `outside`: nothing inside can run, so `los status` says it at once
 */
export type Expected = 'silent' | 'told' | 'heals' | 'outside';

/** Something that a person or a load does to a deployment or to the hospital's table. */
export interface Accident {
  readonly name: string;
  readonly breaks: (onCall: OnCall) => Promise<unknown>;
  readonly expected: Expected;
  /** What a mail, or `los status`, must name. */
  readonly names?: RegExp;
  /** What must hold while it is not mended; it throws. */
  readonly meanwhile?: (onCall: OnCall) => Promise<unknown>;
  /** What the advice asks of the hospital, which no statement of ours does: its table is loaded again, a column has its name back. */
  readonly hospital?: (onCall: OnCall) => Promise<unknown>;
  /** The change was wanted: the statement that accepts it is run. */
  readonly accepts?: boolean;
  /** Hours until a person who was told does anything. */
  readonly asleep?: number;
  /** Why it is not what it should be yet: it is listed among the tests, and not tried. */
  readonly notYet?: string;
  /** What nothing brings back: the rows that were in what was dropped for good. */
  readonly gone?: RegExp;
  /** Minutes until everything must be true again after the advice was followed; an hour unless said otherwise. */
  readonly minutes?: number;
}

/** What came of an accident, to be held against what was expected. */
export interface Outcome {
  readonly mails: readonly string[];
  /** Of `los status` right after it. */
  readonly atOnce: { readonly code: number; readonly text: string };
  /** What was not true after an hour, before anything was mended. */
  readonly wrong: readonly string[];
  readonly done: readonly Done[];
}

/** So many come while nothing is mended, and after. */
const COME = 3;

/** Lets an accident happen, and an hour pass. */
export async function happen(onCall: OnCall, { breaks, expected }: Accident): Promise<Omit<Outcome, 'done'>> {
  const { hospital } = onCall;
  // Of what came before nothing is told here.
  await onCall.newMails();
  await breaks(onCall);
  hospital.admit(onCall.day, COME);
  hospital.discharge(onCall.day);
  hospital.correct();
  await onCall.deliver();
  const atOnce = expected === 'outside' ? await onCall.los('los status') : { code: 0, text: '' };
  for (let quarter = 0; quarter < 4; quarter++) await onCall.pass(15 * MINUTE);
  // What the last look has found is mailed by a task of its own.
  await onCall.pass(MINUTE);
  const mails = (await onCall.newMails()).map(
    ({ subject, html, text }) => `${subject}\n${shownIn(html) || text}`,
  );
  const wrong = expected === 'silent' || expected === 'heals' ? await differences(onCall) : [];
  return { mails, atOnce, wrong };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

/** What a mail shows, and what is copied from it: where a word may be broken there is nothing. */
function shownIn(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>|<wbr\s*\/?>|&#8203;|\u200b/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&([a-z]+|#\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, ' ');
}

/** Follows what was advised, and lets the hospital go on. */
export async function mend(onCall: OnCall, accident: Accident, mails: readonly string[]): Promise<Done[]> {
  await accident.hospital?.(onCall);
  const done = await followAdvice(onCall, mails, { accepts: accident.accepts ?? false });
  await onCall.deliver();
  return done;
}

/**
 * An accident from its beginning to its end: told as expected, nothing that was known is lost, mended by what was advised, and all true
 * afterwards.
 */
export async function tryAccident(accident: Accident, seed: number): Promise<Outcome> {
  const onCall = await OnCall.copy(steady, seed);
  try {
    return await endAccident(onCall, accident);
  } finally {
    await onCall.close();
  }
}

/** The same in a deployment that goes on living. */
export async function endAccident(onCall: OnCall, accident: Accident): Promise<Outcome> {
  const known = await readKnown(onCall);
  const begun = await happen(onCall, accident);
  expectTold(accident, begun);
  await accident.meanwhile?.(onCall);
  if (accident.asleep !== undefined)
    await onCall.until(onCall.clock.now() + accident.asleep * HOUR, 15 * MINUTE);
  const done = accident.expected === 'silent' ? [] : await mend(onCall, accident, begun.mails);
  const outcome = { ...begun, done };
  const trace = describeOutcome(outcome);
  onCall.hospital.admit(onCall.day, COME);
  await onCall.deliver();
  const end = onCall.clock.now() + (accident.minutes ?? 62) * MINUTE;
  await onCall.until(end, accident.minutes === undefined ? 16 * MINUTE : HOUR);
  const lost = (await losses(onCall, known)).filter((one) => !accident.gone?.test(one));
  expect(lost, `lost\n${trace}`).to.deep.equal([]);
  expect(await differences(onCall), `not true\n${trace}`).to.deep.equal([]);
  const status = await onCall.los('los status');
  expect(status.code, `${status.text.split('\n').slice(0, 6).join('\n')}\n${trace}`).to.equal(0);
  const doctor = await onCall.los('los doctor');
  expect(doctor.code, `${doctor.text.slice(doctor.text.indexOf('First broken'))}\n${trace}`).to.equal(0);
  return outcome;
}

function expectTold({ expected, names = /$^/ }: Accident, { mails, atOnce, wrong }: Omit<Outcome, 'done'>) {
  const all = mails.join('\n\n');
  if (expected === 'silent') {
    expect(mails, 'mails of what is no trouble').to.deep.equal([]);
    expect(wrong).to.deep.equal([]);
  }
  const told = mails.map((mail) => mail.replace(/\s+/g, ' ').slice(0, 300)).join('\n  ') || 'none';
  if (expected === 'told' && !names.test(all))
    expect.fail(`No mail within an hour has ${String(names)}; mails:\n  ${told}`);
  if (expected === 'heals' && wrong.length > 0 && !names.test(all))
    expect.fail(
      `It has not healed within an hour (${wrong.join('; ')}), and no mail has ${String(names)}; mails:\n  ${told}`,
    );
  if (expected === 'outside') {
    expect(atOnce.code, `los status\n${atOnce.text}`).to.equal(1);
    expect(atOnce.text).to.match(names);
  }
}

/** For the message of a test that fails. */
export function describeOutcome({ mails, done }: Outcome): string {
  return [
    ...mails.map((mail) => `  mail: ${mail.replace(/\s+/g, ' ').slice(0, 900)}`),
    ...done.map(
      ({ action, failed }) => `  did: ${action}${failed === undefined ? '' : `\n    failed: ${failed}`}`,
    ),
  ].join('\n');
}

/** Each accident as a test of its own, a third of them in CI. */
export function testAccidents(accidents: readonly Accident[]): void {
  for (const [i, accident] of accidents.entries()) {
    const title = `${accident.name}: ${accident.expected}`;
    if (accident.notYet !== undefined) it(`${title}, but not yet: ${accident.notYet}`);
    else if (hasTurn(i))
      it(title, async () => {
        const outcome = await tryAccident(accident, 100 + i);
        if (process.env.LOS_ACCIDENTS_TOLD !== undefined) console.log(describeOutcome(outcome));
      });
  }
}
