import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../deploy/project.js';

/**
 * Sequences of ADT messages and where patients were, written down in text files beside this one:
 *
 *     # title
 *     A01 10:00 ED c=E        event, when it happened (EVN-6), ward (PV1-3)
 *     A02 12:00 B @12:20      recorded (EVN-2) at another time than it happened
 *     = ED 10:00-12:00, B 12:00-
 *
 * More words of a message: `v=` visit (V), `p=` patient (P), `c=` class (I), `adm=` PV1-44, `dis=` PV1-45, `from=` PV1-6, `old=` MRG-1,
 * `t=` type of admission, `with=visit/patient/ward` another patient in the same message. A time is of 2 March 2026, or `3/08:00` of another day; `-` in its place leaves EVN-6 empty, and as a ward PV1-3.
 * In what is expected a visit other than V stands before its wards: `W: ED 10:00-`. `= nothing` says that no one is in.
 */
export interface AdtCase {
  readonly title: string;
  readonly file: string;
  readonly messages: readonly string[];
  /** Visit → wards with minutes since the first midnight; without an end the patient is in. */
  readonly expected: ReadonlyMap<string, readonly Presence[]>;
}

export interface Presence {
  readonly ward: string;
  readonly from: number;
  readonly to: number | undefined;
}

const FOLDER = join(projectRoot, 'test/contracts/shapes/adt');

/** All cases. The ids of each are its own, so that all can be messages of one hospital. */
export function adtCases(): readonly AdtCase[] {
  const texts = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(FOLDER, file), 'utf8')
        .split(/^# /m)
        .filter((text) => text.trim() !== '')
        .map((text) => ({ file, text })),
    );
  return texts.map(({ file, text }, number) => {
    const [title = '', ...lines] = text.split('\n').map((line) => line.trim());
    return {
      title,
      file,
      messages: lines.filter((line) => /^A\d\d /.test(line)).map((line) => message(line, `${number}.`)),
      expected: new Map(
        lines
          .filter((line) => line.startsWith('='))
          .flatMap((line) => presences(line.slice(1).trim(), `${number}.`)),
      ),
    };
  });
}

function presences(text: string, prefix: string): [string, Presence[]][] {
  if (text === 'nothing') return [];
  const [, visit = 'V', list = ''] = /^(?:(\S+): )?(.*)$/.exec(text) ?? [];
  return [
    [
      prefix + visit,
      list.split(', ').map((each) => {
        const [, ward = '', from = '', to = ''] = /^(\S+) ([^-]+)-(.*)$/.exec(each) ?? [];
        return { ward, from: minuteOf(from), to: to === '' ? undefined : minuteOf(to) };
      }),
    ],
  ];
}

/** Minutes since the midnight before 2 March. */
function minuteOf(text: string): number {
  const [, day = '2', hour, minute] = /^(?:(\d+)\/)?(\d+):(\d+)$/.exec(text) ?? [];
  if (hour === undefined) throw new Error(`${text} is no time`);
  return (Number(day) - 2) * 1440 + Number(hour) * 60 + Number(minute);
}

/** As HL7 writes it. */
function timestamp(text: string | undefined): string {
  if (text === undefined || text === '-') return '';
  const minutes = minuteOf(text);
  return new Date(Date.UTC(2026, 2, 2) + minutes * 60_000).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

/** The text of a message in HL7 v2, of a line as above; ids begin with a prefix of their case. */
export function message(line: string, prefix: string): string {
  const [event = '', happened = '', ward = '-', ...words] = line.split(/\s+/);
  const named = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const recorded = words.find((word) => word.startsWith('@'))?.slice(1) ?? happened;
  const segment = (name: string, fields: Readonly<Record<number, string>>) => {
    const last = Math.max(0, ...Object.keys(fields).map(Number));
    return [name, ...Array.from({ length: last }, (_, i) => fields[i + 1] ?? '')].join('|');
  };
  const place = (name: string | undefined) =>
    name === undefined || name === '-' ? '' : `${name}^${name} BAY 1^${name}-01`;
  const visit = named('v') ?? 'V';
  const [otherVisit, otherPatient, otherWard] = named('with')?.split('/') ?? [];
  return [
    `MSH|^~\\&|EPR|HOSPITAL|||${timestamp(recorded)}||ADT^${event}^ADT_${event}|1|P|2.4`,
    segment('EVN', { 1: event, 2: timestamp(recorded), 6: timestamp(happened) }),
    segment('PID', { 3: `${prefix}${named('p') ?? 'P'}^^^MRN`, 7: '19500101', 8: 'F' }),
    ...(named('old') ? [`MRG|${prefix}${named('old')}^^^MRN`] : []),
    segment('PV1', {
      2: named('c') ?? 'I',
      3: place(ward),
      4: named('t') ?? '',
      6: place(named('from')),
      19: visit === '-' ? '' : `${prefix}${visit}`,
      44: timestamp(named('adm')),
      45: timestamp(named('dis')),
    }),
    ...(otherVisit
      ? [
          segment('PID', { 3: `${prefix}${otherPatient}^^^MRN` }),
          segment('PV1', { 2: 'I', 3: place(otherWard), 19: `${prefix}${otherVisit}` }),
        ]
      : []),
  ].join('\r');
}
