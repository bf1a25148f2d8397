import fc from 'fast-check';
import { message, type Presence } from './messages.js';

/** What truly happened to a patient, and what people wrote down of it: mistakes taken back, late and repeated entries. */
export interface History {
  /** Hours of the emergency department before the admission; 0: none. */
  readonly emergency: number;
  /** Minutes in each ward, and whether the transfer into it was entered late. */
  readonly wards: readonly {
    readonly minutes: number;
    readonly late: boolean;
    readonly repeated: boolean;
    readonly updated: boolean;
  }[];
  readonly discharged: boolean;
  readonly mistakes: {
    readonly admission: boolean;
    /** Before which transfer one to another ward was entered and cancelled. */
    readonly transfer: number;
    readonly discharge: boolean;
  };
}

export const histories: fc.Arbitrary<History> = fc.record({
  emergency: fc.constantFrom(0, 0, 3),
  wards: fc.array(
    fc.record({
      minutes: fc.integer({ min: 60, max: 600 }),
      late: fc.boolean(),
      repeated: fc.boolean(),
      updated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  discharged: fc.boolean(),
  mistakes: fc.record({ admission: fc.boolean(), transfer: fc.nat(5), discharge: fc.boolean() }),
});

const clock = (minute: number) =>
  `${2 + Math.floor(minute / 1440)}/${Math.floor((minute % 1440) / 60)}:${String(minute % 60).padStart(2, '0')}`;

/** The messages in the order in which they were recorded, and where the patient was. */
export function write(history: History, prefix: string): { messages: string[]; expected: Presence[] } {
  const { emergency, wards, discharged, mistakes } = history;
  const lines: { line: string; recorded: number }[] = [];
  let written = 0;
  /** Recorded when it happened, or later; never before what was recorded already. */
  const enter = (text: string, happened: number, recorded = happened) => {
    written = Math.max(written + 1, recorded);
    lines.push({ line: `${text.replace('TIME', clock(happened))} @${clock(written)}`, recorded: written });
  };
  const begin = 300 + emergency * 60;
  if (emergency > 0) enter('A04 TIME ED c=E', 300);
  if (mistakes.admission && emergency === 0) {
    enter('A01 TIME WRONG', begin - 120);
    enter('A11 TIME WRONG', begin - 120, begin - 60);
  }
  enter(`${emergency > 0 ? 'A06' : 'A01'} TIME W0`, begin);
  const expected: Presence[] = [];
  const waiting: { text: string; happened: number }[] = [];
  let at = begin;
  wards.forEach(({ minutes, late, repeated, updated }, i) => {
    if (i > 0) {
      if (mistakes.transfer === i) {
        enter('A02 TIME WRONG', at - 30);
        enter(`A12 TIME W${i - 1}`, at - 30, at - 20);
      }
      // What is late is entered after the next one that is not.
      if (late) waiting.push({ text: `A02 TIME W${i}`, happened: at });
      else {
        enter(`A02 TIME W${i}`, at);
        if (repeated) enter(`A02 TIME W${i}`, at, at + 5);
        if (updated) enter(`A08 TIME W${i}`, at + 10);
        for (const { text, happened } of waiting.splice(0)) enter(text, happened, at + 15);
      }
    }
    expected.push({ ward: `W${i}`, from: at, to: at + minutes });
    at += minutes;
  });
  for (const { text, happened } of waiting) enter(text, happened, at);
  const last = wards.length - 1;
  if (mistakes.discharge) {
    enter(`A03 TIME W${last}`, at - 40, at + 1);
    enter(`A13 TIME W${last}`, at - 40, at + 2);
  }
  if (discharged) enter(`A03 TIME W${last}`, at, at + 5);
  return {
    messages: lines.map(({ line }) => message(line, prefix)),
    expected: discharged
      ? expected
      : [...expected.slice(0, -1), { ward: `W${last}`, from: expected[last]?.from ?? begin, to: undefined }],
  };
}
